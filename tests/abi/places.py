"""Where the header, its frozen copy, the baseline and the builds are."""

from __future__ import annotations

import os
from pathlib import Path

SOURCE = Path(os.environ.get("LIBDEPLOY_TEST_SOURCE") or Path(__file__).resolve().parents[2])
HEADER = SOURCE / "capi" / "deploy.h"
HERE = SOURCE / "tests" / "abi"
FROZEN = HERE / "deploy-0.9.h"
BASELINE = HERE / "libdeploy.abi"
MAP = SOURCE / "capi" / "deploy.map"


def capi() -> Path:
    """The C layer in the tests' build, which has debug information."""
    folder = os.environ.get("LIBDEPLOY_TEST_BUILD")
    if not folder:
        raise RuntimeError("LIBDEPLOY_TEST_BUILD is not set: run this through tests/run abi, or set it to a build folder")
    return Path(folder) / "capi"


def release() -> Path:
    """The build folder of what people install, made by gcc."""
    folder = os.environ.get("LIBDEPLOY_TEST_RELEASE")
    if not folder:
        raise RuntimeError("LIBDEPLOY_TEST_RELEASE is not set: run this through tests/run abi, or set it to a release's build folder")
    return Path(folder)


def prefix() -> Path:
    """Where that folder installs to: tests/support/runner/build.py set it."""
    return release() / "prefix"
