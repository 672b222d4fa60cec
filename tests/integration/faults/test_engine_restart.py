"""dockerd is killed in each step of a promotion, and started again: soon, or much later.

Without live-restore the containers' processes outlive a killed dockerd, but not their published ports; the next dockerd stops
what it finds running, and does not start again what has the policy `unless-stopped`: it takes its own stop for a person's."""

from __future__ import annotations

import json
import subprocess
import threading
import unittest
from collections.abc import Callable

from faults.machine_world import MachineCase

STEPS = ("preflight", "pull", "create", "retain", "adopt_name", "stop", "start", "probe")


class EngineRestarts(MachineCase):
    def setUp(self) -> None:
        super().setUp()
        self.build()
        self.result(0, "promote", "1.0.1", "--to", "qa")

    def promote_killing_engine(self, version: str, event: str, step: str, back: bool,
                               then: Callable[[], None] = lambda: None) -> tuple[int, list[dict]]:
        """Exit code and all that was said. `back`: the Engine is started again at once."""
        process = subprocess.Popen(self.command("promote", version, "--to", "qa", "--allow-downgrade"), cwd=self.folder, stdout=subprocess.PIPE, text=True)
        assert process.stdout
        told = []
        with process.stdout as stdout:
            for line in stdout:
                told.append(json.loads(line))
                if self.at(event, step)(told[-1]):
                    self.machine.kill_engine()
                    if back:
                        threading.Event().wait(0.05)
                        self.machine.start_engine()
                    then()
        return process.wait(), told

    def test_back_at_once_it_goes_on_in_every_step(self) -> None:
        versions = {"1.0.1", self.build()}
        live = "1.0.1"
        for step in STEPS:
            with self.subTest(step=step):
                other = (versions - {live}).pop()
                exit_code, told = self.promote_killing_engine(other, "step_started", step, back=True)
                self.assertEqual((0, "succeeded"), (exit_code, told[-1]["outcome"]), told[-1]["reasons"])
                live = self.assert_settled("qa", versions)
                self.assertEqual([other], self.versions_served())
        self.result(0, "ledger", "verify")

    def test_killed_on_the_way_back_the_old_version_serves_again(self) -> None:
        self.probe = {**self.probe, "timeout": "500ms", "deadline": "700ms"}
        old = self.identity_there()
        for event, step in (("quarantined", ""), ("step_undone", "start")):
            with self.subTest(event=event, step=step):
                exit_code, told = self.promote_killing_engine(self.build(UNHEALTHY="1"), event, step, back=True)
                self.assertEqual((4, "rolled_back"), (exit_code, told[-1]["outcome"]), told[-1]["reasons"])
                self.assertEqual("1.0.1", self.assert_settled("qa", {"1.0.1"}))
                self.assertEqual((old, ["1.0.1"]), (self.identity_there(), self.versions_served()))

    def test_away_before_the_switch_the_old_version_is_still_there(self) -> None:
        new = self.build()
        old = self.identity_there()
        exit_code, told = self.promote_killing_engine(new, "step_started", "pull", back=False)
        self.assertEqual((5, "stranded"), (exit_code, told[-1]["outcome"]))
        self.assertEqual("1.0.1", told[-1]["live"]["version"], "it was not touched")
        reasons = " ".join(told[-1]["reasons"])
        self.assertIn(self.machine.url, reasons)
        self.assertIn("Start the Engine there", reasons)
        self.machine.start_engine()
        self.assertEqual(old, self.identity_there())
        self.assertEqual("stopped", self.result(5, "verify", "qa")["drift"][0]["what"])
        self.result(0, "promote", new, "--to", "qa")
        self.assertEqual(new, self.assert_settled("qa", {new}))

    def test_away_after_the_switch_the_release_is_not_blamed(self) -> None:
        """The container's process lives on, its published port died with the Engine: what the probe sees says nothing about the release."""
        self.probe = {**self.probe, "deadline": "1s"}
        new = self.build()
        exit_code, told = self.promote_killing_engine(new, "step_started", "probe", back=False)
        self.machine.start_engine()
        self.assertEqual((5, "held"), (exit_code, told[-1]["outcome"]), told[-1]["reasons"])
        self.assertIn("what became of the container is not known", told[-1]["reasons"][0])
        self.assertNotIn("quarantined", [line.get("event") for line in told])
        self.result(0, "promote", new, "--to", "qa")
        self.assertEqual(new, self.assert_settled("qa", {new}))

    def test_back_after_the_probes_deadline_the_release_gets_its_time_anew(self) -> None:
        self.probe = {**self.probe, "deadline": "1s"}
        new = self.build()
        back = threading.Timer(3, self.machine.start_engine)
        self.addCleanup(back.join)
        exit_code, told = self.promote_killing_engine(new, "step_started", "probe", back=False, then=back.start)
        self.assertEqual((0, "succeeded"), (exit_code, told[-1]["outcome"]), told[-1]["reasons"])
        self.assertEqual(new, self.assert_settled("qa", {new}))

    def identity_there(self) -> str:
        return next(c["Id"] for c in self.containers("qa") if c["Name"] == f"/{self.name}-qa")


if __name__ == "__main__":
    unittest.main()
