"""A short version of `tests/integration/faults/soak --kills 200`."""

from __future__ import annotations

import unittest

from faults.soaking import SoakCase


class Soak(SoakCase):
    def test_a_dozen_kills_at_random_moments_lose_nothing(self) -> None:
        tally = self.soak(kills=12, seed=1)
        self.assertEqual(12, tally.kills)


if __name__ == "__main__":
    unittest.main()
