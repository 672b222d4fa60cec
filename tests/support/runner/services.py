"""Real services around the suites that want them."""

from __future__ import annotations

import contextlib
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from build import ROOT
from command import run

TOOL = ROOT / "tests" / "support" / "services" / "services"


class NotUp(Exception):
    """The services did not come up; the message is what they said."""


@contextlib.contextmanager
def running() -> Iterator[dict[str, str]]:
    """Starts them, yields the tests' variables, and stops them whatever happens."""
    folder = Path(tempfile.mkdtemp(prefix="libdeploy-test-"))
    try:
        ended = run([sys.executable, str(TOOL), "up", "--dir", str(folder)], ROOT, seconds=300)
        if ended.status != 0:
            raise NotUp(f"services {ended.how()}:\n{ended.output}")
        yield json.loads((folder / "env.json").read_text())
    finally:
        ended = run([sys.executable, str(TOOL), "down", "--dir", str(folder)], ROOT, seconds=300)
        if ended.status != 0:
            print(f"services down {ended.how()}:\n{ended.output}", file=sys.stderr)
        shutil.rmtree(folder, ignore_errors=True)
