"""Events on their way to `logging` and to whoever listens."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from libdeploy._enums import EventKind
from libdeploy._records import Event

logger = logging.getLogger("libdeploy")
logger.addHandler(logging.NullHandler())

OnEvent = Callable[[Event], None]

_LEVELS = {
    EventKind.warning: logging.WARNING,
    EventKind.step_failed: logging.ERROR,
    EventKind.step_undone: logging.WARNING,
    EventKind.quarantined: logging.WARNING,
    EventKind.build_output: logging.DEBUG,
    EventKind.gate_answered: logging.DEBUG,
    EventKind.step_progress: logging.DEBUG,
    EventKind.probe_tried: logging.DEBUG,
}


class Narration:
    """Who hears the events of a deployer. Refers to no deployer, so that none is kept alive by its own listeners."""

    def __init__(self, on_event: OnEvent | None) -> None:
        self._lock = threading.Lock()
        self._listeners: tuple[OnEvent, ...] = () if on_event is None else (on_event,)

    def __call__(self, event: Event) -> None:
        where = " ".join(part for part in (event.environment, event.host) if part)
        logger.log(_LEVELS.get(event.kind, logging.INFO), "%s%s", f"{where}: " if where else "", event.message, extra={"event": event})
        for listener in self._listeners:
            listener(event)

    @contextmanager
    def heard_by(self, listener: OnEvent | None) -> Iterator[None]:
        """Gives `listener` the events meanwhile."""
        if listener is None:
            yield
            return
        with self._lock:
            self._listeners += (listener,)
        try:
            yield
        finally:
            with self._lock:
                self._listeners = tuple(one for one in self._listeners if one is not listener)
