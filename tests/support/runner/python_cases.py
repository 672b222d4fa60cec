"""Runs the test_*.py of one folder with unittest: FOLDER RECORD [NAME]. Writes a JSON line to RECORD as each case
starts and as it ends, so that the cases are known even if this process dies. One case may take five minutes."""

from __future__ import annotations

import faulthandler
import json
import sys
import unittest
from pathlib import Path

CASE_SECONDS = 300


class Recorder(unittest.TestResult):
    def __init__(self, record: Path) -> None:
        super().__init__()
        self._record = record.open("a", encoding="utf-8", buffering=1)
        self._complaints: list[str] = []

    def _write(self, **entry: object) -> None:
        self._record.write(json.dumps(entry) + "\n")

    def startTest(self, test: unittest.TestCase) -> None:
        super().startTest(test)
        self._complaints = []
        faulthandler.dump_traceback_later(CASE_SECONDS, exit=True)
        self._write(started=test.id())

    def stopTest(self, test: unittest.TestCase) -> None:
        super().stopTest(test)
        faulthandler.cancel_dump_traceback_later()
        self._write(ended=test.id(), complaints=self._complaints)

    def _complain(self, test: unittest.TestCase, text: str) -> None:
        self._complaints.append(text)
        if not isinstance(test, unittest.TestCase):  # a module's or a class's set-up: no case was started
            self._write(ended=test.id(), complaints=[text])

    def addError(self, test, err) -> None:
        super().addError(test, err)
        self._complain(test, self.errors[-1][1])

    def addFailure(self, test, err) -> None:
        super().addFailure(test, err)
        self._complain(test, self.failures[-1][1])

    def addSubTest(self, test, subtest, err) -> None:
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._complaints.append(f"{subtest}\n{self._exc_info_to_string(err, test)}")

    def addSkip(self, test, reason) -> None:
        super().addSkip(test, reason)
        self._complain(test, f"skipped ({reason}), which counts as a failure")

    def addUnexpectedSuccess(self, test) -> None:
        super().addUnexpectedSuccess(test)
        self._complain(test, "was expected to fail, and passed")


def main() -> None:
    folder, record, names = sys.argv[1], Path(sys.argv[2]), sys.argv[3:]
    loader = unittest.TestLoader()
    if names:
        loader.testNamePatterns = [f"*{name}*" for name in names]
    loader.discover(folder, top_level_dir=folder).run(Recorder(record))


if __name__ == "__main__":
    faulthandler.enable()
    main()
