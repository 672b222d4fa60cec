"""Checks every file once more with gcc, by the commands that clang got."""

from __future__ import annotations

import json
import os
import shlex
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from build import ROOT
from command import run
from results import Case


def check(folder: Path) -> Case:
    commands = json.loads((folder / "compile_commands.json").read_text())
    ours = [c for c in commands if not os.path.relpath(Path(c["directory"]) / c["file"], ROOT).startswith(("..", "subprojects", "build"))]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        complaints = [text for text in pool.map(_complaint, ours) if text]
    return Case(f"{len(ours)} files compile with gcc", bool(ours) and not complaints, "\n".join(complaints) or "there were no files")


def _complaint(entry: dict[str, str]) -> str:
    ended = run(_as_gcc(shlex.split(entry["command"])), Path(entry["directory"]))
    return "" if ended.status == 0 else f"{entry['file']}: {ended.how()}\n{ended.output}"


def _as_gcc(argv: list[str]) -> list[str]:
    flags, skip_next = [], False
    for argument in argv[1:]:
        if skip_next or argument in ("-o", "-MQ", "-MF"):
            skip_next = not skip_next
        elif argument not in ("-c", "-MD", "-fcolor-diagnostics", "ccache", "clang", "clang++") and not argument.startswith("-fsanitize"):
            flags.append(argument)
    compiler = "gcc" if argv[-1].endswith(".c") else "g++"
    return [compiler, "-fsyntax-only", *flags]
