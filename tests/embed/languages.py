"""Builds and runs the examples by the commands that their README gives."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import node_packages
from places import EXAMPLES, SOURCE, release, scratch

SECONDS = 240


@dataclass(frozen=True)
class Ended:
    status: int
    output: str
    errors: str


@cache
def commands() -> dict[str, str]:
    """Folder -> what its row of the table tells people to run there."""
    text = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^\| `(\w+)` \|.*\| `([^`]+)` \|$", text, re.M))


@cache
def environment() -> dict[str, str]:
    """Debian's own compilers, the installed library, and no network but for what package-lock.json pins."""
    subprocess.run(["meson", "install", "--no-rebuild", "--quiet", "-C", str(release())], cwd=SOURCE, check=True, stdout=subprocess.DEVNULL)
    (found,) = (release() / "prefix").rglob("libdeploy.pc")
    return {**os.environ, "PATH": f"/usr/bin:/bin:{os.environ['PATH']}", "LD_LIBRARY_PATH": str(found.parent.parent), "PKG_CONFIG_PATH": str(found.parent),
            "GOCACHE": str(scratch() / "go"), "GOPROXY": "off", "GOTOOLCHAIN": "local"}


@cache
def prepared(language: str) -> Path:
    """A copy of the example, where its commands may leave what they make, built."""
    folder = scratch() / "examples" / language
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(EXAMPLES / language, folder)
    shutil.copy(EXAMPLES / "deploy.json", folder.parent)
    _build(language, folder)
    return folder


def _build(language: str, folder: Path) -> None:
    for step in commands()[language].split(" && ")[:-1]:
        if step == "npm ci":
            node_packages.lay_out(folder / "package-lock.json", scratch())
            (folder / "node_modules").symlink_to(scratch() / "node_modules")
        elif (ended := _shell(step, folder)).status != 0 or ended.errors:
            raise AssertionError(f"{step}\nended with {ended.status}:\n{ended.output}{ended.errors}")


def run(language: str, config: str = "../deploy.json") -> Ended:
    command = commands()[language].split(" && ")[-1]
    return _shell(command.replace("../deploy.json", config), prepared(language))


def run_with(language: str, file: str, text: str) -> Ended:
    """Another copy, in which this file reads otherwise."""
    with tempfile.TemporaryDirectory(dir=prepared(language).parent) as folder:
        shutil.copytree(EXAMPLES / language, folder, dirs_exist_ok=True)
        (Path(folder) / file).write_text(text, encoding="utf-8")
        _build(language, Path(folder))
        return _shell(commands()[language].split(" && ")[-1], Path(folder))


def _shell(command: str, folder: Path) -> Ended:
    done = subprocess.run(["sh", "-c", command], cwd=folder, env=environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=SECONDS)
    return Ended(done.returncode, done.stdout, done.stderr)
