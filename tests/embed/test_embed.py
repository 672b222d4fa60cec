"""The examples do what they say, by the commands of their README, and their records are those of the header."""

from __future__ import annotations

import subprocess
import tempfile
import unittest
from pathlib import Path

import records
from languages import Ended, commands, run
from places import CONFIG, EXAMPLES, build

DELIVERED = "TODO"


class Records(unittest.TestCase):
    """Languages that cannot read the header write it down once more. An error there would read what is not meant."""

    def test_they_are_those_of_the_header(self) -> None:
        header = records.of_header()
        for file in records.READERS:
            found = records.of_example(file)
            self.assertGreaterEqual(len(found), 5, file)
            for name, members in found.items():
                for ours, theirs in zip(members, header[name], strict=False):
                    self.assertTrue(records.same(ours, theirs), f"{file}, {name}: {ours}, and the header says {theirs}")
                self.assertLessEqual(len(members), len(header[name]), f"{file}, {name} has more than the header")

    def test_a_wrong_one_is_noticed(self) -> None:
        (text,) = [path.read_text(encoding="utf-8") for path in [EXAMPLES / "python/deploy.py"]]
        swapped = records.READERS["python/deploy.py"](text.replace('("exit_code", c.c_int32), ("oom_killed"', '("oom_killed", c.c_int32), ("exit_code"'))
        header = records.of_header()["deploy_evidence"]
        self.assertFalse(all(records.same(*pair) for pair in zip(swapped["deploy_evidence"], header, strict=False)))


class Story(unittest.TestCase):
    pass


if __name__ == "__main__":
    unittest.main()
