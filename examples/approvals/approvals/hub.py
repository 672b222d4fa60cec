"""Events on their way to the browsers that look on."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Iterator

import libdeploy

SHOWN = {"deployment_started", "step_started", "step_failed", "step_undone", "baking", "verified", "quarantined", "warning", "deployment_finished"}
KEEPALIVE = 15.0  # seconds; proxies close what says nothing


class Hub:
    """Keeps the newest events, so that a page that comes late, or comes back, misses nothing."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._events: deque[tuple[int, str, str]] = deque(maxlen=500)
        self._number = 0

    def __call__(self, event: libdeploy.Event) -> None:
        if event.kind in SHOWN:
            self.say(event.kind, {"environment": event.environment, "host": event.host, "message": event.message})

    def say(self, kind: str, data: dict[str, str]) -> None:
        with self._changed:
            self._number += 1
            self._events.append((self._number, kind, json.dumps(data)))
            self._changed.notify_all()

    @property
    def newest(self) -> int:
        with self._changed:
            return self._number

    def follow(self, after: int) -> Iterator[str]:
        """As server-sent events, for ever."""
        yield "retry: 1000\n\n"
        while True:
            with self._changed:
                news = [event for event in self._events if event[0] > after]
                if not news and not self._changed.wait(KEEPALIVE):
                    yield ": still here\n\n"
                    continue
            for number, kind, data in news:
                after = number
                yield f"id: {number}\nevent: {kind}\ndata: {data}\n\n"
