"""The line between controller and host: slow, cut, reset, silent for ever; and sshd that is killed."""

from __future__ import annotations

import json
import subprocess
import threading
import time
import unittest
from collections.abc import Callable

from faults.machine_world import MachineCase


class Line(MachineCase):
    def setUp(self) -> None:
        super().setUp()
        self.build()
        self.result(0, "promote", "1.0.1", "--to", "qa")

    def promote(self, version: str, when: Callable[[dict], bool], fault: Callable[[], None], after: float = 0.0) -> tuple[int, list[dict], float]:
        """Exit code, all that was said, and the seconds from the fault to the end."""
        process = subprocess.Popen(self.command("promote", version, "--to", "qa", "--allow-downgrade"), cwd=self.folder, stdout=subprocess.PIPE, text=True)
        assert process.stdout
        told, struck = [], 0.0
        with process.stdout as stdout:
            for line in stdout:
                told.append(json.loads(line))
                if not struck and when(told[-1]):
                    threading.Event().wait(after)
                    fault()
                    struck = time.monotonic()
        self.assertGreater(struck, 0, "the moment never came")
        return process.wait(), told, time.monotonic() - struck

    def test_two_hundred_milliseconds_each_way_only_make_it_slower(self) -> None:
        self.probe = {**self.probe, "timeout": "3s", "deadline": "20s"}
        new = self.build()
        self.machine.line.delay = 0.2
        done = self.result(0, "promote", new, "--to", "qa")
        self.machine.line.mend()
        self.assertEqual("succeeded", done["outcome"])
        self.assertEqual(new, self.assert_settled("qa", {new}))

    def test_one_packet_in_thirty_is_lost_and_nothing_else(self) -> None:
        self.probe = {**self.probe, "timeout": "3s", "deadline": "20s"}
        new = self.build()
        self.machine.drop_packets(0.033)
        self.addCleanup(self.machine.keep_packets)
        self.result(0, "promote", new, "--to", "qa")
        self.result(0, "rollback", "qa")
        self.assertGreater(self.machine.packets_dropped(), 2)
        self.machine.keep_packets()
        self.assertEqual("1.0.1", self.assert_settled("qa", {"1.0.1"}))

    def test_a_line_that_is_reset_in_a_step_is_made_anew(self) -> None:
        versions = {"1.0.1", self.build()}
        live = "1.0.1"
        for step in ("pull", "create", "stop", "probe"):
            with self.subTest(step=step):
                other = (versions - {live}).pop()
                exit_code, told, _ = self.promote(other, self.at("step_started", step), self.machine.line.cut)
                self.assertEqual((0, "succeeded"), (exit_code, told[-1]["outcome"]), told[-1]["reasons"])
                live = self.assert_settled("qa", versions)

    def test_sessions_that_are_killed_in_a_step_are_made_anew(self) -> None:
        self.more_of["qa"] = {"stop_timeout": "1s"}
        stubborn = self.build(IGNORE_TERM="1")
        self.result(0, "promote", stubborn, "--to", "qa")
        new = self.build()
        kill = lambda: self.machine.kill_sshd(daemon=False)  # noqa: E731
        for step, target in (("stop", new), ("probe", stubborn), ("pull", new)):
            with self.subTest(step=step):  # the stop takes a second: the session dies in the middle of it
                exit_code, told, _ = self.promote(target, self.at("step_started", step), kill, after=0.2 if step == "stop" else 0.0)
                self.assertEqual((0, "succeeded"), (exit_code, told[-1]["outcome"]), told[-1]["reasons"])
                self.assertEqual(target, self.assert_settled("qa", {target}))

    def test_sshd_that_is_killed_and_soon_back_in_a_step(self) -> None:
        versions = {"1.0.1", self.build()}
        live = "1.0.1"
        for step in ("pull", "start", "probe"):
            with self.subTest(step=step):
                other = (versions - {live}).pop()
                exit_code, told, _ = self.promote(other, self.at("step_started", step), self.restart_sshd)
                self.assertEqual((0, "succeeded"), (exit_code, told[-1]["outcome"]), told[-1]["reasons"])
                live = self.assert_settled("qa", versions)

    def restart_sshd(self) -> None:
        self.machine.kill_sshd()
        threading.Event().wait(0.5)
        self.machine.start_sshd()

    def test_sshd_that_is_gone_within_the_switch_is_held_as_unknown(self) -> None:
        new = self.build()
        exit_code, told, _ = self.promote(new, self.at("step_started", "stop"), self.machine.kill_sshd)
        self.machine.start_sshd()
        self.assertEqual((5, "held"), (exit_code, told[-1]["outcome"]))
        self.assertIsNone(told[-1]["live"])
        self.result(0, "promote", new, "--to", "qa")
        self.assertEqual(new, self.assert_settled("qa", {new}))

    def test_before_the_beginning_it_is_an_error_that_nothing_was_changed(self) -> None:
        new = self.build()
        before = self.fingerprint("qa")
        self.machine.line.refuses = True
        error = self.error(1, "promote", new, "--to", "qa")
        self.machine.line.mend()
        self.assertEqual(("unreachable", self.machine.url), (error["code"], error["details"]["host"]))
        self.assertIn("Nothing was changed", error["message"])
        self.assertEqual(before, self.fingerprint("qa"))

    def test_a_peer_that_falls_silent_for_ever_is_noticed_by_our_own_timers(self) -> None:
        new = self.build()
        exit_code, told, seconds = self.promote(new, self.at("step_started", "start"), self.machine.line.stall)
        self.machine.line.cut()
        self.machine.line.mend()
        self.assertEqual((5, "held"), (exit_code, told[-1]["outcome"]))
        self.assertIn("no sign of life", " ".join(told[-1]["reasons"]))
        self.assertLess(seconds, 90)
        self.result(0, "promote", new, "--to", "qa")
        self.assertEqual(new, self.assert_settled("qa", {new}))


if __name__ == "__main__":
    unittest.main()
