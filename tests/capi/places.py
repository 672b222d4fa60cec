"""Where the sources and the build are, and how the header's declarations are found."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

SOURCE = Path(os.environ.get("LIBDEPLOY_TEST_SOURCE") or Path(__file__).resolve().parents[2])
HEADER = SOURCE / "capi" / "deploy.h"


def build() -> Path:
    folder = os.environ.get("LIBDEPLOY_TEST_BUILD")
    if not folder:
        raise RuntimeError("LIBDEPLOY_TEST_BUILD is not set: run this through tests/run capi, or set it to a build folder")
    return Path(folder)


def deployctl() -> str:
    return os.environ.get("LIBDEPLOY_TEST_DEPLOYCTL") or str(build() / "examples" / "deployctl" / "deployctl")


def compilers(*names: str) -> list[str]:
    """gcc must be there; clang is used where it is."""
    return [name for name in names if name.startswith("g") or shutil.which(name)]


def declared() -> dict[str, str]:
    """Function -> the comment before it."""
    found = re.findall(r"/\*\*((?:(?!\*/).)*)\*/\nDEPLOY_API [^;]*?\b(deploy_\w+)\(", HEADER.read_text(), re.S)
    return {name: " ".join(comment.split()) for comment, name in found}
