"""What one promotion costs beside the bare Engine API calls over the same kind of connection, in the same run.

    ninja -C BUILD-FOLDER tests/bench/bare_calls
    tests/support/services/services run -- python3 tests/bench/deploy_cost.py BUILD-FOLDER [ROUNDS]

Prints medians and ratios: wall time of `deployctl promote` of a pulled image over one SSH connection against a program
that connects (by libssh2 too), creates, stops, starts and polls; the reported gap against the bare stop-to-healthy time; peak memory; `--version`.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "integration"))
import pipeline  # noqa: E402


class Bench(pipeline.PipelineCase):
    def runTest(self) -> None:  # noqa: N802 (unittest's name)
        self.bake = "0s"
        self.probe = {"success_threshold": 1}
        self.more = {"git": None}  # pushing a tag is no Engine call; what asks the registry stays
        self.write()
        images = [self.result(0, "build")["image"] for _ in range(ROUNDS + 1)]
        self.result(0, "promote", "1.0.1", "--to", "qa")
        for image in images:
            docker_image = image
            pipeline.docker("pull", "-q", docker_image)
        raw, ours, raw_gap, our_gap, peaks = [], [], [], [], []
        for number in range(2, ROUNDS + 2):
            seconds, gap = self.by_hand(images[number - 2], images[number - 1])
            raw.append(seconds)
            raw_gap.append(gap)
            seconds, gap, memory = self.promoted(f"1.0.{number}")
            ours.append(seconds)
            our_gap.append(gap)
            peaks.append(memory)
        report("promotion, wall", ours, raw)
        report("gap", our_gap, raw_gap)
        print(f"peak memory of a promotion: median {statistics.median(peaks) / 1000:.1f} MB, most {max(peaks) / 1000:.1f} MB")
        version = [timed([pipeline.program(), "--version"]) for _ in range(20)]
        print(f"--version: median {statistics.median(version) * 1000:.1f} ms, least {min(version) * 1000:.1f} ms; /bin/true: {statistics.median(timed(['/bin/true']) for _ in range(20)) * 1000:.1f} ms")

    def promoted(self, version: str) -> tuple[float, float, int]:
        """Seconds, seconds of the gap, and the process's own high-water mark in kB."""
        begun = time.monotonic()
        process = subprocess.Popen(self.command("promote", version, "--to", "qa"), cwd=self.folder, stdout=subprocess.PIPE, text=True)
        assert process.stdout
        memory, told = 0, {}
        with process.stdout as lines:
            for line in lines:  # its mark only rises: the last line comes just before its end
                told = json.loads(line)
                status = Path(f"/proc/{process.pid}/status").read_text()
                memory = max([memory] + [int(each.split()[1]) for each in status.splitlines() if each.startswith("VmHWM")])
        self.assertEqual(process.wait(), 0)
        return time.monotonic() - begun, told["gap_ms"] / 1000, memory * 1024 // 1000

    def by_hand(self, old: str, new: str) -> tuple[float, float]:
        """The same acts on a container of our own: connect, create, stop the old, start the new, poll."""
        port = str(pipeline.free_port())
        before = pipeline.docker("run", "-d", "--label", f"io.libdeploy.application={self.name}", "-p", f"127.0.0.1:{port}:8080", "--restart", "unless-stopped", old)
        spec = {"Image": new, "ExposedPorts": {"8080/tcp": {}}, "Labels": {"io.libdeploy.application": self.name},
                "HostConfig": {"PortBindings": {"8080/tcp": [{"HostIp": "127.0.0.1", "HostPort": port}]}, "RestartPolicy": {"Name": "unless-stopped"}}}
        command = [BUILD / "tests/bench/bare_calls", pipeline.service("SSH_URL"), pipeline.service("SSH_KEY_ED25519"), pipeline.service("KNOWN_HOSTS"), port, before, json.dumps(spec)]
        wait_healthy(port)
        begun = time.monotonic()
        done = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
        seconds = time.monotonic() - begun
        pipeline.docker("rm", "-f", before, done["container"])
        return seconds, done["gap_ms"] / 1000


def wait_healthy(port: str) -> None:
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=1).close()
            return
        except OSError:
            time.sleep(0.005)


def timed(command: list[str]) -> float:
    begun = time.monotonic()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.monotonic() - begun


def report(what: str, ours: list[float], raw: list[float]) -> None:
    ratio = statistics.median(a / b for a, b in zip(ours, raw))
    print(f"{what}: ours {statistics.median(ours) * 1000:.0f} ms, by hand {statistics.median(raw) * 1000:.0f} ms, ratio pair by pair {ratio:.2f}")


if __name__ == "__main__":
    BUILD = Path(sys.argv[1]).absolute()
    os.environ["LIBDEPLOY_TEST_BUILD"] = str(BUILD)
    ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    import unittest

    outcome = unittest.TextTestRunner(verbosity=0).run(Bench())
    sys.exit(not outcome.wasSuccessful())
