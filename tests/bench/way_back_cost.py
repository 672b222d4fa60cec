"""How long the way back takes from the verdict on, beside the bare Engine calls over the same kind of connection, in the same run.

    tests/support/services/services run -- python3 tests/bench/way_back_cost.py BUILD-FOLDER [ROUNDS]

Pair by pair: from `step_failed` of the probe to the end of the deployment (evidence, quarantine, candidate stopped, names and policies as
before, old version started and probed, all recorded) against stopping one container, starting another and polling until it is healthy.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import time
import unittest
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "integration"))
import pipeline  # noqa: E402


class Tunnel(http.client.HTTPConnection):
    """HTTP over the standard streams of `ssh HOST docker system dial-stdio`."""

    def connect(self) -> None:
        near, far = socket.socketpair()
        self.child = subprocess.Popen(["ssh", "-F", pipeline.service("SSH_CONFIG"), "one", "docker", "system", "dial-stdio"], stdin=far, stdout=far)
        far.close()
        self.sock = near

    def post(self, path: str) -> None:
        self.request("POST", path)
        answer = self.getresponse()
        text = answer.read()
        assert answer.status < 400, (path, answer.status, text)


class Bench(pipeline.PipelineCase):
    def runTest(self) -> None:  # noqa: N802 (unittest's name)
        self.bake = "0s"
        self.probe = {"interval": "100ms", "timeout": "500ms", "deadline": "1s", "success_threshold": 1}
        self.write()
        good = self.result(0, "build")["image"]
        self.result(0, "promote", "1.0.1", "--to", "qa")
        ours, raw = [], []
        for number in range(2, ROUNDS + 2):
            self.write(UNHEALTHY="1")
            bad = self.result(0, "build")["image"]
            raw.append(self.by_hand(good, bad))
            ours.append(self.way_back(f"1.0.{number}"))
        ratio = statistics.median(a / b for a, b in zip(ours, raw))
        print(f"way back, from the verdict on: ours {statistics.median(ours) * 1000:.0f} ms, by hand {statistics.median(raw) * 1000:.0f} ms, ratio pair by pair {ratio:.2f}")

    def way_back(self, version: str) -> float:
        came: dict[str, float] = {}
        process = subprocess.Popen(self.command("promote", version, "--to", "qa"), cwd=self.folder, stdout=subprocess.PIPE, text=True)
        assert process.stdout
        with process.stdout as stdout:
            for line in stdout:
                told = json.loads(line)
                came[f"{told.get('event', told['type'])} {told.get('step', '')}".strip()] = time.monotonic()
        self.assertEqual(4, process.wait())
        return came["deployment_finished"] - came["step_failed probe"]

    def by_hand(self, good: str, bad: str) -> float:
        port = pipeline.free_port()
        options = ["--label", f"io.libdeploy.application={self.name}", "-p", f"127.0.0.1:{port}:8080", "--restart", "unless-stopped"]
        old = pipeline.docker("create", *options, good)
        candidate = pipeline.docker("run", "-d", *options, bad)
        engine = Tunnel("docker")
        engine.request("GET", "/_ping")
        engine.getresponse().read()
        begun = time.monotonic()
        engine.post(f"/containers/{candidate}/stop?t=0")
        engine.post(f"/containers/{old}/start")
        while not healthy(port):
            time.sleep(0.005)
        seconds = time.monotonic() - begun
        engine.close()
        engine.child.terminate()
        engine.child.wait()
        pipeline.docker("rm", "-f", old, candidate)
        return seconds


def healthy(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=1).close()
        return True
    except OSError:
        return False


if __name__ == "__main__":
    os.environ["LIBDEPLOY_TEST_BUILD"] = os.path.abspath(sys.argv[1])
    ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    sys.exit(not unittest.TextTestRunner(verbosity=0).run(Bench()).wasSuccessful())
