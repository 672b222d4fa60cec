"""The README's first command: a newcomer runs it, and it ends well."""

from __future__ import annotations

import os
import subprocess
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Quickstart(unittest.TestCase):
    def test_the_story_is_told_to_its_end_and_leaves_nothing_behind(self) -> None:
        program = Path(os.environ["LIBDEPLOY_TEST_BUILD"]) / "examples/deployctl/deployctl"
        environment = {**os.environ, "DOCKER_HOST": os.environ["LIBDEPLOY_TEST_DOCKER_HOST"]}
        command = [ROOT / "examples/quickstart/run", "--deployctl", program]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=400, check=False)
        said = done.stdout + done.stderr
        self.assertEqual(done.returncode, 0, said)
        self.assertIn("production: 1.0.1 is blocked", said)
        self.assertIn("alice approved 1.0.1 for production", said)
        self.assertIn("Production never noticed", said)
        self.assertIn("That was all of it", said)
        ours = ["docker", "ps", "-aq", "--filter", "name=^/shop-"]
        left = subprocess.run(ours, capture_output=True, text=True, env=environment, check=True)
        self.assertEqual(left.stdout, "")


if __name__ == "__main__":
    unittest.main()
