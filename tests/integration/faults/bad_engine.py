"""A unix socket before the real Engine that answers nonsense where it is told to."""

from __future__ import annotations

import http.client
import re
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

Nonsense = Callable[[socket.socket], None]


class BadEngine:
    def __init__(self, path: Path, behind: str) -> None:
        self.path, self.behind = path, behind
        self.where = re.compile("$.")  # matches nothing
        self.nonsense: Nonsense = lambda line: None
        self.struck = 0
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(path))
        self.listener.listen(64)
        threading.Thread(target=self._accept, daemon=True).start()

    def strike(self, where: str, nonsense: Nonsense) -> None:
        """`where`: a pattern of "METHOD PATH"."""
        self.struck, self.nonsense, self.where = 0, nonsense, re.compile(where)

    def behave(self) -> None:
        self.where = re.compile("$.")

    def close(self) -> None:
        self.behave()
        self.listener.close()

    def _accept(self) -> None:
        while True:
            try:
                line, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        try:
            with line, line.makefile("rb") as requests:
                while first := requests.readline().decode():
                    headers = http.client.parse_headers(requests)
                    body = requests.read(int(headers.get("Content-Length") or 0))
                    method, path, _ = first.split(" ", 2)
                    if self.where.search(f"{method} {path}"):
                        self.struck += 1
                        return self.nonsense(line)
                    line.sendall(self._ask(method, path, headers, body))
        except OSError:
            pass

    def _ask(self, method: str, path: str, headers: http.client.HTTPMessage, body: bytes) -> bytes:
        real = http.client.HTTPConnection("engine", timeout=60)
        real.sock = socket.socket(socket.AF_UNIX)
        real.sock.connect(self.behind)
        try:
            real.request(method, path, body or None, {k: v for k, v in headers.items() if k.lower() not in ("host", "connection")})
            answer = real.getresponse()
            text = answer.read()
            kept = "".join(f"{k}: {v}\r\n" for k, v in answer.getheaders() if k.lower() not in ("connection", "transfer-encoding", "content-length"))
            size = "" if answer.status in (204, 304) else f"Content-Length: {len(text)}\r\n"
            return f"HTTP/1.1 {answer.status} {answer.reason}\r\n{kept}{size}\r\n".encode() + text
        finally:
            real.close()


def sends(text: bytes) -> Nonsense:
    return lambda line: line.sendall(text)


def answers(body: bytes, kind: str = "application/json", status: str = "200 OK") -> Nonsense:
    return sends(f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)


JSON_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def repeats(head: bytes, part: bytes, pause: float = 0.0) -> Nonsense:
    """Without end, until the other side has had enough."""
    def nonsense(line: socket.socket) -> None:
        line.sendall(head)
        while True:
            line.sendall(part)
            time.sleep(pause)
    return nonsense
