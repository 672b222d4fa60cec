"""Parts of your own in place of the built-in ones: give them to `Deployer`. Any object with these methods will do.

What a port raises comes out of the call as itself, with its traceback. An exception of a prober or of the secrets fails the step: the deployment is
undone first, as far as the ports allow, and `exception.deployment` is its record then. A `libdeploy.Error` of yours is treated by
its code (`unreachable` is tried again where the built-in part would be, and so on). Ports are called from threads of the library, one call
at a time for each deployer; they must not call the deployer back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from libdeploy._config import HealthProbe, SecretSource
from libdeploy._core import CallLimits
from libdeploy._enums import AppendStatus, ProbeAnswer
from libdeploy._records import AppendResult, Checkpoint, Decision, Lease, LeaseClaim, LeaseHolder, LedgerEntry, LedgerHead, ProbeTry
from libdeploy._values import Host

__all__ = [
    "AppendResult",
    "AppendStatus",
    "ApprovalCheck",
    "CallLimits",
    "Checkpoint",
    "Clock",
    "Lease",
    "LeaseClaim",
    "LeaseHolder",
    "LedgerEntry",
    "LedgerHead",
    "LedgerStore",
    "Prober",
    "Secrets",
]

Secrets = Callable[[SecretSource], str]
"""Gives every secret that the configuration names. The clear text goes to its addressee alone."""


class Prober(Protocol):
    """One try of a health check."""

    def attempt(self, probe: HealthProbe, host: Host, container: str, limits: CallLimits) -> ProbeTry | ProbeAnswer:
        """At most `probe.timeout` long. `container` is its id, for checks that ask the Engine.

        Give `ProbeAnswer.unknown` when the service could not be asked; raise only for what makes probing as such impossible.
        """


class ApprovalCheck(Protocol):
    """Somebody who knows more of people than the configuration does: a directory, a rota."""

    def objection(self, decision: Decision, limits: CallLimits) -> str | None:
        """None when the decision may count, else a sentence: why not.

        Asked before a decision is recorded, and of every approval again before it counts at a gate (`replaces` and `nonce` are not filled then).
        """


class Clock(Protocol):
    """Time."""

    passes_by_itself: bool
    """False for time that passes only when somebody sleeps, as in a simulation."""

    def now(self) -> datetime:
        """Wall clock, with its zone; may jump. Whole milliseconds."""

    def elapsed(self) -> timedelta:
        """Monotonic, from any start. Whole milliseconds."""

    def sleep(self, duration: timedelta, limits: CallLimits) -> None:
        """Returns early when `limits.stop_requested`; `limits.wait(duration)` does."""


class LedgerStore(Protocol):
    """Ledger and leases. Every method is atomic and durable when it returns, and may be called by several threads.

    Raise IoError, CorruptError or TimeoutError where it cannot be done.
    """

    def head(self) -> LedgerHead: ...

    def read(self, after: int, limit: int) -> Sequence[LedgerEntry]:
        """Entries with seq > after, in order, at most `limit`."""

    def append(self, expected: LedgerHead, claim: LeaseClaim | None, entries: Sequence[LedgerEntry]) -> AppendResult:
        """All or nothing. With a claim its token is checked in the same transaction."""

    def acquire(self, name: str, holder: LeaseHolder, ttl: timedelta, now: datetime, may_take_over: Callable[[Lease], bool]) -> Lease | None:
        """Takes the lease if it is free, expired at `now`, or may be taken over. The token is higher than every earlier one of that name."""

    def renew(self, claim: LeaseClaim, ttl: timedelta, now: datetime) -> bool:
        """False when the lease is no longer ours."""

    def release(self, claim: LeaseClaim) -> None: ...

    def lease(self, name: str) -> Lease | None:
        """The current holder, expired or not."""

    def checkpoint(self) -> Checkpoint | None: ...

    def save_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Keeps it unless a newer one that stands at an entry of this ledger is kept already."""
