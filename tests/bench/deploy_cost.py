"""What one promotion costs beside the bare Engine API calls over the same kind of connection, in the same run.

    tests/support/services/services run -- python3 tests/bench/deploy_cost.py BUILD-FOLDER [ROUNDS]

Prints medians and ratios: wall time of `deployctl promote` of a pulled image over one SSH connection against connect,
create, stop, start and poll by hand; the reported gap against the bare stop-to-healthy time; peak memory; `--version`.
"""

from __future__ import annotations

import http.client
import json
import os
import resource
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "integration"))
import pipeline  # noqa: E402


class Tunnel(http.client.HTTPConnection):
    """HTTP over the standard streams of `ssh HOST docker system dial-stdio`."""

    def __init__(self) -> None:
        super().__init__("docker")

    def connect(self) -> None:
        import socket

        near, far = socket.socketpair()
        command = ["ssh", "-F", pipeline.service("SSH_CONFIG"), "-o", "BatchMode=yes", "one", "docker", "system", "dial-stdio"]
        self.child = subprocess.Popen(command, stdin=far, stdout=far)
        far.close()
        self.sock = near

    def call(self, method: str, path: str, body: dict | None = None) -> dict | None:
        self.request(method, path, json.dumps(body) if body is not None else None, {"Content-Type": "application/json"} if body is not None else {})
        answer = self.getresponse()
        text = answer.read()
        assert answer.status < 400, (method, path, answer.status, text)
        return json.loads(text) if text.strip().startswith(b"{") else None


def wait_healthy(port: int) -> None:
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=1).close()
            return
        except OSError:
            time.sleep(0.005)


class Bench(pipeline.PipelineCase):
    def runTest(self) -> None:  # noqa: N802 (unittest's name)
        self.bake = "0s"
        self.probe = {"success_threshold": 1}
        self.write()
        images = [self.result(0, "build")["image"] for _ in range(ROUNDS + 1)]
        self.result(0, "promote", "1.0.1", "--to", "qa")
        for image in images:
            docker_image = image
            pipeline.docker("pull", "-q", docker_image)
        raw, ours, raw_gap, our_gap = [], [], [], []
        for number in range(2, ROUNDS + 2):
            seconds, gap = self.by_hand(images[number - 2], images[number - 1])
            raw.append(seconds)
            raw_gap.append(gap)
            begun = time.monotonic()
            done = self.result(0, "promote", f"1.0.{number}", "--to", "qa")
            ours.append(time.monotonic() - begun)
            our_gap.append(done["gap_ms"] / 1000)
        report("promotion, wall", ours, raw)
        report("gap", our_gap, raw_gap)
        print(f"peak memory of the children of this run: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.1f} MiB")
        version = [timed([pipeline.program(), "--version"]) for _ in range(20)]
        print(f"--version: median {statistics.median(version) * 1000:.1f} ms, least {min(version) * 1000:.1f} ms; /bin/true: {statistics.median(timed(['/bin/true']) for _ in range(20)) * 1000:.1f} ms")

    def by_hand(self, old: str, new: str) -> tuple[float, float]:
        """The same acts on a container of our own: connect, create, stop the old, start the new, poll."""
        port = pipeline.free_port()
        spec = {"HostConfig": {"PortBindings": {"8080/tcp": [{"HostIp": "127.0.0.1", "HostPort": str(port)}]}, "RestartPolicy": {"Name": "unless-stopped"}},
                "ExposedPorts": {"8080/tcp": {}}, "Labels": {"io.libdeploy.application": self.name}}
        first = Tunnel()
        before = first.call("POST", "/containers/create", {**spec, "Image": old})["Id"]
        first.call("POST", f"/containers/{before}/start")
        wait_healthy(port)
        begun = time.monotonic()
        engine = Tunnel()
        engine.call("GET", "/_ping")
        after = engine.call("POST", "/containers/create", {**spec, "Image": new})["Id"]
        stopped = time.monotonic()
        engine.call("POST", f"/containers/{before}/stop?t=3")
        engine.call("POST", f"/containers/{after}/start")
        wait_healthy(port)
        ended = time.monotonic()
        for connection, identity in ((engine, before), (engine, after)):
            connection.call("DELETE", f"/containers/{identity}?force=1")
        for connection in (first, engine):
            connection.close()
            connection.child.terminate()
            connection.child.wait()
        return ended - begun, ended - stopped


def timed(command: list[str]) -> float:
    begun = time.monotonic()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.monotonic() - begun


def report(what: str, ours: list[float], raw: list[float]) -> None:
    ratio = statistics.median(a / b for a, b in zip(ours, raw))
    print(f"{what}: ours {statistics.median(ours) * 1000:.0f} ms, by hand {statistics.median(raw) * 1000:.0f} ms, ratio pair by pair {ratio:.2f}")


if __name__ == "__main__":
    os.environ["LIBDEPLOY_TEST_BUILD"] = os.path.abspath(sys.argv[1])
    ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    import unittest

    outcome = unittest.TextTestRunner(verbosity=0).run(Bench())
    sys.exit(not outcome.wasSuccessful())
