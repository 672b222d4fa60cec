"""The library's front door."""

from __future__ import annotations

import atexit
import os
import pwd
import queue
import weakref
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Protocol

from libdeploy import _core
from libdeploy._config import Config
from libdeploy._narration import Narration, OnEvent
from libdeploy._records import (
    Decision,
    Deployment,
    DoctorCheck,
    DriftReport,
    EnvironmentStatus,
    GateAnswer,
    LedgerEntry,
    LedgerHead,
    PlanReport,
    Release,
)
from libdeploy._running import Running
from libdeploy._values import Digest, Image, Version

if TYPE_CHECKING:
    from libdeploy.ports import ApprovalCheck, Clock, LedgerStore, Prober, Secrets

_open: weakref.WeakSet[Deployer] = weakref.WeakSet()


@atexit.register
def _close_all() -> None:
    """A call that a daemon thread left running ends before the interpreter does: its changes are undone."""
    for deployer in list(_open):
        deployer.close()


def user_name() -> str:
    """Who acts where nobody is named: the user of this process."""
    uid = os.geteuid()
    try:
        return pwd.getpwuid(uid).pw_name or f"uid-{uid}"
    except KeyError:
        return f"uid-{uid}"


class _TextSink(Protocol):
    def write(self, text: str, /) -> Any: ...


