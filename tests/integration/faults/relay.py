"""A TCP relay that can delay, stall, reset and refuse; and sockets made in another network namespace."""

from __future__ import annotations

import ctypes
import os
import queue
import socket
import struct
import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


def in_network_of(pid: int, work: Callable[[], T]) -> T:
    """Runs `work` on a thread that has moved to the network namespace of `pid`. Sockets made there stay there."""
    out: list[T] = []
    trouble: list[BaseException] = []

    def moved() -> None:
        try:
            namespace = os.open(f"/proc/{pid}/ns/net", os.O_RDONLY)
            try:
                if _libc.setns(namespace, CLONE_NEWNET) != 0:
                    raise OSError(ctypes.get_errno(), "setns")
            finally:
                os.close(namespace)
            out.append(work())
        except BaseException as error:  # noqa: BLE001 (the top of a thread: raised again below)
            trouble.append(error)

    thread = threading.Thread(target=moved)
    thread.start()
    thread.join()
    if trouble:
        raise trouble[0]
    return out[0]


class Relay:
    """Passes bytes on, until told otherwise. Every switch acts on connections that are open and on those to come."""

    def __init__(self, connect: Callable[[], socket.socket], listener: socket.socket | None = None) -> None:
        self.connect = connect
        self.listener = listener or socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.delay = 0.0                    # each way, seconds
        self.rate = 0                       # bytes a second each way; 0 for as fast as it goes
        self.refuses = False                # what comes is reset at once
        self.flowing = threading.Event()    # cleared: nothing passes any more, and nobody is told
        self.flowing.set()
        self.passed = 0
        self.pairs: list[tuple[socket.socket, socket.socket]] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            try:
                if self.refuses:
                    raise OSError("refused on purpose")
                self.flowing.wait()
                far = self._connect_patiently()
            except OSError:
                reset(near)
                continue
            self.pairs.append((near, far))
            for source, sink in ((near, far), (far, near)):
                line: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()
                threading.Thread(target=self._read, args=(source, line), daemon=True).start()
                threading.Thread(target=self._write, args=(line, sink), daemon=True).start()

    def _connect_patiently(self) -> socket.socket:
        """What is behind may be busy; a line that nobody broke must not look broken."""
        for _ in range(3):
            try:
                return self.connect()
            except OSError:
                time.sleep(0.2)
        return self.connect()

    def _read(self, source: socket.socket, line: queue.SimpleQueue[tuple[float, bytes]]) -> None:
        try:
            while data := source.recv(4096 if self.rate else 65536):
                line.put((time.monotonic() + self.delay, data))
        except OSError:
            pass
        line.put((time.monotonic() + self.delay, b""))

    def _write(self, line: queue.SimpleQueue[tuple[float, bytes]], sink: socket.socket) -> None:
        try:
            while True:
                due, data = line.get()
                time.sleep(max(0.0, due - time.monotonic()))
                self.flowing.wait()
                if not data:
                    return sink.shutdown(socket.SHUT_WR)
                if self.rate:
                    time.sleep(len(data) / self.rate)
                sink.sendall(data)
                self.passed += len(data)
        except OSError:
            pass

    def stall(self) -> None:
        self.flowing.clear()

    def cut(self) -> None:
        """Resets what is open, and nothing else."""
        pairs, self.pairs = self.pairs, []
        for pair in pairs:
            for end in pair:
                reset(end)

    def mend(self) -> None:
        self.delay, self.rate, self.refuses = 0.0, 0, False
        self.flowing.set()

    def close(self) -> None:
        self.listener.close()
        self.mend()
        self.cut()


def reset(end: socket.socket) -> None:
    """Closed as a crashed machine's kernel would: with an RST."""
    try:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    end.close()
