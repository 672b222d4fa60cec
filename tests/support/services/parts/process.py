"""Programs started by hand, remembered by pid and start time, and stopped by pid."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path


class ServiceError(Exception):
    """A service did not come up; the message says which one, and ends with the last lines of its log."""


def as_root(argv: list[str]) -> list[str]:
    """The command as it has to be called to run with root's rights."""
    return argv if os.geteuid() == 0 else ["sudo", "-n", "--preserve-env=PATH", *argv]


def free_port(addresses: Sequence[str] = ("127.0.0.1",)) -> int:
    """A port that is free at all `addresses` right now."""
    for _ in range(50):
        held = []
        try:
            first = socket.create_server((addresses[0], 0))
            held.append(first)
            port = first.getsockname()[1]
            held += [socket.create_server((address, port)) for address in addresses[1:]]
            return port
        except OSError:
            continue
        finally:
            for sock in held:
                sock.close()
    raise ServiceError(f"no port is free at all of {', '.join(addresses)}")


def accepts(address: str, port: int) -> bool:
    try:
        socket.create_connection((address, port), timeout=1).close()
        return True
    except OSError:
        return False


def tail(log: Path, lines: int = 20) -> str:
    if not log.exists():
        return f"({log} does not exist)"
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


def _stat(pid: int) -> list[str] | None:
    """The fields of /proc/PID/stat from the state on; None when there is no such process."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None


def _started_at(pid: int) -> str | None:
    fields = _stat(pid)
    return None if fields is None or fields[0] == "Z" else fields[19]


def _family(pid: int) -> list[int]:
    """`pid` and all that descend from it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        fields = _stat(int(entry.name)) if entry.name.isdigit() else None
        if fields:
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    family = [pid]
    for member in family:
        family += children.get(member, [])
    return family


class Processes:
    """The programs of one run. Pids are files in `folder`, so that another invocation can stop them."""

    def __init__(self, folder: Path) -> None:
        self.pids = folder / "pids"
        self.logs = folder / "log"
        self.pids.mkdir(parents=True, exist_ok=True)
        self.logs.mkdir(exist_ok=True)

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def start(self, name: str, argv: Sequence[str], ready: Callable[[], bool], seconds: float = 15,
              env: dict[str, str] | None = None) -> int:
        """Starts `argv` and waits until `ready`; otherwise says what its log says. Answers the pid."""
        with self.log(name).open("ab") as log:
            child = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=env,
                                     start_new_session=True, cwd="/")
        (self.pids / name).write_text(f"{child.pid} {_started_at(child.pid)} {time.monotonic_ns()}\n")
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if ready():
                return child.pid
            if child.poll() is not None:
                break
            time.sleep(0.05)
        ended = f"ended with status {child.returncode}" if child.poll() is not None else f"did not answer in {seconds:g} s"
        self.stop(name)
        child.wait()
        raise ServiceError(f"{name} {ended} ({' '.join(argv)}); its last lines:\n{tail(self.log(name))}")

    def stop(self, name: str, seconds: float = 20) -> None:
        """Ends one program and what descends from it. Never a process that merely got the same number."""
        file = self.pids / name
        pid, started, _ = file.read_text().split()
        if _started_at(int(pid)) == started:
            family = {member: _started_at(member) for member in _family(int(pid))}
            self._end(int(pid), {m: s for m, s in family.items() if s is not None}, seconds)
        file.unlink()

    def _end(self, parent: int, family: dict[int, str], seconds: float) -> None:
        def alive() -> list[int]:
            return [member for member, started in family.items() if _reap_and_check(member) == started]

        _signal(parent, signal.SIGTERM)
        _signal(parent, signal.SIGCONT)
        deadline = time.monotonic() + seconds
        while parent in alive() and time.monotonic() < deadline:
            time.sleep(0.02)
        for member in alive():
            _signal(member, signal.SIGKILL)
        while alive() and time.monotonic() < deadline + 5:
            time.sleep(0.02)

    def stop_all(self) -> None:
        newest_first = sorted(self.pids.iterdir(), key=lambda f: int(f.read_text().split()[2]), reverse=True)
        for file in newest_first:
            self.stop(file.name)


def _reap_and_check(pid: int) -> str | None:
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        pass  # started by another invocation: init reaps it
    return _started_at(pid)


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass  # it ended by itself meanwhile
    except PermissionError:
        subprocess.run(as_root(["kill", f"-{number.value}", str(pid)]), check=False, stderr=subprocess.DEVNULL)
