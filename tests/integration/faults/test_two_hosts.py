"""Two hosts, each with an Engine and a network of its own: on every host or on none."""

from __future__ import annotations

import unittest

from faults.machine_world import MachineCase


class TwoHosts(MachineCase):
    names = ("left", "right")

    def test_killed_between_and_within_hosts_both_end_as_one(self) -> None:
        self.build()
        self.result(0, "promote", "1.0.1", "--to", "qa")
        versions = {"1.0.1", self.build()}
        live = "1.0.1"
        right = self.machines[1].url
        for event, step, host, undo in (("step_finished", "probe", self.machines[0].url, []), ("step_finished", "probe", self.machines[0].url, ["--undo"]),
                                        ("step_started", "create", right, []), ("step_started", "stop", right, ["--undo"]), ("step_started", "start", right, [])):
            with self.subTest(event=event, step=step, undo=undo):
                other = (versions - {live}).pop()
                self.kill(["promote", other, "--to", "qa", "--allow-downgrade"],
                          lambda told, e=event, s=step, h=host: (told.get("event"), told.get("step"), told.get("host")) == (e, s, h))
                self.assertEqual(0, self.resume(*undo))
                expected = live if undo else other
                self.assertEqual(expected, self.assert_settled("qa", versions))
                self.assertEqual([expected, expected], self.versions_served())
                live = expected

    def test_one_that_fails_on_the_second_host_is_taken_back_on_the_first(self) -> None:
        self.build()
        self.result(0, "promote", "1.0.1", "--to", "qa")
        new = self.build()
        self.machines[1].registry_line.refuses = True
        before = self.fingerprint("qa")
        failed = self.result(4, "promote", new, "--to", "qa")
        self.assertIn(self.machines[1].url, failed["reasons"][0])
        self.assertEqual(before, self.fingerprint("qa"))
        self.assertEqual("1.0.1", self.assert_settled("qa", {"1.0.1"}))


if __name__ == "__main__":
    unittest.main()
