"""What the page does with libdeploy: a deployer for each person, and one promotion at a time in the background."""

from __future__ import annotations

import threading
from collections.abc import Callable

import libdeploy

from approvals.hub import Hub

Open = Callable[[str, Callable[[libdeploy.Event], None]], libdeploy.Deployer]


class Busy(Exception):
    """A promotion is under way."""


class Pipeline:
    def __init__(self, config: libdeploy.Config, open_deployer: Open) -> None:
        self.config = config
        self.hub = Hub()
        self._open = open_deployer
        self._lock = threading.Lock()
        self._running: threading.Thread | None = None
        self.what_runs = ""
        self.trouble = ""

    @classmethod
    def of_config(cls, config: libdeploy.Config) -> Pipeline:
        return cls(config, lambda actor, listener: libdeploy.Deployer(config, actor=actor, on_event=listener))

    def open(self, actor: str) -> libdeploy.Deployer:
        """Decisions are those of the deployer's actor: each person has one. Opening one connects to nothing."""
        return self._open(actor, self.hub)

    def people(self) -> tuple[str, ...]:
        named = {name for environment in self.config.environments if environment.approval for name in environment.approval.approvers}
        return (*sorted(named), "ci")

    def promote(self, actor: str, digest: str, environment: str) -> None:
        """Begins a promotion and returns. Its events go to the hub; what becomes of it is in the ledger."""
        with self._lock:
            if self.is_running():
                raise Busy(self.what_runs)
            self.what_runs, self.trouble = f"promotion to {environment}, asked for by {actor}", ""
            self._running = threading.Thread(target=self._promote, args=(actor, digest, environment), name="promotion")
            self._running.start()

    def is_running(self) -> bool:
        return self._running is not None and self._running.is_alive()

    def _promote(self, actor: str, digest: str, environment: str) -> None:
        try:
            with self.open(actor) as deployer:
                deployer.promote(digest, to=environment)
        except libdeploy.Error as error:  # could not be carried out: nothing in the history tells of it
            self.trouble = str(error)
        finally:
            self._running = None
            self.hub.say("over", {"environment": environment, "message": self.trouble or "over"})
