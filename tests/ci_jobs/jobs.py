"""Runs the scripts of a CI file as they stand, in the world that the CI system would give them."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import unittest
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import libdeploy
import yaml

SOURCE = Path(os.environ["LIBDEPLOY_TEST_SOURCE"])
GITHUB, GITLAB = SOURCE / "examples" / "github-actions", SOURCE / "examples" / "gitlab-ci"
SERVICES = {name: os.environ[f"LIBDEPLOY_TEST_{name}"] for name in ("DOCKER_HOST", "REGISTRY", "RUN", "TMP", "APP_CONTEXT")}
TOKEN = "t0ken-of-the-run"
KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nsecret-of-the-key\n-----END OPENSSH PRIVATE KEY-----"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Checkout(unittest.TestCase):
    """A checkout with a deploy.json for the real Engine, and what was printed by everything that ran in it."""

    runner: tempfile.TemporaryDirectory[str]

    @classmethod
    def setUpClass(cls) -> None:
        cls.runner = tempfile.TemporaryDirectory(dir=SERVICES["TMP"])
        cls.addClassCleanup(cls.runner.cleanup)

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(dir=SERVICES["TMP"])
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.ports = {"staging": free_port(), "production": free_port()}
        self.name = f"job-{SERVICES['RUN']}-{self.ports['staging']}"
        self.addCleanup(self.remove_containers)
        self.context = self.folder / "context"
        shutil.copytree(SERVICES["APP_CONTEXT"], self.context)
        self.checkout = self.folder / "checkout"
        self.checkout.mkdir()
        self.config: dict[str, Any] = {
            "application": self.name, "state": f"sqlite:{self.folder}/ledger.db", "engine": SERVICES["DOCKER_HOST"],
            "image": {"repository": f"{SERVICES['REGISTRY']}/{self.name}", "context": str(self.context), "version": "1.0.{build}", "build_args": {"VERSION": "{version}"}},
            "environments": [self.environment("staging"), {**self.environment("production"), "after": "staging", "approval": {"approvers": ["alice", "bob"]}}]}
        self.write_config()
        self.printed = ""

    def write_config(self) -> None:
        (self.checkout / "deploy.json").write_text(json.dumps(self.config))

    def environment(self, name: str) -> dict[str, Any]:
        port = self.ports[name]
        return {"name": name, "hosts": [SERVICES["DOCKER_HOST"]], "container": {"name": f"{self.name}-{name}", "ports": [f"127.0.0.1:{port}:8080"]},
                "probe": {"http": {"path": "/health", "port": port}, "interval": "100ms", "deadline": "5s"}, "rollback": {"bake": "300ms"}}

    def make_next_build_unhealthy(self) -> None:
        self.config["image"]["build_args"]["UNHEALTHY"] = "1"
        self.write_config()

    def docker(self, *words: str) -> str:
        return subprocess.run(["docker", "-H", SERVICES["DOCKER_HOST"], *words], capture_output=True, text=True, check=True).stdout

    def remove_containers(self) -> None:
        ids = self.docker("ps", "-aq", "--filter", f"name={self.name}").split()
        if ids:
            self.docker("rm", "-f", *ids)
        images = self.docker("images", "-q", f"{SERVICES['REGISTRY']}/{self.name}").split()
        if images:
            self.docker("rmi", "-f", *set(images))

    def live(self, environment: str) -> str:
        with libdeploy.Deployer(libdeploy.Config.load(self.checkout / "deploy.json"), actor="test") as deployer:
            live = deployer.status(environment).live
            return live.version if live else "nothing"

    def run_script(self, script: str, env: dict[str, str]) -> int:
        """As both systems run a step: bash that ends at the first failure."""
        base = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
        ended = subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script], cwd=self.checkout, env={**base, **env}, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True, check=False)
        self.printed += ended.stdout
        return ended.returncode

    def assert_no_secret_was_printed(self) -> None:
        for secret in (TOKEN, "secret-of-the-key"):
            self.assertNotIn(secret, self.printed)


class Reviews:
    """GitHub's API, as far as it tells who approved a run."""

    def __init__(self, answer: list[dict[str, Any]]) -> None:
        outer = self
        self.asked: list[tuple[str, str]] = []
        self.answer = answer

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append((self.path, self.headers["Authorization"]))
                body = json.dumps(outer.answer).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def review(person: str, state: str, environment: str = "production") -> dict[str, Any]:
    return {"state": state, "comment": "from the web page", "user": {"login": person}, "environments": [{"name": environment}]}


class Action:
    """action.yml, run step by step."""

    def __init__(self, checkout: Checkout, api: str = "http://127.0.0.1:1") -> None:
        self.checkout, self.api = checkout, api
        self.action = yaml.safe_load((GITHUB / "action.yml").read_text())
        self.outputs: dict[str, str] = {}
        self.summary = ""

    def run(self, env: dict[str, str], **given: str) -> int:
        inputs = {name: str(spec.get("default", "")) for name, spec in self.action["inputs"].items()} | given
        with tempfile.TemporaryDirectory(dir=self.checkout.folder) as scratch:
            files = {name: Path(scratch, name) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
            world = {**env, **{name: str(path) for name, path in files.items()}, "RUNNER_TEMP": self.checkout.runner.name, "GITHUB_ACTION_PATH": str(GITHUB),
                     "GITHUB_API_URL": self.api, "GITHUB_REPOSITORY": "acme/shop", "GITHUB_RUN_ID": "42"}
            status = 0
            for step in self.action["runs"]["steps"]:
                condition = step.get("if", "")
                if step["name"].startswith("Install") and Path(world["RUNNER_TEMP"], "libdeploy").exists():
                    continue  # once is enough
                wanted = condition == "always()" or (status == 0 and (condition == "" or self._fill("${{ " + condition + " }}", inputs) == "True"))
                if wanted:
                    ended = self.checkout.run_script(step["run"], {**world, **{name: self._fill(value, inputs) for name, value in step.get("env", {}).items()}})
                    status = status or ended
            if files["GITHUB_OUTPUT"].exists():
                self.outputs = dict(line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text().splitlines())
            if files["GITHUB_STEP_SUMMARY"].exists():
                self.summary = files["GITHUB_STEP_SUMMARY"].read_text()
        return status

    @staticmethod
    def _fill(text: str, inputs: dict[str, str]) -> str:
        def value(found: re.Match[str]) -> str:
            name, _, compared = found.group(1).partition(" == ")
            got = inputs[name.removeprefix("inputs.")]
            return str(got == compared.strip("'")) if compared else got

        return re.sub(r"\$\{\{ (.+?) \}\}", value, text)
