"""On a real Engine: a promotion, a release that fails, and Ctrl-C in the middle."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import unittest
import urllib.request
from pathlib import Path
from typing import Any

import libdeploy

SERVICES = {name: os.environ[f"LIBDEPLOY_TEST_{name}"] for name in ("DOCKER_HOST", "REGISTRY", "RUN", "TMP")}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Real(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(dir=SERVICES["TMP"])
        self.addCleanup(folder.cleanup)
        self.port, self.folder = free_port(), Path(folder.name)
        self.name = f"python-{SERVICES['RUN']}-{self.port}"
        self.config = self.write({"path": "/health", "port": self.port})
        self.addCleanup(self.remove_containers)

    def write(self, http: dict[str, Any], **probe: Any) -> Path:
        path = self.folder / "deploy.json"
        values = {"application": self.name, "state": f"sqlite:{self.folder}/ledger.db", "image": {"repository": f"{SERVICES['REGISTRY']}/testapp"},
                  "environments": [{"name": "stage", "hosts": [SERVICES["DOCKER_HOST"]], "container": {"name": self.name, "ports": [f"127.0.0.1:{self.port}:8080"]},
                                    "probe": {"http": http, "interval": "100ms", **probe}, "rollback": {"bake": "200ms"}}]}
        path.write_text(json.dumps(values))
        return path

    def docker(self, *words: str) -> str:
        return subprocess.run(["docker", "-H", SERVICES["DOCKER_HOST"], *words], capture_output=True, text=True, check=True).stdout

    def remove_containers(self) -> None:
        ids = self.docker("ps", "-aq", "--filter", f"name={self.name}").split()
        if ids:
            self.docker("rm", "-f", *ids)

    def add(self, deployer: libdeploy.Deployer, version: str) -> libdeploy.Release:
        return deployer.add_release(f"{SERVICES['REGISTRY']}/testapp:{version}", version)

    def answer(self) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=10) as answer:
            return str(answer.read().decode())

    def test_promote_roll_back_and_read_the_logs(self) -> None:
        with libdeploy.Deployer(libdeploy.Config.load(self.config), actor="ci") as deployer:
            self.assertTrue(deployer.promote(self.add(deployer, "1.0.1"), to="stage").succeeded)
            self.assertIn("1.0.1", self.answer())
            self.assertTrue(deployer.promote(self.add(deployer, "1.0.2"), to="stage").succeeded)
            self.assertEqual((), deployer.verify("stage").drift)
            self.assertNotIn("failure", {check.level for check in deployer.doctor()})
            back = deployer.rollback("stage")
            self.assertEqual(("1.0.1", libdeploy.Outcome.succeeded), (back.live and back.live.version, back.outcome))
            self.assertIn("1.0.1", self.answer())
            self.assertEqual([SERVICES["DOCKER_HOST"]], list(deployer.logs("stage", lines=5)))

    def test_ctrl_c_in_the_middle_puts_the_old_version_back(self) -> None:
        with libdeploy.Deployer(libdeploy.Config.load(self.config), actor="ci") as deployer:
            self.assertTrue(deployer.promote(self.add(deployer, "1.0.1"), to="stage").succeeded)
        self.write({"path": "/version", "port": self.port, "body": "1.0.1"}, deadline="50s")  # 1.0.2 is probed, and probed, and probed
        program = """
            import signal, sys, libdeploy
            signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever started the tests may have it ignored
            config = libdeploy.Config.load(sys.argv[1])
            def show(event):
                if event.kind == "probe_tried":
                    print("probing", flush=True)
            with libdeploy.Deployer(config, actor="ci", on_event=show) as deployer:
                release = deployer.add_release(sys.argv[2], "1.0.2")
                deployer.promote(release, to="stage")
        """
        process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(program), self.config, f"{SERVICES['REGISTRY']}/testapp:1.0.2"], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.kill)
        assert process.stdout is not None
        self.assertEqual("probing", process.stdout.readline().strip())
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=100)
        self.assertEqual(-signal.SIGINT, process.returncode, errors)
        self.assertTrue(re.search(r"^KeyboardInterrupt$", errors, re.MULTILINE), errors)
        self.write({"path": "/health", "port": self.port})
        with libdeploy.Deployer(libdeploy.Config.load(self.config), actor="ci") as deployer:
            self.assertEqual("cancelled", deployer.history("stage")[0].outcome)
            self.assertEqual((), deployer.resume())
            self.assertEqual("1.0.1", deployer.status("stage").live.version)
            self.assertLessEqual({drift.what for drift in deployer.verify("stage").drift}, {"configuration"})  # the probe is another one than then
        self.assertIn("1.0.1", self.answer())
        running = self.docker("ps", "--format", "{{.Names}}", "--filter", f"name={self.name}").split()
        self.assertEqual([self.name], running)


if __name__ == "__main__":
    unittest.main()
