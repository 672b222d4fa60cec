"""Configures and compiles, and says which test programs there are."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from command import run
from results import Case

ROOT = Path(__file__).resolve().parents[3]

# Files of a target are compiled eight at a time: a third of the time, since headers and templates are most of it. What people install is
# built file by file, which finds the #include that is missing.
UNITY = ["-Dunity=on", "-Dunity_size=8"]

# Half the time of gcc's for code with sanitizers, and a tenth of ld's; the suite `gcc` shows every file to the other compiler.
CLANG = {"CC": "ccache clang", "CXX": "ccache clang++", "CC_LD": "lld", "CXX_LD": "lld"}
GCC = {"CC": "ccache gcc", "CXX": "ccache g++"}


@dataclass(frozen=True)
class Program:
    """One `test(...)` of a meson.build."""
    name: str
    suites: frozenset[str]
    argv: list[str]
    env: dict[str, str]
    seconds: float

    @property
    def is_doctest(self) -> bool:
        return b"[doctest] " in Path(self.argv[0]).read_bytes()


def build(folder: Path, sanitizers: str) -> Case:
    """What the tests run."""
    return _build(folder, ["-Dbuildtype=debug", f"-Db_sanitize={sanitizers}", "-Db_lundef=false", *UNITY], CLANG, 0)


def build_release(folder: Path, at_once: int) -> Case:
    """What people install: the README's build, by gcc. `meson install` puts it into a folder of its own."""
    return _build(folder, ["-Dbuildtype=release", "-Dtests=false", f"-Dprefix={folder / 'prefix'}"], GCC, at_once)


def _build(folder: Path, options: list[str], compilers: dict[str, str], at_once: int) -> Case:
    # The cache serves equal compilations of other clones as well.
    env = {**os.environ, "CCACHE_BASEDIR": str(ROOT), "CCACHE_NOHASHDIR": "1", **compilers}
    steps = [["ninja", "-C", str(folder), *([f"-j{at_once}"] if at_once else [])]]
    if not (folder / "build.ninja").exists():
        steps.insert(0, ["meson", "setup", str(folder), *options])
    for step in steps:
        ended = run(step, ROOT, env)
        if ended.status != 0:
            return Case(f"build in {folder.name}", False, f"{' '.join(step)} {ended.how()}:\n{ended.output}")
    return Case(f"build in {folder.name}", True)


def programs(folder: Path) -> list[Program]:
    tests = json.loads(run(["meson", "introspect", "--tests", str(folder)], ROOT).output)
    return [Program(t["name"], frozenset(s.rpartition(":")[2] for s in t["suite"]), t["cmd"], t["env"], t["timeout"] or 600)
            for t in tests]
