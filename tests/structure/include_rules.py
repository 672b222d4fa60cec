"""Who may include whom. The layers are drawn in lib/README.md; this is the drawing as data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SOURCES = {".hpp", ".cpp", ".h", ".c", ".cc"}
FOLDERS = ["include", "lib", "capi", "bindings", "examples"]
SEARCH = ["include", "lib", "capi", "."]

# area -> the areas that it may include besides its own
MAY_INCLUDE: dict[str, set[str]] = {
    "public": set(),
    "ports": {"public"},
    "facade": {"public", "ports"},
    "model": {"public"},
    "support": {"public", "ports"},
    "config": {"public", "facade", "model", "support"},
    "ledger": {"public", "ports", "model", "support"},
    "sshsig": {"public", "support"},
    "promotion": {"public", "ports", "facade", "model", "ledger", "support", "sshsig"},
    "http": {"public", "model", "support"},
    "ssh": {"public", "ports", "model", "support"},
    "docker": {"public", "ports", "model", "support", "http"},
    "registry": {"public", "ports", "model", "support", "http"},
    "git": {"public", "ports", "model", "support"},
    "probe": {"public", "ports", "model", "support", "http"},
    "store": {"public", "ports", "model", "ledger", "support"},
    "router": {"public", "ports", "model", "support"},
    "simulation": {"public", "ports", "facade", "model", "ledger", "support", "probe"},  # answers are judged by the real code
    "capi": {"public", "ports", "facade", "c-api"},
    "c-api": set(),
    "bindings": {"public", "ports", "facade"},
    "deployctl": {"c-api"},
    "examples": {"public", "ports", "facade", "c-api"},
}
JOINS_ALL = "deployer"  # lib/deployer*: the composition root
EVERYTHING_BELOW = set(MAY_INCLUDE) - {"capi", "c-api", "bindings", "deployctl", "examples"}

# The start of a third party's header -> the only paths that may include it
HOMES: dict[str, tuple[str, ...]] = {
    "rapidjson/": ("lib/support/json", "lib/config/"),
    "curl/": ("lib/http/",),
    "libssh2": ("lib/ssh/",),
    "sqlite3": ("lib/store/",),
    "archive": ("lib/docker/",),
    "openssl/": ("lib/support/", "lib/ssh/", "lib/sshsig/"),
    "date/": ("lib/support/", "lib/promotion/"),
    "fmt/": ("lib/", "capi/", "examples/", "bindings/"),
    "CLI/": ("examples/deployctl/",),
    "pybind11/": ("bindings/",),
}


@dataclass(frozen=True)
class Include:
    file: str
    line: int
    header: str
    quoted: bool


def area(path: str) -> str:
    """The layer that a file of ours belongs to."""
    parts = path.split("/")
    if path == "capi/deploy.h":
        return "c-api"
    if parts[0] == "include":
        if "ports" in parts:
            return "ports"
        return "facade" if parts[-1] in ("deployer.hpp", "config.hpp", "deploy.hpp", "simulation.hpp", "status.hpp") else "public"
    if parts[0] == "lib":
        return parts[1] if len(parts) > 2 else JOINS_ALL if parts[1].startswith("deployer") else "support"
    if parts[0] == "examples":
        return "deployctl" if parts[1] == "deployctl" else "examples"
    return parts[0]


def includes(root: Path) -> Iterator[Include]:
    for folder in FOLDERS:
        for file in sorted((root / folder).rglob("*")):
            if file.suffix in SOURCES and file.is_file():
                yield from _includes_of(root, file)


def _includes_of(root: Path, file: Path) -> Iterator[Include]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if found := re.match(r'\s*#\s*include\s*(["<])([^">]+)[">]', line):
            yield Include(str(file.relative_to(root)), number, found[2], found[1] == '"')


def _find(root: Path, include: Include) -> str | None:
    """Which file of ours an include means; None where it means a system's."""
    beside = [str(Path(include.file).parent)] if include.quoted else []
    for folder in beside + SEARCH:
        candidate = (root / folder / include.header).resolve()
        if candidate.is_file() and candidate.is_relative_to(root.resolve()):
            return str(candidate.relative_to(root.resolve()))
    return None


def _complaint(root: Path, include: Include) -> str | None:
    for start, homes in HOMES.items():
        if include.header.startswith(start) and not include.file.startswith(homes):
            return f"{start.rstrip('/')} is at home in {', '.join(homes)} alone"
    target = _find(root, include)
    if target is None:
        return "names no file of ours" if include.quoted else None
    source, wanted = area(include.file), area(target)
    if source == JOINS_ALL:
        allowed = EVERYTHING_BELOW | {JOINS_ALL}
    elif source in MAY_INCLUDE:
        allowed = MAY_INCLUDE[source] | {source}
    else:
        return f"the folder of this file has no rule: add {source} to include_rules.py"
    return None if wanted in allowed else f"{source} must not include {wanted}; it may include {', '.join(sorted(allowed))}"


def wrong_edges(root: Path) -> list[str]:
    """One line per include that breaks a rule: where it is, what it includes, what is wrong about it."""
    return [f"{i.file}:{i.line}: {i.header}: {text}" for i in includes(root) if (text := _complaint(root, i))]
