"""SIGKILL at each step of a promotion, of a rollback and of the way back; a new process finds out what is and finishes it."""

from __future__ import annotations

import subprocess
import unittest

from faults.world import FaultCase

STEPS = ("preflight", "pull", "create", "retain", "adopt_name", "stop", "start", "probe")


class Kills(FaultCase):
    def setUp(self) -> None:
        super().setUp()
        self.bring_live()
        self.production = self.identity("live")
        self.addCleanup(lambda: self.result(0, "ledger", "verify"))

    def interrupted(self, words: list[str], event: str, step: str, after: float = 0.0) -> None:
        self.kill(words, self.at(event, step), after)
        status = self.result(0, "status", "qa")
        if status["interrupted"] is not None and event == "step_started":
            reached = status["interrupted"]["last_step"].split()[0]  # the step, or one after it: some end before the signal comes
            self.assertGreaterEqual(STEPS.index(reached), STEPS.index(step))
            self.assertIn("outcome unknown", status["interrupted"]["last_step"])
        self.assertEqual(0, self.resume())

    def test_at_each_step_of_a_promotion(self) -> None:
        versions = {"1.0.1", self.build()}
        live = "1.0.1"
        moments = [("step_started", step, 0.0) for step in STEPS] + [("step_started", "stop", 0.04), ("step_started", "start", 0.1),
                                                                     ("step_finished", "start", 0.0), ("step_finished", "probe", 0.0), ("verified", "", 0.0)]
        gaps = []
        with self.load("live") as production:
            for event, step, after in moments:
                with self.subTest(event=event, step=step, after=after), self.load("qa") as client:
                    other = (versions - {live}).pop()
                    self.interrupted(["promote", other, "--to", "qa", "--allow-downgrade"], event, step, after)
                    live = self.assert_settled("qa", versions)
                    self.assertEqual(other, live, "resume goes on where the plan was going")
                gaps.append(client.seen["longest_gap_ms"])
        self.assertEqual((0, self.production), (production.seen["failed"], self.identity("live")))
        self.assertLess(max(gaps), 15_000, gaps)

    def test_taken_back_on_request_at_each_step(self) -> None:
        new = self.build()
        old = self.identity("qa")[0]
        for event, step in (("step_started", "create"), ("step_started", "retain"), ("step_finished", "adopt_name"), ("step_finished", "stop"), ("step_finished", "start")):
            with self.subTest(event=event, step=step):
                self.kill(["promote", new, "--to", "qa"], self.at(event, step))
                self.assertEqual(0, self.resume("--undo"))
                self.assertEqual("1.0.1", self.assert_settled("qa", {"1.0.1"}))
                self.assertEqual(old, self.identity("qa")[0])

    def test_at_each_step_of_a_rollback(self) -> None:
        new = self.build()
        versions = {"1.0.1", new}
        for event, step in [("step_started", step) for step in STEPS] + [("step_finished", "stop")]:
            with self.subTest(event=event, step=step):
                if self.result(0, "status", "qa")["live"]["version"] != new:
                    self.result(0, "promote", new, "--to", "qa")
                self.interrupted(["rollback", "qa", "--no-quarantine"], event, step)
                self.assertEqual("1.0.1", self.assert_settled("qa", versions))

    def test_on_the_way_back_from_an_unhealthy_release(self) -> None:
        self.probe = {**self.probe, "timeout": "500ms", "deadline": "700ms"}
        bad = self.build(UNHEALTHY="1")
        digest = next(r["digest"] for r in self.result(0, "releases")["releases"] if r["version"] == bad)
        old = self.identity("qa")[0]
        with self.load("live") as production:
            for event, step in (("step_failed", "probe"), ("quarantined", ""), ("step_undone", "start"), ("step_undone", "stop"), ("step_undone", "adopt_name"),
                                ("step_undone", "retain"), ("step_undone", "create"), ("deployment_finished", "")):
                with self.subTest(event=event, step=step):
                    self.kill(["promote", bad, "--to", "qa"], self.at(event, step))
                    self.resume()
                    self.assertEqual("1.0.1", self.assert_settled("qa", {"1.0.1"}))
                    self.assertEqual(old, self.identity("qa")[0])
                    # Killed between the verdict and the quarantine the blame is not recorded: then there is nothing to lift.
                    subprocess.run(self.command("quarantine", "lift", digest, "--reason", "once more"), cwd=self.folder, capture_output=True, check=False)
        self.assertEqual((0, self.production), (production.seen["failed"], self.identity("live")))


if __name__ == "__main__":
    unittest.main()
