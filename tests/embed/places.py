"""Where the examples, the header and the builds are."""

from __future__ import annotations

import os
from pathlib import Path

SOURCE = Path(os.environ.get("LIBDEPLOY_TEST_SOURCE") or Path(__file__).resolve().parents[2])
HEADER = SOURCE / "capi" / "deploy.h"
EXAMPLES = SOURCE / "examples" / "embed"
CONFIG = EXAMPLES / "deploy.json"


def _folder(variable: str) -> Path:
    folder = os.environ.get(variable)
    if not folder:
        raise RuntimeError(f"{variable} is not set: run this through tests/run embed")
    return Path(folder)


def build() -> Path:
    """The tests' build, with sanitizers: programs that it links find out about leaks."""
    return _folder("LIBDEPLOY_TEST_BUILD")


def release() -> Path:
    """The build folder of what people install: a library that any program can load."""
    return _folder("LIBDEPLOY_TEST_RELEASE")


def scratch() -> Path:
    """What compilers and package archives leave for the next run."""
    return release() / "embed"
