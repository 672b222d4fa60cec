"""Runs the test_*.py of one folder with unittest: TOP FOLDER RECORD [NAME]. Modules are imported from TOP; packages in FOLDER are
suites of their own. Writes a JSON line to RECORD as each case
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
    top, folder, record, names = *map(Path, sys.argv[1:4]), sys.argv[4:]
    loader = unittest.TestLoader()
    if names:
        loader.testNamePatterns = [f"*{name}*" for name in names]
    sys.path.insert(0, str(top))
    suite = unittest.TestSuite(loader.loadTestsFromName(name) for name in sorted(modules(top, folder)))
    suite.run(Recorder(record))


def modules(top: Path, folder: Path) -> list[str]:
    return [".".join(path.relative_to(top).with_suffix("").parts) for path in folder.glob("test_*.py")]


if __name__ == "__main__":
    faulthandler.enable()
    main()
