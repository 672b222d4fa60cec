"""Shows every file to gcc: what people install is built by it, the rest is checked by the commands that clang got."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from build import ROOT, build_release
from command import run
from results import Case


HEADERS = Path(__file__).with_name("common_headers.hpp")
UNITY_FILE = re.compile(r"-unity\d+\.(cpp|c)$")


def check(folder: Path, release: Path, at_once: int) -> list[Case]:
    built = build_release(release, at_once)
    installed = {name for unit in _units(release) for name in unit.sources} if built.passed else set()
    return [built, _check_the_rest(folder, installed, at_once)]


@dataclass(frozen=True)
class Unit:
    """What one command compiles: a file of ours, or several that Meson put into one."""
    command: dict[str, str]
    sources: frozenset[str]


def _check_the_rest(folder: Path, installed: set[str], at_once: int) -> Case:
    rest = [unit for unit in _units(folder) if not unit.sources <= installed]
    _parse_once(folder, next(unit.command for unit in rest if unit.command["file"].endswith(".cpp")))
    with ThreadPoolExecutor(at_once) as pool:
        complaints = [text for text in pool.map(lambda unit: _complaint(folder, unit.command), rest) if text]
    files = {name for unit in rest for name in unit.sources} - installed
    return Case(f"{len(files)} files that are not installed compile with gcc", bool(files) and not complaints, "\n".join(complaints) or "there were no files")


def _units(folder: Path) -> list[Unit]:
    """How this folder compiles our files; each set of them once."""
    found: dict[frozenset[str], Unit] = {}
    for command in json.loads((folder / "compile_commands.json").read_text()):
        sources = frozenset(name for name in _sources(Path(command["directory"]) / command["file"]) if not name.startswith(("..", "subprojects", "build")))
        if sources:
            found.setdefault(sources, Unit(command, sources))
    return list(found.values())


def _sources(file: Path) -> list[str]:
    inside = re.findall(r'^#include\s*[<"](.+)[>"]$', file.read_text(), re.MULTILINE) if UNITY_FILE.search(file.name) else [str(file)]
    return [os.path.relpath(file.parent / name, ROOT) for name in inside]


def _parse_once(folder: Path, entry: dict[str, str]) -> None:
    """Halves the time. A file with other flags silently parses the headers itself."""
    shutil.copy(HEADERS, folder / HEADERS.name)
    flags = _flags(shlex.split(entry["command"]))[:-1]
    made = run(["g++", "-x", "c++-header", *flags, HEADERS.name, "-o", f"{HEADERS.name}.gch"], folder)
    assert made.status == 0, made.output


def _complaint(folder: Path, entry: dict[str, str]) -> str:
    flags = _flags(shlex.split(entry["command"]))
    command = ["gcc"] if entry["file"].endswith(".c") else ["g++", "-include", str(folder / HEADERS.name)]
    ended = run([*command, "-fsyntax-only", *flags], Path(entry["directory"]))
    return "" if ended.status == 0 else f"{entry['file']}: {ended.how()}\n{ended.output}"


def _flags(argv: list[str]) -> list[str]:
    """What clang was told, less what only clang knows and what makes code."""
    flags, skip_next = [], False
    for argument in argv[1:]:
        if skip_next or argument in ("-o", "-MQ", "-MF"):
            skip_next = not skip_next
        elif argument not in ("-c", "-MD", "-fPIC", "-fPIE", "-fcolor-diagnostics", "-Winvalid-pch", "ccache", "clang", "clang++") and not argument.startswith(("-fsanitize", "-fvisibility")):
            flags.append(argument)
    return flags
