"""A call that runs in a thread of its own while its events are read."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from libdeploy._narration import OnEvent
from libdeploy._records import Event

R = TypeVar("R")


class Running(Generic[R]):
    """Iterate over it for the events, as they happen; `result` is the outcome once they are over.

    Leaving the loop early does not stop the call; `cancel()` does, and so does leaving a `with` block. What the call raises comes
    out of the iteration and of `result`.
    """

    def __init__(self, call: Callable[[OnEvent], R], cancel: Callable[[], None]) -> None:
        self._queue: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._cancel = cancel
        self._result: R | None = None
        self._raised: BaseException | None = None
        self._over = False
        self._thread = threading.Thread(target=self._run, args=(call,), name="libdeploy-running")
        self._thread.start()

    def _run(self, call: Callable[[OnEvent], R]) -> None:
        try:
            self._result = call(self._queue.put)
        except BaseException as raised:  # goes to whoever reads
            self._raised = raised
        self._queue.put(None)

    def __iter__(self) -> Iterator[Event]:
        return self

    def __next__(self) -> Event:
        if self._over:
            raise StopIteration
        try:
            event = self._queue.get()
        except KeyboardInterrupt:
            self.cancel()
            raise
        if event is not None:
            return event
        self._over = True
        self._thread.join()
        if self._raised is not None:
            raise self._raised
        raise StopIteration

    @property
    def result(self) -> R:
        """What the call returned; waits for its end. Raises what it raised."""
        self._wait()
        if self._raised is not None:
            raise self._raised
        return self._result  # type: ignore[return-value]

    def _wait(self) -> None:
        try:
            self._thread.join()
        except KeyboardInterrupt:
            self.cancel()
            raise

    def cancel(self) -> None:
        """Stops the call, and waits until its changes are undone."""
        while self._thread.is_alive():
            self._cancel()  # again and again: a call that had only just begun would not have heard it
            self._thread.join(0.05)

    def __enter__(self) -> Running[R]:
        return self

    def __exit__(self, *_: object) -> None:
        self.cancel()
