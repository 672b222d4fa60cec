"""Runs the compiled test programs and counts their cases."""

from __future__ import annotations

import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

from build import Program
from command import Ended, run
from results import Case


def run_program(program: Program, folder: Path, env: dict[str, str], filters: list[str]) -> list[Case]:
    """The cases of one program. `filters` are doctest's options; a program of another kind is one case."""
    env = {**env, **program.env}
    if not program.is_doctest:
        return [] if filters else [_single(program, run(program.argv, folder, env, program.seconds))]
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(scratch) / "report.xml"
        ended = run([*program.argv, "--reporters=xml", f"--out={report}", *filters], folder, env, program.seconds)
        cases, open_case = _read(report.read_bytes() if report.exists() else b"", bool(filters))
    if open_case is not None:
        cases.append(Case(open_case, False, f"{program.name} {ended.how()} in this case:\n{ended.output}"))
    elif ended.status != 0:
        failed = [case for case in cases if not case.passed]
        cases = [case for case in cases if case.passed]
        # Output belongs to the program, not to one case: it stands under the last that failed.
        last = failed.pop() if failed else Case(f"{program.name} as a whole", False, f"{program.name} {ended.how()}")
        cases += [*failed, Case(last.name, False, f"{last.text}\n{ended.output}")]
    return cases


def _single(program: Program, ended: Ended) -> Case:
    skipped = "it was skipped (status 77), which counts as a failure\n" if ended.status == 77 else ""
    return Case(program.name, ended.status == 0, f"{skipped}{ended.how()}:\n{ended.output}")


def _read(report: bytes, filtered: bool) -> tuple[list[Case], str | None]:
    """The cases that ended, and the name of the one that was running when the report breaks off."""
    cases: list[Case] = []
    running: ET.Element | None = None
    parser = ET.XMLPullParser(["start", "end"])
    try:
        parser.feed(report)
    except ET.ParseError:
        pass  # the program died while it wrote; what came before is good
    try:
        for event, element in parser.read_events():
            if element.tag != "TestCase":
                continue
            running = element if event == "start" else None
            if event == "end" and not (filtered and element.get("skipped")):
                cases.append(_case(element))
    except ET.ParseError:
        pass
    return cases, running.get("name") if running is not None else None


def _case(element: ET.Element) -> Case:
    name = element.get("name", "?")
    if element.get("skipped"):
        return Case(name, False, "skipped, which counts as a failure")
    overall = element.find("OverallResultsAsserts")
    passed = overall is not None and overall.get("test_case_success") == "true"
    return Case(name, passed, "" if passed else "\n".join(_complaints(element, [])) or "failed without a message")


def _complaints(element: ET.Element, path: list[str]) -> list[str]:
    lines = []
    for child in element:
        where = f"{child.get('filename')}:{child.get('line')}"
        if child.tag == "SubCase":
            lines += _complaints(child, [*path, child.get("name", "")])
        elif child.tag == "Expression" and child.get("success") == "false":
            parts = [f"  {part.tag.lower()}: {(part.text or '').strip()}" for part in child]
            lines += [f"{where}: {child.get('type')} {' / '.join(path)}", *parts]
        elif child.tag == "Message":
            lines += [f"{where}: {child.get('type')} {' / '.join(path)}: {(child.findtext('Text') or '').strip()}"]
        elif child.tag == "Exception":
            lines += [f"{' / '.join(path)} threw: {(child.text or '').strip()}"]
    return lines
