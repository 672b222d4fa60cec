"""An unhealthy release is found out and the old one serves again, probed, within the probe's own deadline plus two seconds.

A busy machine may be slow once: the quickest of three tries counts."""

from __future__ import annotations

import json
import subprocess
import time
import unittest

from faults.world import FaultCase

DEADLINE = 3.0
MARGIN = 2.0


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

    def assert_back_in_time(self, **faults: str) -> dict[str, float]:
        took = []
        for _ in range(3):
            came, result = self.timed(self.build(**faults))
            self.assertEqual(("rolled_back", "1.0.1"), (result["outcome"], result["live"]["version"]))
            self.assertEqual("1.0.1", self.serves("qa"))
            took.append(came["deployment_finished"])
            if took[-1] < DEADLINE + MARGIN:
                return came
        self.fail(f"it took {took} seconds, and {DEADLINE + MARGIN} are promised")

    def test_one_that_is_never_healthy(self) -> None:
        self.assert_back_in_time(UNHEALTHY="1")

    def test_one_that_hangs(self) -> None:
        self.assert_back_in_time(HANG="1", IGNORE_TERM="1")

    def test_one_that_crashes_again_and_again_is_found_out_at_once(self) -> None:
        came = self.assert_back_in_time(CRASH_AFTER_S="0")
        self.assertLess(came["step_failed probe"], DEADLINE, "it was watched to the end of the deadline though its container had died")


if __name__ == "__main__":
    unittest.main()
