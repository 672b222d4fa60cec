"""Looks over the shoulder of every process while a test runs."""

from __future__ import annotations

import os
import threading
from pathlib import Path


class ProcessWatch:
    """Collects command lines of all processes, and environments of this process's children and theirs, while it is entered.

    A container's process is no child of ours: that a secret stands in its environment is what was asked for."""

    def __init__(self) -> None:
        self.command_lines: set[bytes] = set()
        self.environments: set[bytes] = set()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> ProcessWatch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(0.02):
            processes = [int(name) for name in os.listdir("/proc") if name.isdigit()]
            self.command_lines.update(self._read(pid, "cmdline") for pid in processes)
            ours, parents = {os.getpid()}, {pid: self._parent(pid) for pid in processes}
            for pid in processes:  # ascending numbers: a child comes after its parent but for a wrap, and the next look sees that
                if parents[pid] in ours:
                    ours.add(pid)
                    self.environments.add(self._read(pid, "environ"))

    @staticmethod
    def _read(pid: int, name: str) -> bytes:
        try:
            return Path(f"/proc/{pid}/{name}").read_bytes()
        except OSError:
            return b""

    @classmethod
    def _parent(cls, pid: int) -> int:
        words = cls._read(pid, "stat").rpartition(b")")[2].split()
        return int(words[1]) if len(words) > 1 else 0
