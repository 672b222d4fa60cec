"""The same page over a real Engine: approve by clicking, and watch it reach production."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

import libdeploy
from browser import Page, Pipeline

SERVICES = {name: os.environ[f"LIBDEPLOY_TEST_{name}"] for name in ("DOCKER_HOST", "REGISTRY", "RUN", "TMP")}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Real(Page):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(dir=SERVICES["TMP"])
        self.addCleanup(folder.cleanup)
        self.ports = {"staging": free_port(), "production": free_port()}
        self.name = f"page-{SERVICES['RUN']}-{self.ports['staging']}"
        path = Path(folder.name, "deploy.json")
        path.write_text(json.dumps({"application": self.name, "state": f"sqlite:{folder.name}/ledger.db", "image": {"repository": f"{SERVICES['REGISTRY']}/testapp"},
                                    "environments": [self.environment("staging"), {**self.environment("production"), "after": "staging", "approval": {"approvers": ["alice"]}}]}))
        self.config = libdeploy.Config.load(path)
        self.addCleanup(self.remove_containers)

    def environment(self, name: str) -> dict[str, Any]:
        port = self.ports[name]
        return {"name": name, "hosts": [SERVICES["DOCKER_HOST"]], "container": {"name": f"{self.name}-{name}", "ports": [f"127.0.0.1:{port}:8080"]},
                "probe": {"http": {"path": "/health", "port": port}, "interval": "100ms"}, "rollback": {"bake": "300ms"}}

    def docker(self, *words: str) -> str:
        return subprocess.run(["docker", "-H", SERVICES["DOCKER_HOST"], *words], capture_output=True, text=True, check=True).stdout

    def remove_containers(self) -> None:
        ids = self.docker("ps", "-aq", "--filter", f"name={self.name}").split()
        if ids:
            self.docker("rm", "-f", *ids)

    def test_approve_and_watch_it_reach_production(self) -> None:
        with libdeploy.Deployer(self.config, actor="ci") as ci:
            release = ci.add_release(f"{SERVICES['REGISTRY']}/testapp:1.0.2", "1.0.2")
            self.assertTrue(ci.promote(release, to="staging").succeeded)
        self.serve(Pipeline.of_config(self.config))
        waiting = "#waiting-production-1\\.0\\.2"
        self.log_in("alice")
        self.click(f"{waiting} .yes")
        self.wait_for("approved", lambda: "Gates: 12 of 12 open" in self.text(waiting))
        self.log_in("ci")
        self.click(f"{waiting} .go")
        self.wait_for("it is in production", lambda: self.live("production") == "1.0.2")
        with urllib.request.urlopen(f"http://127.0.0.1:{self.ports['production']}/", timeout=10) as answer:
            self.assertIn("1.0.2", answer.read().decode())
