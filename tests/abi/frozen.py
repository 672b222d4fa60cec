"""Whether a program that was compiled with the frozen header would still be understood by a library built with another.

Asks the compiler: structs of the frozen header, under other names, are compared with today's member by member, constants by
value, functions by declaring them once more."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from header import Header, parse

# Warnings off but for what makes declarations contradict each other; those are errors in any case.
COMPILE = ["gcc", "-std=gnu11", "-fsyntax-only", "-fmax-errors=0", "-x", "c", "-"]


def complaints(frozen: str, today: str, folder: Path) -> list[str]:
    """A line for each break of the promise. `folder` is for scratch files."""
    (folder / "deploy.h").write_text(today, encoding="utf-8")
    before = parse(frozen)
    gone = _gone(before, parse(today))
    ended = subprocess.run([*COMPILE, f"-I{folder}"], input=_program(before), capture_output=True, text=True, check=False,
                           env={**os.environ, "LC_ALL": "C"})
    said = re.findall(r"error: (.*)", ended.stderr)
    return gone + (said or ([ended.stderr] if ended.returncode else []))


def _gone(before: Header, now: Header) -> list[str]:
    lists = [(before.functions, now.functions), (before.structs, now.structs), (before.enumerators, now.enumerators),
             (before.typedefs, now.typedefs), (before.constants, now.constants), (before.initialisers, now.initialisers)]
    return [f"{name} is gone" for old, new in lists for name in old if name not in new]


def _program(before: Header) -> str:
    lines = ['#include "deploy.h"']
    lines += [f"{prototype};" for prototype in before.functions.values()]
    lines += [f"{text};" for text in before.typedefs.values()]
    for name, value in [*before.enumerators.items(), *before.constants.items()]:
        lines.append(f'_Static_assert(({name}) == ({value}), "{name} was {value}");')
    for name, body in before.structs.items():
        lines += _compare_struct(name, body)
    return "\n".join(lines) + "\n"


def _compare_struct(name: str, body: str) -> list[str]:
    lines = [f"struct frozen_{name} {{ {body} }};",
             f'_Static_assert(sizeof({name}) >= sizeof(struct frozen_{name}), "{name} has shrunk");']
    for member in members(body):
        old, new = f"((struct frozen_{name} *)0)->{member}", f"(({name} *)0)->{member}"
        lines.append(f'_Static_assert(offsetof({name}, {member}) == offsetof(struct frozen_{name}, {member}), "{name}.{member} has moved");')
        lines.append(f'_Static_assert(__builtin_types_compatible_p(__typeof__(&{old}), __typeof__(&{new})), "{name}.{member} has another type");')
    return lines


def members(body: str) -> list[str]:
    names = [re.search(r"\(\*(\w+)\)\(.*\)$|(\w+)(?:\[\w+\])?$", item.strip()) for item in body.split(";") if item.strip()]
    return [match[1] or match[2] for match in names if match]
