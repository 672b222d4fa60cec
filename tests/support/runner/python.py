"""Runs the Python tests of a suite in a process of their own and reads what they recorded."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from build import ROOT
from command import run
from results import Case

LOADER = Path(__file__).with_name("python_cases.py")
WITHIN = {"faults": "integration"}  # a suite whose folder lies in another one's, from where its modules are imported


def folders(suite: str) -> tuple[Path, Path]:
    """Where modules are imported from, and where the cases are."""
    top = ROOT / "tests" / WITHIN.get(suite, suite)
    return top, top / suite if suite in WITHIN else top


def has_cases(suite: str) -> bool:
    return any(folders(suite)[1].glob("test_*.py"))


def run_folder(suite: str, env: dict[str, str], names: list[str], interpreter: Path = Path(sys.executable)) -> list[Case]:
    with tempfile.TemporaryDirectory() as scratch:
        record = Path(scratch) / "record"
        record.touch()
        ended = run([str(interpreter), "-B", str(LOADER), *map(str, folders(suite)), str(record), *names], ROOT, env)
        entries = [json.loads(line) for line in record.read_text().splitlines()]
    cases = [Case(e["ended"], not e["complaints"], "\n".join(e["complaints"])) for e in entries if "ended" in e]
    cases = [c if c.passed else Case(c.name, False, f"{c.text}\n{ended.output}".rstrip()) for c in cases]
    if entries and "started" in entries[-1]:
        cases.append(Case(entries[-1]["started"], False, f"the test process {ended.how()} in this case:\n{ended.output}"))
    elif ended.status != 0:
        cases.append(Case(f"{suite} as a whole", False, f"{ended.how()}:\n{ended.output}"))
    return cases
