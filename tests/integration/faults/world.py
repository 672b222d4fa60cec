"""What every test of a fault asks afterwards: do status, the hosts and the ledger agree, and was nothing lost?"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pipeline import PipelineCase, service

@dataclass
class Load:
    """A client at 100 requests a second; what it saw once it is over."""

    process: subprocess.Popen
    stop_file: Path
    seen: dict = field(default_factory=dict)

    def finish(self) -> dict:
        self.stop_file.touch()
        self.seen = json.loads(self.process.communicate(timeout=60)[0])
        return self.seen


class FaultCase(PipelineCase):
    bake = "0s"

    def setUp(self) -> None:
        super().setUp()
        self.bake = "0s"
        self.probe = {"interval": "100ms", "timeout": "1s", "deadline": "5s", "success_threshold": 1}

    # Releases ---------------------------------------------------------------------------------------------------------

    def build(self, **build_args: str) -> str:
        """Another release; answers its version."""
        self.write(**build_args)
        return self.result(0, "build")["release"]

    # A deployctl that is killed ---------------------------------------------------------------------------------------

    def kill(self, words: list[str], reached: Callable[[dict], bool], after: float = 0.0) -> list[dict]:
        """Starts deployctl, and kills it without mercy `after` seconds from the event that `reached` knows. Answers the
        events until then; fails when the event never came."""
        process = subprocess.Popen(self.command(*words), cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        told: list[dict] = []
        assert process.stdout
        with process.stdout as stdout:
            for line in stdout:
                told.append(json.loads(line))
                if reached(told[-1]):
                    time.sleep(after)
                    process.kill()
                    process.wait()
                    return told
        self.fail(f"it ended with {process.wait()} before the moment to kill it: {told[-1:]}")

    @staticmethod
    def at(event: str, step: str = "") -> Callable[[dict], bool]:
        return lambda told: told.get("event") == event and (not step or told.get("step") == step)

    # What is there ----------------------------------------------------------------------------------------------------

    def engines(self, environment: str) -> list[str]:
        """The Engines behind an environment's hosts."""
        return [service("DOCKER_HOST")]

    def containers(self, environment: str) -> list[dict]:
        """Everything of an environment, as the Engines tell it."""
        found = []
        for engine in self.engines(environment):
            labels = [f"--filter=label=io.libdeploy.{key}={value}" for key, value in (("application", self.name), ("environment", environment))]
            ids = subprocess.run(["docker", "-H", engine, "ps", "-aq", *labels], capture_output=True, text=True, check=True).stdout.split()
            if ids:
                told = subprocess.run(["docker", "-H", engine, "inspect", *ids], capture_output=True, text=True, check=True).stdout
                found += [{**one, "Engine": engine} for one in json.loads(told)]
        return found

    def fingerprint(self, environment: str) -> list[tuple]:
        """Ids, names, states and starting times: what must not change where nothing is to be done."""
        return sorted((c["Id"], c["Name"], c["State"]["Status"], c["State"]["StartedAt"], c["HostConfig"]["RestartPolicy"]["Name"])
                      for c in self.containers(environment))

    def ledger_head(self) -> tuple[int, str]:
        with closing(sqlite3.connect(f"file:{self.folder}/.deploy/ledger.db?mode=ro", uri=True)) as ledger:
            return ledger.execute("SELECT seq, hash FROM entries ORDER BY seq DESC LIMIT 1").fetchone()

    def assert_agreement(self, environment: str, among: set[str]) -> str:
        """Status, containers, ledger and the service itself say the same; answers the version that is live."""
        status = self.result(0, "status", environment)
        self.assertIsNone(status["interrupted"])
        live = status["live"]
        self.assertIn(live["version"], among)
        containers = self.containers(environment)
        for engine in self.engines(environment):
            here = [c for c in containers if c["Engine"] == engine]
            running = [c for c in here if c["State"]["Running"]]
            self.assertEqual([f"/{self.name}-{environment}"], [c["Name"] for c in running], [(c["Name"], c["State"]["Status"]) for c in here])
            labels = running[0]["Config"]["Labels"]
            self.assertEqual((live["version"], live["digest"]), (labels["io.libdeploy.version"], labels["io.libdeploy.digest"]))
            self.assertEqual("unless-stopped", running[0]["HostConfig"]["RestartPolicy"]["Name"])
            for other in here:
                if other is not running[0]:
                    self.assertRegex(other["Name"], rf"^/{self.name}-{environment}\.(v|failed\.)")
                    self.assertEqual("no", other["HostConfig"]["RestartPolicy"]["Name"], other["Name"])
        return live["version"]

    def resume(self, *words: str) -> int:
        """A new process finds out what is. It says 0 when the plan was finished, 4 when the old version is back."""
        ended = subprocess.run(self.command("resume", *words), cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
        self.assertIn(ended.returncode, (0, 4), ended.stdout[-4000:] + ended.stderr)
        return ended.returncode

    def assert_settled(self, environment: str, among: set[str]) -> str:
        """Agreement; and another resume, a new process each time, changes nothing at all."""
        version = self.assert_agreement(environment, among)
        before = self.fingerprint(environment), self.ledger_head()
        self.lines(0, "resume")
        self.assertEqual(before, (self.fingerprint(environment), self.ledger_head()))
        return version

    # A client ---------------------------------------------------------------------------------------------------------

    @contextmanager
    def load(self, environment: str, prefix: tuple[str, ...] = (), rate: int = 100) -> Iterator[Load]:
        stop_file = self.folder / f"stop-{environment}-{time.monotonic_ns()}"
        url = f"http://127.0.0.1:{self.ports[environment]}/version"
        process = subprocess.Popen([*prefix, service("LOAD"), "--url", url, "--rate", str(rate), "--seconds", "600", "--until", str(stop_file)],
                                   stdout=subprocess.PIPE, text=True)
        load = Load(process, stop_file)
        try:
            yield load
            load.finish()
        finally:
            if process.poll() is None:
                process.kill()
                process.communicate()
