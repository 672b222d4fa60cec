"""Two runs and one environment: a holder that is stopped, killed or cancelled, and who goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
import unittest
from pathlib import Path

from pipeline import PipelineCase, docker, service

HOLDER = "tests/integration/lease_holder"
TTL_MS = 1500
FENCED = 75


class LeaseCase(PipelineCase):
    def setUp(self) -> None:
        super().setUp()
        self.hosts = {"qa": service("DOCKER_HOST"), "live": service("DOCKER_HOST")}
        self.more_of["qa"] = {"stop_timeout": "3s"}
        self.write(IGNORE_TERM="1")  # so that a stop takes its three seconds
        self.result(3, "run")
        self.write()
        self.result(0, "build")

    def hold(self, stop_at: str) -> subprocess.Popen[str]:
        process = subprocess.Popen([str(Path(service("BUILD")) / HOLDER), "deploy.json", "holder", str(TTL_MS), stop_at, "promote", "1.0.2", "qa"],
                                   cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        return process

    def until_event(self, process: subprocess.Popen[str], step: str) -> None:
        assert process.stdout
        for line in process.stdout:
            told = json.loads(line)
            if told.get("event") == "step_started" and told.get("step") == step:
                return
        self.fail(f"it ended before {step}: {process.stderr.read() if process.stderr else ''}")

    def until_stopped(self, process: subprocess.Popen[str]) -> None:
        """State T in /proc: every thread of it stands still."""
        self.wait_until(lambda: Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T", 10)

    def lease(self) -> dict:
        return self.result(0, "status", "qa")["lease"]

    def engine_log(self, since: float) -> list[str]:
        """What was done to this application's containers, by the Engine's own account."""
        said = docker("events", "--since", f"{since:.3f}", "--until", f"{time.time():.3f}", "--format", "{{.Action}} {{.Actor.Attributes.name}}",
                      "--filter", "type=container", "--filter", f"label=io.libdeploy.application={self.name}")
        return [line for line in said.splitlines() if not line.startswith(("exec_", "health_status"))]

    def containers(self) -> list[tuple]:
        found = json.loads(docker("inspect", *docker("ps", "-aq", "--filter", f"label=io.libdeploy.application={self.name}").split()))
        return sorted((each["Id"], each["Name"], each["State"]["Status"], each["State"]["StartedAt"], each["State"]["FinishedAt"], each["HostConfig"]["RestartPolicy"]["Name"])
                      for each in found)

    def assert_replaced(self, process: subprocess.Popen[str]) -> None:
        """The holder stands still. Nobody takes its lease before it expires; then `resume` does, and finishes. Woken up, the holder does nothing more."""
        self.until_stopped(process)
        lease = self.lease()
        self.assertEqual((lease["holder"], lease["process"]), ("holder", process.pid))
        if lease["condition"] == "held":
            ended = subprocess.run(self.command("resume", "qa"), cwd=self.folder, capture_output=True, text=True, timeout=60)
            self.assertIn(ended.returncode, (0, 6), ended.stdout)  # 0: on a slow machine it has expired meanwhile
        self.wait_until(lambda: (self.lease() or {"condition": "expired"})["condition"] == "expired", 20)
        self.lines(0, "resume", "qa")
        self.assertEqual(self.serves("qa"), "1.0.2")
        self.assertIsNone(self.lease())
        entries = self.result(0, "ledger", "verify")["entries"]
        before, woken = self.containers(), time.time()
        os.kill(process.pid, signal.SIGCONT)
        out, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, FENCED, out[-2000:] + err)
        self.assertIn("fenced: the lease on qa", err)
        self.assertEqual(self.engine_log(woken), [])
        self.assertEqual(self.containers(), before)
        self.assertEqual(self.result(0, "ledger", "verify")["entries"], entries, "it wrote something")
        self.assertEqual((self.serves("qa"), self.result(0, "verify", "qa")["drift"]), ("1.0.2", []))


class Stopped(LeaseCase):
    def test_between_an_intent_and_its_act_a_holder_that_was_replaced_does_not_act(self) -> None:
        self.assert_replaced(self.hold(stop_at="start"))

    def test_in_the_middle_of_an_act_a_holder_that_was_replaced_does_not_go_on(self) -> None:
        process = self.hold(stop_at="none")
        self.until_event(process, "stop")
        time.sleep(0.5)  # the Engine waits three seconds for a container that does not hear SIGTERM: in the midst of it
        os.kill(process.pid, signal.SIGSTOP)
        self.assert_replaced(process)

    def test_a_holder_that_slept_and_was_not_replaced_goes_on(self) -> None:
        process = self.hold(stop_at="start")
        self.until_stopped(process)
        self.wait_until(lambda: self.lease()["condition"] == "expired", 20)
        os.kill(process.pid, signal.SIGCONT)
        out, err = process.communicate(timeout=60)
        self.assertEqual((process.returncode, self.serves("qa")), (0, "1.0.2"), out[-2000:] + err)
        self.assertIsNone(self.lease())


class Ended(LeaseCase):
    def start(self) -> subprocess.Popen[str]:
        process = subprocess.Popen(self.command("promote", "1.0.2", "--to", "qa"), cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        self.until_event(process, "stop")
        return process

    def test_a_killed_job_is_taken_over_at_once_on_its_own_machine(self) -> None:
        process = self.start()
        self.assertEqual(self.lease()["condition"], "held")
        process.kill()
        process.communicate()
        self.assertEqual(self.lease()["condition"], "gone")
        text = subprocess.run([self.command()[0], "status", "qa"], cwd=self.folder, capture_output=True, text=True, timeout=60).stdout
        self.assertIn(f"its process is gone: it was bot, process {process.pid} on ", text)
        self.assertIn("deployctl resume qa", text)
        begun = time.monotonic()
        self.lines(0, "resume", "qa")
        self.assertLess(time.monotonic() - begun, 40, "it waited for the lease to expire")
        self.assertEqual((self.serves("qa"), self.lease()), ("1.0.2", None))

    def test_a_cancelled_job_frees_its_lease_itself(self) -> None:
        process = self.start()
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, out[-2000:] + err)
        self.assertEqual((self.serves("qa"), self.lease()), ("1.0.1", None))


if __name__ == "__main__":
    unittest.main()
