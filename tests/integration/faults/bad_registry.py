"""A registry in front of the real one that answers as it is told, to deployctl and to the Engine alike."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Fault = Callable[["Handler", "Answer"], None]


class Answer:
    def __init__(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "BadRegistry"

    def log_message(self, *_: object) -> None:
        pass

    def handle_any(self) -> None:
        body = self.body()
        if self.server.fault and self.server.concerned(self.command, self.path):
            self.server.struck += 1
            self.server.fault(self, self.server.ask(self, body))
        else:
            self.give(self.server.ask(self, body))

    def body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        whole = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            whole += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return whole

    do_GET = do_HEAD = do_PUT = do_POST = do_PATCH = do_DELETE = handle_any

    def give(self, answer: Answer, sent: int | None = None) -> None:
        """The answer; only `sent` bytes of its body where that is said, and then the connection ends."""
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        self.wfile.write(answer.body if sent is None else answer.body[:sent])
        if sent is not None:
            self.close_connection = True

    def refuse(self, status: int, code: str, **headers: str) -> None:
        body = b'{"errors":[{"code":"%s","message":"said the registry of the test"}]}' % code.encode()
        extra = [(name.replace("_", "-"), value) for name, value in headers.items()]
        self.give(Answer(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body))), *extra], body))


class BadRegistry(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, behind: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.behind = behind
        self.address = f"127.0.0.1:{self.server_address[1]}"
        self.fault: Fault | None = None
        self.concerned: Callable[[str, str], bool] = lambda method, path: True
        self.struck = 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def strike(self, concerned: Callable[[str, str], bool], fault: Fault | None) -> None:
        self.struck, self.concerned, self.fault = 0, concerned, fault

    def ask(self, handler: Handler, body: bytes) -> Answer:
        connection = http.client.HTTPConnection(self.behind, timeout=30)
        try:
            headers = {k: v for k, v in handler.headers.items() if k.lower() not in ("host", "connection", "transfer-encoding", "content-length")}
            connection.request(handler.command, handler.path, body or None, {**headers, "Host": self.address, "Connection": "close"})
            answer = connection.getresponse()
            kept = [(k, v) for k, v in answer.getheaders() if k.lower() not in ("connection", "transfer-encoding")]
            return Answer(answer.status, kept, answer.read())
        finally:
            connection.close()


# Faults ---------------------------------------------------------------------------------------------------------------

def says(status: int, code: str, **headers: str) -> Fault:
    return lambda handler, _: handler.refuse(status, code, **headers)


def says_first(times: int, status: int, code: str, **headers: str) -> Fault:
    def fault(handler: Handler, answer: Answer) -> None:
        handler.refuse(status, code, **headers) if handler.server.struck <= times else handler.give(answer)
    return fault


def to_engine(fault: Fault) -> Fault:
    """Only for an Engine, not for deployctl (whose name an Engine tells behind its own)."""
    return lambda handler, answer: (handler.give if handler.headers.get("User-Agent", "").startswith("libdeploy/") else lambda a: fault(handler, a))(answer)


def half(handler: Handler, answer: Answer) -> None:
    handler.give(answer, len(answer.body) // 2)


def altered(handler: Handler, answer: Answer) -> None:
    """Of the same length, and another digest."""
    handler.give(Answer(answer.status, answer.headers, answer.body[:-1] + bytes([answer.body[-1] ^ 1])))


def endless(handler: Handler, answer: Answer) -> None:
    """A byte now and then, without end."""
    handler.give(Answer(answer.status, [(k, v) for k, v in answer.headers if k.lower() != "content-length"] + [("Content-Length", "100000000")], b""))
    try:
        while handler.server.fault:
            handler.wfile.write(b" ")
            time.sleep(0.05)
    except OSError:
        pass
    handler.close_connection = True
