"""For asyncio: the same calls, awaited. A task that is cancelled cancels its call, and ends when the changes are undone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from libdeploy._config import Config
from libdeploy._deployer import Deployer
from libdeploy._narration import OnEvent
from libdeploy._records import (
    Decision,
    Deployment,
    DoctorCheck,
    DriftReport,
    EnvironmentStatus,
    Event,
    GateAnswer,
    LedgerEntry,
    LedgerHead,
    PlanReport,
    Release,
)
from libdeploy._values import Digest, Image, Version

if TYPE_CHECKING:
    from libdeploy._deployer import _TextSink

__all__ = ["AsyncDeployer", "AsyncRunning"]

R = TypeVar("R")


class AsyncRunning(Generic[R]):
    """`async for` gives the events as they happen; awaiting it gives the outcome. Leaving the loop early does not stop the call."""

    def __init__(self, start: Callable[[OnEvent], Awaitable[R]]) -> None:
        loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[Event | None] = asyncio.Queue()

        def listener(event: Event) -> None:
            loop.call_soon_threadsafe(self._queue.put_nowait, event)

        async def call() -> R:
            try:
                return await start(listener)
            finally:
                loop.call_soon(self._queue.put_nowait, None)

        self._task = asyncio.ensure_future(call())

    async def __aiter__(self) -> AsyncIterator[Event]:
        try:
            while (event := await self._queue.get()) is not None:
                yield event
        except asyncio.CancelledError:
            await self.cancel()
            raise
        await self._task

    def __await__(self) -> Any:
        return self._task.__await__()

    async def cancel(self) -> None:
        """Stops the call, and waits until its changes are undone."""
        self._task.cancel()
        await asyncio.wait([self._task])


class AsyncDeployer:
    """A `Deployer` whose calls are awaited; its methods are those of `Deployer`, but for `follow_logs`.

        async with AsyncDeployer(Config.load("deploy.json"), actor="ci") as deployer:
            done = await deployer.promote(to="staging")

    deployer: one that is opened already (a simulated one, say) instead of a configuration. Callbacks are called from another thread.
    """

    def __init__(self, config: Config | None = None, *, deployer: Deployer | None = None, **arguments: Any) -> None:
        if (config is None) == (deployer is None):
            raise TypeError("an AsyncDeployer takes a configuration or an open deployer")
        self._deployer = deployer if deployer is not None else Deployer(config, **arguments)  # type: ignore[arg-type]
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="libdeploy")

    @property
    def config(self) -> Config:
        return self._deployer.config

    async def __aenter__(self) -> AsyncDeployer:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Cancels what runs, waits for its end, and lets go of the ledger."""
        await asyncio.get_running_loop().run_in_executor(None, self._deployer.close)
        self._threads.shutdown()

    def cancel(self) -> None:
        """From any thread: the running call ends, its changes undone."""
        self._deployer.cancel()

    async def _call(self, call: Callable[..., R], *args: Any, **kwargs: Any) -> R:
        running = self._threads.submit(call, *args, **kwargs)
        ended = asyncio.wrap_future(running)
        try:
            return await asyncio.shield(ended)
        except asyncio.CancelledError:
            if not running.cancel():  # it waits for its turn no more, or it has begun
                await self._end(ended)
            raise

    async def _end(self, ended: asyncio.Future[Any]) -> None:
        """Until the call has ended: another cancellation meanwhile does not leave it alone with half-done work."""
        while not ended.done():
            self._deployer.cancel()  # again and again: a call that had only just begun would not have heard it
            try:
                await asyncio.wait([ended], timeout=0.05)
            except asyncio.CancelledError:
                continue
        ended.exception()  # looked at: what cancelling made of the call is not news

    async def build(self, *, build: int = 0, rollback_never: bool = False, on_event: OnEvent | None = None) -> Release:
        """Builds once, pushes once, adds every tag, registers the release. `build`: its number, 0 for the ledger's next."""
        return await self._call(self._deployer.build, build=build, rollback_never=rollback_never, on_event=on_event)

    async def add_release(self, image: Image | str, version: Version | str, *, rollback_never: bool = False) -> Release:
        """Registers an image that something else built; its tag is resolved to a digest. Raises NotFoundError, TagMovedError ..."""
        return await self._call(self._deployer.add_release, image, version, rollback_never=rollback_never)

    async def releases(self) -> tuple[Release, ...]:
        """Newest first."""
        return await self._call(self._deployer.releases)

    async def find_release(self, selector: str = "") -> Release:
        """By version, build number, digest or 7 or more hex digits of it; "" is the newest. Raises NotFoundError."""
        return await self._call(self._deployer.find_release, selector)

    async def plan(self, release: Release | Version | Digest | str = "", *, to: str, allow_downgrade: bool = False) -> PlanReport:
        """What promote() would do, and what every gate says. Changes nothing."""
        return await self._call(self._deployer.plan, release, to=to, allow_downgrade=allow_downgrade)

    async def gates(self, release: Release | Version | Digest | str = "", *, to: str, allow_downgrade: bool = False) -> tuple[GateAnswer, ...]:
        """What every gate says, by the ledger, the configuration and the clock alone: no registry, no host."""
        return await self._call(self._deployer.gates, release, to=to, allow_downgrade=allow_downgrade)

    async def promote(self, release: Release | Version | Digest | str = "", *, to: str, allow_downgrade: bool = False, on_event: OnEvent | None = None) -> Deployment:
        """Puts the release into the environment, proves it, and goes back by itself when it fails. See `Outcome` for how it can end."""
        return await self._call(self._deployer.promote, release, to=to, allow_downgrade=allow_downgrade, on_event=on_event)

    async def run(self, *, build: int = 0, rollback_never: bool = False, on_event: OnEvent | None = None) -> tuple[Deployment, ...]:
        """build(), then every environment in order until one does not end in `succeeded`."""
        return await self._call(self._deployer.run, build=build, rollback_never=rollback_never, on_event=on_event)

    async def rollback(self, environment: str, *, to: str = "", quarantine: bool = True, force: bool = False, on_event: OnEvent | None = None) -> Deployment:
        """Goes back to the last verified version before the live one, or to the release `to`."""
        return await self._call(self._deployer.rollback, environment, to=to, quarantine=quarantine, force=force, on_event=on_event)

    async def resume(self, environment: str = "", *, undo: bool = False, on_event: OnEvent | None = None) -> tuple[Deployment, ...]:
        """Finishes (or undoes) what an interrupted run left; "" means every environment. Nothing interrupted: empty."""
        return await self._call(self._deployer.resume, environment, undo=undo, on_event=on_event)

    async def draft_decision(self, release: Release | Version | Digest | str = "", *, to: str, granted: bool = True, comment: str = "") -> Decision:
        """The decision as it stands to be recorded or signed now. Records nothing."""
        return await self._call(self._deployer.draft_decision, release, to=to, granted=granted, comment=comment)

    async def decide(
        self, release: Release | Version | Digest | str = "", *, to: str, granted: bool, comment: str = "", sign_with: str = "", signed_text: str = "", signature: str = ""
    ) -> Decision:
        """Records a decision of this deployer's actor for this release, environment and policy, and gives it as recorded."""
        return await self._call(self._deployer.decide, release, to=to, granted=granted, comment=comment, sign_with=sign_with, signed_text=signed_text, signature=signature)

    async def approve(
        self, release: Release | Version | Digest | str = "", *, to: str, comment: str = "", sign_with: str = "", signed_text: str = "", signature: str = ""
    ) -> Decision:
        """decide() with granted=True."""
        return await self._call(self._deployer.approve, release, to=to, comment=comment, sign_with=sign_with, signed_text=signed_text, signature=signature)

    async def deny(
        self, release: Release | Version | Digest | str = "", *, to: str, comment: str = "", sign_with: str = "", signed_text: str = "", signature: str = ""
    ) -> Decision:
        """decide() with granted=False. Changes nothing on any host, ever."""
        return await self._call(self._deployer.deny, release, to=to, comment=comment, sign_with=sign_with, signed_text=signed_text, signature=signature)

    async def freeze(self, environment: str, reason: str) -> None:
        """Nothing is promoted there until unfreeze(); rollbacks stay possible. "" means every environment, under a switch of its own."""
        await self._call(self._deployer.freeze, environment, reason)

    async def unfreeze(self, environment: str) -> None:
        """Takes freeze() back."""
        await self._call(self._deployer.unfreeze, environment)

    async def lift_quarantine(self, digest: Digest | str, reason: str) -> None:
        """A digest that failed may be offered again."""
        await self._call(self._deployer.lift_quarantine, digest, reason)

    async def status(self, environment: str) -> EnvironmentStatus:
        """What the ledger says of an environment."""
        return await self._call(self._deployer.status, environment)

    async def history(self, environment: str = "") -> tuple[Deployment, ...]:
        """Newest first; "" means of every environment."""
        return await self._call(self._deployer.history, environment)

    async def show(self, deployment: str) -> Deployment:
        """By id or unique prefix. Raises NotFoundError."""
        return await self._call(self._deployer.show, deployment)

    async def verify(self, environment: str) -> DriftReport:
        """Compares the hosts with the ledger."""
        return await self._call(self._deployer.verify, environment)

    async def adopt(self, environment: str) -> tuple[str, ...]:
        """Takes into the ledger what it does not know of the hosts. Returns what was adopted. Raises ConflictError, NotFoundError; nothing was adopted then."""
        return await self._call(self._deployer.adopt, environment)

    async def doctor(self) -> tuple[DoctorCheck, ...]:
        """Checks the configuration against hosts, keys and registry; says what to mend."""
        return await self._call(self._deployer.doctor)

    async def logs(self, environment: str, *, lines: int = 100) -> dict[str, str]:
        """The newest lines of the live containers: host -> text."""
        return await self._call(self._deployer.logs, environment, lines=lines)

    async def ledger_verify(self, expected: LedgerHead | None = None) -> int:
        """Checks the whole chain; returns the number of entries. Raises CorruptError that names the first bad one."""
        return await self._call(self._deployer.ledger_verify, expected)

    async def ledger_head(self) -> LedgerHead:
        """The newest entry: to be noted where the ledger cannot be reached from."""
        return await self._call(self._deployer.ledger_head)

    async def ledger_entries(self, after: int = 0) -> list[LedgerEntry]:
        """The entries after the `after`-th, oldest first."""
        return await self._call(self._deployer.ledger_entries, after)

    async def ledger_export(self, file: _TextSink) -> None:
        """Writes every entry as one JSON line, oldest first."""
        await self._call(self._deployer.ledger_export, file)

    def promote_iter(self, release: Release | Version | Digest | str = "", *, to: str, allow_downgrade: bool = False) -> AsyncRunning[Deployment]:
        """`async for event in (running := d.promote_iter(to="staging")): ...`, then `await running`."""
        return AsyncRunning(lambda listener: self.promote(release, to=to, allow_downgrade=allow_downgrade, on_event=listener))

    def run_iter(self, *, build: int = 0, rollback_never: bool = False) -> AsyncRunning[tuple[Deployment, ...]]:
        """The same for run()."""
        return AsyncRunning(lambda listener: self.run(build=build, rollback_never=rollback_never, on_event=listener))
