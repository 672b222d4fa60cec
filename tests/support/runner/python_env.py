"""An environment that has the Python package as people get it, the wheel that pip builds, and what its tests need."""

from __future__ import annotations

import os
from pathlib import Path

from build import GCC, ROOT
from command import run
from results import Case

FOLDER = ROOT / "build-python"
VENV = FOLDER / "venv"
DIST = FOLDER / "dist"
INTERPRETER = VENV / "bin" / "python"
PACKAGES = ROOT / "tests" / "support" / "python_packages.txt"


def wheel() -> Path:
    return next(DIST.glob("libdeploy-*.whl"))


def make() -> Case:
    """pip builds the wheel by itself, in an environment of its own. It is told to take the system's Meson, which compiles the library by the same
    commands as the release: the compiler's cache has it then."""
    env = {**os.environ, **GCC, "MESON": "/usr/bin/meson", "CCACHE_BASEDIR": str(ROOT), "CCACHE_NOHASHDIR": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    pip = [str(INTERPRETER), "-m", "pip"]
    steps = [["python3", "-m", "venv", str(VENV)],
             [*pip, "install", "-q", "-r", str(PACKAGES)],
             ["rm", "-rf", str(DIST)],
             [*pip, "wheel", ".", "--no-deps", "-w", str(DIST), f"-Cbuild-dir={FOLDER}", "-Csetup-args=-Dwerror=true"]]
    for step in steps:
        ended = run(step, ROOT, env)
        if ended.status != 0:
            return Case("the Python package", False, f"{' '.join(step)} {ended.how()}:\n{ended.output}")
    ended = run([*pip, "install", "-q", "--force-reinstall", "--no-deps", "--no-index", str(wheel())], ROOT, env)
    return Case("the Python package", ended.status == 0, ended.output)
