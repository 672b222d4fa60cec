"""Runs one program to its end or its deadline, with everything that it started."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
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


_lock = threading.Lock()
_running: set[int] = set()
_stopped = False


def stop_all() -> None:
    """Kills whatever runs, with all that it started, for whichever thread; nothing is started any more."""
    global _stopped
    with _lock:
        _stopped = True
        for pid in _running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)


def _start(argv: Sequence[str], cwd: Path, env: dict[str, str] | None) -> subprocess.Popen:
    with _lock:
        if _stopped:
            raise RuntimeError("the run is being stopped")
        child = subprocess.Popen(argv, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
        _running.add(child.pid)
    return child


def run(argv: Sequence[str], cwd: Path, env: dict[str, str] | None = None, seconds: float = 3600) -> Ended:
    with _start(argv, cwd, env) as child:
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
        finally:
            with _lock:
                _running.discard(child.pid)
    return Ended(status, output.decode(errors="replace"))
