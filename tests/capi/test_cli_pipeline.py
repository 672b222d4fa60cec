"""deployctl takes releases through a real Engine and registry: what it prints, and how it ends."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from places import deployctl


def service(name: str) -> str:
    value = os.environ.get(f"LIBDEPLOY_TEST_{name}")
    if not value:
        raise RuntimeError(f"LIBDEPLOY_TEST_{name} is not set: start the services as tests/README.md says")
    return value


def free_port() -> int:
    """Not one of those that outgoing connections get: one of them could take it before it is used."""
    while True:
        try:
            with socket.create_server(("127.0.0.1", random.randrange(10_000, 32_000))) as listener:
                return listener.getsockname()[1]
        except OSError:
            continue


class Pipeline(unittest.TestCase):
    """One application with staging and an approved production, both on the one Engine, per test."""

    def setUp(self) -> None:
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        shutil.copytree(service("APP_CONTEXT"), self.folder / "app")
        self.name = f"cli-{os.getpid()}-{self.id().rpartition('.')[2][:20].strip('_')}"
        dockerfile = self.folder / "app" / "Dockerfile"  # no layer in common with other cases, which remove theirs at any time
        dockerfile.write_text(dockerfile.read_text().replace("\n", f"\nLABEL io.libdeploy.case={self.name}\n", 1))
        self.write()
        self.addCleanup(self.remove_containers)

    def write(self, **build_args: str) -> None:
        def environment(name: str, **more: object) -> dict:
            port = self.ports.setdefault(name, free_port())
            return {"name": name, "hosts": [service("DOCKER_HOST")], "probe": {"http": {"path": "/health", "port": port}, "deadline": "20s"},
                    "container": {"name": f"{self.name}-{name}", "ports": [f"127.0.0.1:{port}:8080"], "stop_timeout": "2s"},
                    "rollback": {"bake": "200ms"}, **more}

        approval = {"approvers": ["alice", "carol"], "required": 1}
        config = {"application": self.name, "engine": service("DOCKER_HOST"),
                  "image": {"repository": f"{service('REGISTRY')}/{self.name}", "context": "app", "build_args": build_args},
                  "environments": [environment("staging"), environment("production", after="staging", approval=approval)]}
        (self.folder / "deploy.json").write_text(json.dumps(config))

    @property
    def ports(self) -> dict[str, int]:
        return self.__dict__.setdefault("_ports", {})

    def remove_containers(self) -> None:
        docker = ["docker", "-H", service("DOCKER_HOST")]
        listed = subprocess.run([*docker, "ps", "-aq", "--filter", f"label=io.libdeploy.application={self.name}"], capture_output=True, text=True, check=True)
        if ids := listed.stdout.split():
            subprocess.run([*docker, "rm", "-f", *ids], capture_output=True, check=True)

    def command(self, *words: str) -> list[str]:
        return [deployctl(), "--as", "bob", *words]

    def run_cli(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(self.command(*words), cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300)

    def lines(self, exit_code: int, *words: str) -> list[dict]:
        """The JSON lines; the last one is the only result, and agrees with the exit code."""
        ended = self.run_cli("--json", *words)
        lines = [json.loads(line) for line in ended.stdout.splitlines()]
        self.assertEqual(ended.returncode, exit_code, ended.stdout + ended.stderr)
        self.assertEqual([line["type"] for line in lines].index("result"), len(lines) - 1)
        self.assertEqual(lines[-1]["exit"], exit_code)
        return lines

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Returns when the first step has begun."""
        process = subprocess.Popen(self.command("--json", *words), cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        assert process.stdout
        for line in process.stdout:
            if json.loads(line).get("event") == "probe_tried":
                return process
        self.fail(f"it ended before a probe was tried: {process.stderr.read() if process.stderr else ''}")

    def test_from_build_to_production_by_approval(self) -> None:
        lines = self.lines(3, "run")
        self.assertIn("event", {line["type"] for line in lines})
        deployments = [line for line in lines if line["type"] == "deployment"]
        self.assertEqual([(d["environment"], d["outcome"]) for d in deployments], [("staging", "succeeded"), ("production", "blocked")])
        result = lines[-1]
        self.assertEqual((result["command"], result["environment"], result["outcome"], result["live"]), ("run", "production", "blocked", None))
        self.assertEqual(result["next"], ["deployctl approve 1.0.1 --to production --as APPROVER"])
        for field in ("deployment", "release", "digest", "gap_ms", "duration_ms", "reasons", "evidence"):
            self.assertIn(field, result)

        self.assertEqual(self.lines(3, "plan", "--to", "production")[-1]["command"], "plan")
        self.lines(0, "approve", "1.0.1", "--to", "production", "--as", "alice")
        self.lines(10, "plan", "--to", "production")
        promoted = self.lines(0, "promote", "1.0.1", "--to", "production")[-1]
        self.assertEqual((promoted["outcome"], promoted["live"]["version"], promoted["digest"]), ("succeeded", "1.0.1", result["digest"]))
        self.lines(0, "plan", "1.0.1", "--to", "production")

    def test_a_broken_release_rolls_back_and_leaves_evidence(self) -> None:
        self.lines(3, "run")
        self.write(CRASH_AFTER_S="0", EXIT_CODE="7")
        result = self.lines(4, "run")[-1]
        self.assertEqual((result["release"], result["outcome"], result["live"]["version"]), ("1.0.2", "rolled_back", "1.0.1"))
        found = json.dumps(result["evidence"])
        self.assertIn("crashing as asked", found)
        if '"restart_count": 0' in found:  # else the Engine may have started it again before anybody looked, and tells of that start alone
            self.assertIn('"exit_code": 7', found)
        shown = self.run_cli("show", result["deployment"])
        self.assertIn("crashing as asked", shown.stdout)
        self.assertIn("1.0.1 is back and healthy", shown.stdout)
        status = self.lines(0, "status", "staging")[-1]
        self.assertEqual(status["live"]["version"], "1.0.1")
        self.assertEqual([d["outcome"] for d in self.lines(0, "history", "staging")[-1]["deployments"]], ["rolled_back", "succeeded"])

    def test_ctrl_c_undoes_what_was_begun(self) -> None:
        self.lines(3, "run")
        self.write(UNHEALTHY="1")
        process = self.start("run")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=120)
        result = json.loads(out.splitlines()[-1])
        self.assertEqual((process.returncode, result["type"], result["exit"]), (130, "result", 130), out + err)
        self.assertEqual(self.lines(0, "status", "staging")[-1]["live"]["version"], "1.0.1")

    def test_a_second_run_is_told_who_holds_the_environment(self) -> None:
        self.lines(3, "run")
        self.write(UNHEALTHY="1")
        process = self.start("run")
        lines = self.lines(6, "rollback", "staging")
        self.assertEqual([line["code"] for line in lines if line["type"] == "error"], ["lease_held"])
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=120)
        self.assertEqual(process.returncode, 130)

    def test_a_pipe_gets_calm_lines_without_escapes(self) -> None:
        ended = self.run_cli("run")
        self.assertEqual(ended.returncode, 3)
        self.assertNotIn("\x1b", ended.stdout + ended.stderr)
        self.assertIn("staging: 1.0.1 is live and verified", ended.stdout)
        self.assertIn("next: deployctl approve 1.0.1 --to production --as APPROVER", ended.stdout)
        quiet = self.run_cli("-q", "status")
        self.assertIn("staging", quiet.stdout)

    def test_a_terminal_is_redrawn_in_place(self) -> None:
        ended = subprocess.run(["script", "-qec", " ".join(self.command("--no-color", "run")), "/dev/null"], cwd=self.folder,
                               env={**os.environ, "TERM": "xterm"}, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300)
        self.assertIn("\x1b[1A\x1b[J", ended.stdout)
        self.assertNotIn("\x1b[3", ended.stdout)
        self.assertEqual(ended.returncode, 3)

    def test_logs_end_when_their_reader_does(self) -> None:
        self.lines(3, "run")
        begun = time.monotonic()
        words = " ".join(self.command("logs", "staging", "-f"))
        ended = subprocess.run(["bash", "-c", f"{words} | head -1"], cwd=self.folder, capture_output=True, text=True, timeout=60)
        self.assertIn("listening", ended.stdout)
        self.assertLess(time.monotonic() - begun, 50)
