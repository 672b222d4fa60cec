"""Runs one program to its end or its deadline, with everything that it started."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Ended:
    status: int | None  # None: the deadline passed
    output: str

    def how(self) -> str:
        if self.status is None:
            return "did not end before its deadline and was killed"
        return f"ended by signal {-self.status}" if self.status < 0 else f"ended with status {self.status}"


def run(argv: Sequence[str], cwd: Path, env: dict[str, str] | None = None, seconds: float = 3600) -> Ended:
    with subprocess.Popen(argv, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          start_new_session=True) as child:
        try:
            output, _ = child.communicate(timeout=seconds)
            status: int | None = child.returncode
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGABRT)  # a sanitizer or faulthandler then says where it stood
            try:
                output, _ = child.communicate(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                output, _ = child.communicate()
            status = None
        except BaseException:
            os.killpg(child.pid, signal.SIGKILL)
            raise
    return Ended(status, output.decode(errors="replace"))
