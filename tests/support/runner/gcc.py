"""Shows every file to gcc: what people install is built by it, the rest is checked by the commands that clang got."""

from __future__ import annotations

import json
import os
import shlex
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from build import ROOT, build_release
from command import run
from results import Case


HEADERS = Path(__file__).with_name("common_headers.hpp")


def check(folder: Path, release: Path, at_once: int) -> list[Case]:
    built = build_release(release, at_once)
    return [built, _check_the_rest(folder, _files(release) if built.passed else {}, at_once)]


def _check_the_rest(folder: Path, built: dict[str, dict[str, str]], at_once: int) -> Case:
    rest = [entry for file, entry in _files(folder).items() if file not in built]
    _parse_once(folder, next(c for c in rest if c["file"].endswith(".cpp")))
    with ThreadPoolExecutor(at_once) as pool:
        complaints = [text for text in pool.map(lambda entry: _complaint(folder, entry), rest) if text]
    return Case(f"{len(rest)} files that are not installed compile with gcc", bool(rest) and not complaints, "\n".join(complaints) or "there were no files")


def _files(folder: Path) -> dict[str, dict[str, str]]:
    """Each of our files as this folder compiles it first."""
    found: dict[str, dict[str, str]] = {}
    for command in json.loads((folder / "compile_commands.json").read_text()):
        name = os.path.relpath(Path(command["directory"]) / command["file"], ROOT)
        if not name.startswith(("..", "subprojects", "build")):
            found.setdefault(name, command)
    return found


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