class Deployer:
    """Runs the pipeline of one configuration.

        with Deployer(Config.load("deploy.json"), actor="ci") as deployer:
            done = deployer.promote(to="staging")

    Calls block and release the GIL. One thread at a time acts: others wait for their turn. Ctrl-C in the main thread cancels the running
    call, waits until its changes are undone, and raises KeyboardInterrupt. What could not be carried out is raised (`libdeploy.Error`); what
    ended otherwise than hoped is in the returned `Deployment`. Events also go to the logger "libdeploy".

    actor: who acts; recorded with everything. None: the user of this process.
    on_event: called with each event, from threads of the library, one at a time; what it raises cancels the running call and comes out of it.
    The other arguments are parts of your own: see `libdeploy.ports`.
    """

    def __init__(
        self,
        config: Config,
        *,
        actor: str | None = None,
        on_event: OnEvent | None = None,
        ledger_store: LedgerStore | None = None,
        prober: Prober | None = None,
        approval_check: ApprovalCheck | None = None,
        clock: Clock | None = None,
        secrets: Secrets | None = None,
    ) -> None:
        self._narration = Narration(on_event)
        self._core = self._open_core(config, actor=user_name() if actor is None else actor, on_event=self._narration, ledger_store=ledger_store, prober=prober,
                                     approval_check=approval_check, clock=clock, secrets=secrets)
        self.config = config
        _open.add(self)

    def _open_core(self, config: Config, **arguments: Any) -> _core.Deployer:
        return _core.Deployer(config, **arguments)

    def __enter__(self) -> Deployer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Cancels what runs in another thread, waits for its end, and lets go of the ledger. Can be repeated."""
        self._core.close()

    def cancel(self) -> None:
        """From any thread: the running call ends with CancelledError or outcome `cancelled`, its changes undone."""
        self._core.cancel()

    # Releases

    def build(self, *, build: int = 0, rollback_never: bool = False, on_event: OnEvent | None = None) -> Release:
        """Builds once, pushes once, adds every tag, registers the release. `build`: its number, 0 for the ledger's next.

        `rollback_never` marks it: nothing goes back from it by itself."""
        with self._narration.heard_by(on_event):
            return self._core.build(build, rollback_never)

    def add_release(self, image: Image | str, version: Version | str, *, rollback_never: bool = False) -> Release:
        """Registers an image that something else built; its tag is resolved to a digest. Raises NotFoundError, TagMovedError ..."""
        return self._core.add_release(image, version, rollback_never)

    def releases(self) -> tuple[Release, ...]:
        """Newest first."""
        return self._core.releases()

    def find_release(self, selector: str = "") -> Release:
        """By version, build number, digest or 7 or more hex digits of it; "" is the newest. Raises NotFoundError."""
        return self._core.find_release(selector)

    def _release(self, given: Release | Version | Digest | str) -> Release:
        if isinstance(given, Release):
            return given
        if not isinstance(given, (str, Version, Digest)):
            raise TypeError(f"a release is a Release, a Version, a Digest or text, and was given as {type(given).__name__}")
        return self.find_release(str(given))

    # Promotion. `release` is one, or what find_release() takes.

    def plan(self, release: Release | Version | Digest | str = "", *, to: str, allow_downgrade: bool = False) -> PlanReport:
        """What promote() would do, and what every gate says. Changes nothing."""
        return self._core.plan(self._release(release), to, allow_downgrade)

    def gates(self, release: Release | Version | Digest | str = "", *, to: str, allow_downgrade: bool = False) -> tuple[GateAnswer, ...]:
        """What every gate says, by the ledger, the configuration and the clock alone: no registry, no host."""
        return self._core.gates(self._release(release), to, allow_downgrade)

    def promote(self, release: Release | Version | Digest | str = "", *, to: str, allow_downgrade: bool = False, on_event: OnEvent | None = None) -> Deployment:
        """Puts the release into the environment, proves it, and goes back by itself when it fails. See `Outcome` for how it can end."""
        with self._narration.heard_by(on_event):
            return self._core.promote(self._release(release), to, allow_downgrade)

    def promote_iter(self, release: Release | Version | Digest | str = "", *, to: str, allow_downgrade: bool = False) -> Running[Deployment]:
        """The same, for a loop over its events: `for event in (running := d.promote_iter(to="staging")): ...`, then `running.result`."""
        return Running(lambda listener: self.promote(release, to=to, allow_downgrade=allow_downgrade, on_event=listener), self.cancel)

    def run(self, *, build: int = 0, rollback_never: bool = False, on_event: OnEvent | None = None) -> tuple[Deployment, ...]:
        """build(), then every environment in order until one does not end in `succeeded`."""
        with self._narration.heard_by(on_event):
            return self._core.run(build, rollback_never)

    def run_iter(self, *, build: int = 0, rollback_never: bool = False) -> Running[tuple[Deployment, ...]]:
        """The same, for a loop over its events."""
        return Running(lambda listener: self.run(build=build, rollback_never=rollback_never, on_event=listener), self.cancel)

    def rollback(self, environment: str, *, to: str = "", quarantine: bool = True, force: bool = False, on_event: OnEvent | None = None) -> Deployment:
        """Goes back to the last verified version before the live one, or to the release `to`.

        quarantine: the version that is left is not offered again until a person lifts it. force: also back from, or across, a release
        that is marked `rollback: never`. Raises NoRollbackTargetError."""
        with self._narration.heard_by(on_event):
            return self._core.rollback(environment, to, quarantine, force)

    def resume(self, environment: str = "", *, undo: bool = False, on_event: OnEvent | None = None) -> tuple[Deployment, ...]:
        """Finishes (or undoes) what an interrupted run left; "" means every environment. Nothing interrupted: empty."""
        with self._narration.heard_by(on_event):
            return self._core.resume(environment, undo)

    # Decisions

    def draft_decision(self, release: Release | Version | Digest | str = "", *, to: str, granted: bool = True, comment: str = "") -> Decision:
        """The decision as it stands to be recorded or signed now. Records nothing."""
        return self._core.draft_decision(self._release(release), to, granted, comment, "", "", "")

    def decide(self, release: Release | Version | Digest | str = "", *, to: str, granted: bool, comment: str = "", sign_with: str = "", signed_text: str = "",
               signature: str = "") -> Decision:
        """Records a decision of this deployer's actor for this release, environment and policy, and gives it as recorded.

        sign_with: file of a private SSH key (or of a public one whose private part an agent holds); signed_text and signature: signed elsewhere,
        over what draft_decision() gave. Raises UnauthorizedError; its detail `problem` says which: "unsigned", "altered", "replayed" ..."""
        return self._core.decide(self._release(release), to, granted, comment, sign_with, signed_text, signature)

    def approve(self, release: Release | Version | Digest | str = "", *, to: str, comment: str = "", sign_with: str = "", signed_text: str = "",
                signature: str = "") -> Decision:
        """decide() with granted=True."""
        return self.decide(release, to=to, granted=True, comment=comment, sign_with=sign_with, signed_text=signed_text, signature=signature)

    def deny(self, release: Release | Version | Digest | str = "", *, to: str, comment: str = "", sign_with: str = "", signed_text: str = "",
             signature: str = "") -> Decision:
        """decide() with granted=False. Changes nothing on any host, ever."""
        return self.decide(release, to=to, granted=False, comment=comment, sign_with=sign_with, signed_text=signed_text, signature=signature)

    def freeze(self, environment: str, reason: str) -> None:
        """Nothing is promoted there until unfreeze(); rollbacks stay possible. "" means every environment, under a switch of its own."""
        self._core.freeze(environment, reason)

    def unfreeze(self, environment: str) -> None:
        """Takes freeze() back."""
        self._core.unfreeze(environment)

    def lift_quarantine(self, digest: Digest | str, reason: str) -> None:
        """A digest that failed may be offered again."""
        self._core.lift_quarantine(digest, reason)

    # Questions

    def status(self, environment: str) -> EnvironmentStatus:
        """What the ledger says of an environment."""
        return self._core.status(environment)

    def history(self, environment: str = "") -> tuple[Deployment, ...]:
        """Newest first; "" means of every environment."""
        return self._core.history(environment)

    def show(self, deployment: str) -> Deployment:
        """By id or unique prefix. Raises NotFoundError."""
        return self._core.show(deployment)

    def verify(self, environment: str) -> DriftReport:
        """Compares the hosts with the ledger."""
        return self._core.verify(environment)

    def adopt(self, environment: str) -> tuple[str, ...]:
        """Takes into the ledger what it does not know of the hosts. Returns what was adopted. Raises ConflictError, NotFoundError; nothing was adopted then."""
        return self._core.adopt(environment)

    def doctor(self) -> tuple[DoctorCheck, ...]:
        """Checks the configuration against hosts, keys and registry; says what to mend."""
        return self._core.doctor()

    def logs(self, environment: str, *, lines: int = 100) -> dict[str, str]:
        """The newest lines of the live containers: host -> text."""
        found: dict[str, str] = {}

        def sink(host: str, text: str) -> None:
            found[host] = found.get(host, "") + text

        self._core.logs(environment, lines, False, sink)
        return found

    def follow_logs(self, environment: str, *, lines: int = 0) -> Iterator[tuple[str, str]]:
        """(host, text) as it is written, until the containers end or the iterator is closed."""
        parts: queue.SimpleQueue[tuple[str, str]] = queue.SimpleQueue()

        def follow(_: OnEvent) -> None:
            try:
                self._core.logs(environment, lines, True, lambda host, text: parts.put((host, text)))
            finally:
                parts.put(("", ""))

        with Running(follow, self.cancel) as running:
            while (part := parts.get()) != ("", ""):
                yield part
            running.result  # noqa: B018  raises what following raised

    # The ledger

    def ledger_verify(self, expected: LedgerHead | None = None) -> int:
        """Checks the whole chain; returns the number of entries. Raises CorruptError that names the first bad one.

        expected: a head that was noted earlier: an end that is missing since, or a history rewritten as a whole, is found out by it alone."""
        return self._core.ledger_verify(expected)

    def ledger_head(self) -> LedgerHead:
        """The newest entry: to be noted where the ledger cannot be reached from."""
        return self._core.ledger_head()

    def ledger_entries(self, after: int = 0) -> list[LedgerEntry]:
        """The entries after the `after`-th, oldest first."""
        entries: list[LedgerEntry] = []
        self._core.ledger_entries(after, entries.append)
        return entries

    def ledger_export(self, file: _TextSink) -> None:
        """Writes every entry as one JSON line, oldest first."""

        def sink(line: str) -> None:
            file.write(line + "\n")

        self._core.ledger_export(sink)


def _forget_in_child() -> None:
    """A forked child has none of the parent's threads: it must not wait for their calls."""
    _open.clear()


os.register_at_fork(after_in_child=_forget_in_child)
