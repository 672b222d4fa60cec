"""The runner itself: what fails must be seen as failed, and be counted."""

from __future__ import annotations

import contextlib
import io
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support" / "runner"))
import command  # noqa: E402
import native  # noqa: E402
import python  # noqa: E402
from results import Case, Suite, close  # noqa: E402

REPORT = """<?xml version="1.0" encoding="UTF-8"?><doctest binary="unit"><TestSuite>
<TestCase name="two and two are four"><OverallResultsAsserts successes="1" failures="0" test_case_success="true"/></TestCase>
<TestCase name="a tag keeps its place"><SubCase name="with a digest">
<Expression success="false" type="CHECK" filename="tag_test.cpp" line="7"><Original>a == b</Original><Expanded>1 == 2</Expanded></Expression>
</SubCase><OverallResultsAsserts successes="0" failures="1" test_case_success="false"/></TestCase>
<TestCase name="not today" skipped="true"/>
"""


def doctest_cases(report: str, filtered: bool = False) -> tuple[list[Case], str | None]:
    return native._read(report.encode(), filtered)


class Doctest(unittest.TestCase):
    def test_a_failed_case_says_where_and_what(self) -> None:
        cases, _ = doctest_cases(REPORT + "</TestSuite></doctest>")
        self.assertEqual([True, False, False], [case.passed for case in cases])
        for part in ["tag_test.cpp:7", "with a digest", "1 == 2"]:
            self.assertIn(part, cases[1].text)

    def test_a_skipped_case_is_a_failure_unless_a_filter_left_it_out(self) -> None:
        self.assertIn("skipped", doctest_cases(REPORT + "</TestSuite></doctest>")[0][2].text)
        self.assertEqual(2, len(doctest_cases(REPORT + "</TestSuite></doctest>", filtered=True)[0]))

    def test_a_program_that_died_leaves_its_last_case_open(self) -> None:
        cases, died_in = doctest_cases(REPORT + '<TestCase name="the one that crashes"><Expression succ')
        self.assertEqual(3, len(cases))
        self.assertEqual("the one that crashes", died_in)

    def test_a_program_that_wrote_nothing_has_no_cases(self) -> None:
        self.assertEqual(([], None), doctest_cases(""))


class Python(unittest.TestCase):
    def cases_of(self, body: str) -> list[Case]:
        with tempfile.TemporaryDirectory(dir=ROOT / "tests") as folder:
            (Path(folder) / "test_it.py").write_text(f"import os, unittest\nclass T(unittest.TestCase):\n{body}\n")
            return python.run_folder(Path(folder).name, {"PATH": "/usr/bin:/bin"}, [])

    def test_cases_are_counted_one_by_one(self) -> None:
        cases = self.cases_of("  def test_a(self): pass\n  def test_b(self): self.fail('because')")
        self.assertEqual([True, False], [case.passed for case in cases])
        self.assertIn("because", cases[1].text)

    def test_a_skip_is_a_failure(self) -> None:
        self.assertFalse(self.cases_of("  @unittest.skip('later')\n  def test_a(self): pass")[0].passed)

    def test_a_process_that_dies_fails_the_case_it_was_in(self) -> None:
        cases = self.cases_of("  def test_a(self): pass\n  def test_b(self): os._exit(3)")
        self.assertEqual([True, False], [case.passed for case in cases])
        self.assertIn("status 3", cases[1].text)

    def test_a_file_that_cannot_be_read_is_a_failure(self) -> None:
        cases = self.cases_of("  this is no Python")
        self.assertEqual([False], [case.passed for case in cases])

    def test_a_failed_class_set_up_is_a_failure(self) -> None:
        cases = self.cases_of("  @classmethod\n  def setUpClass(cls): raise RuntimeError('no engine')\n  def test_a(self): pass")
        self.assertEqual([False], [case.passed for case in cases])
        self.assertIn("no engine", cases[0].text)


class Closing(unittest.TestCase):
    def status_and_line(self, *passed: bool) -> tuple[int, str]:
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            status = close([Suite("s", [Case("c", p) for p in passed])])
        return status, said.getvalue()

    def test_the_last_line_counts_and_the_status_agrees(self) -> None:
        self.assertEqual((0, "2 passed, 0 failed\n"), self.status_and_line(True, True))
        self.assertEqual((1, "1 passed, 1 failed\n"), self.status_and_line(True, False))

    def test_nothing_run_is_not_success(self) -> None:
        self.assertEqual((1, "0 passed, 0 failed\n"), self.status_and_line())


class Commands(unittest.TestCase):
    def test_a_deadline_ends_the_program_and_what_it_started(self) -> None:
        ended = command.run(["sh", "-c", "sleep 60 & sleep 60"], ROOT, seconds=0.2)
        self.assertIsNone(ended.status)
        self.assertIn("deadline", ended.how())


if __name__ == "__main__":
    unittest.main()
