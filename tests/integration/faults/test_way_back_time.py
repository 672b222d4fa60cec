"""An unhealthy release is found out and the old one serves again, probed, within the probe's own deadline plus two seconds."""

from __future__ import annotations

import json
import subprocess
import time
import unittest

from faults.world import FaultCase

DEADLINE = 3.0
ALLOWED = DEADLINE + 2.0


class WayBack(FaultCase):
    def setUp(self) -> None:
        super().setUp()
        self.probe = {"interval": "200ms", "timeout": "1s", "deadline": f"{DEADLINE:.0f}s"}
        self.build()
        self.result(0, "promote", "1.0.1", "--to", "qa")

    def timed(self, version: str) -> tuple[dict[str, float], dict]:
        """When each event came, counted from the switch to the candidate; and the result."""
        process = subprocess.Popen(self.command("promote", version, "--to", "qa"), cwd=self.folder, stdout=subprocess.PIPE, text=True)
        assert process.stdout
        came: dict[str, float] = {}
        told: dict = {}
        with process.stdout as stdout:
            for line in stdout:
                told = json.loads(line)
                came.setdefault(f"{told.get('event', told['type'])} {told.get('step', '')}".strip(), time.monotonic())
        self.assertEqual(4, process.wait())
        switch = came["step_finished start"]
        return {event: at - switch for event, at in came.items()}, told

    def assert_back_in_time(self, version: str) -> dict[str, float]:
        came, result = self.timed(version)
        self.assertEqual(("rolled_back", "1.0.1"), (result["outcome"], result["live"]["version"]))
        self.assertEqual("1.0.1", self.serves("qa"))
        self.assertLess(came["deployment_finished"], ALLOWED, came)
        return came

    def test_one_that_is_never_healthy(self) -> None:
        self.assert_back_in_time(self.build(UNHEALTHY="1"))

    def test_one_that_hangs(self) -> None:
        self.assert_back_in_time(self.build(HANG="1", IGNORE_TERM="1"))

    def test_one_that_crashes_again_and_again_is_found_out_at_once(self) -> None:
        came = self.assert_back_in_time(self.build(CRASH_AFTER_S="0"))
        self.assertLess(came["step_failed probe"], DEADLINE, "it was watched to the end of the deadline though its container had died")


if __name__ == "__main__":
    unittest.main()
