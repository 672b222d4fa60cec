"""The simulator: hosts, Engines, registry, ledger, probes and a clock, all in memory. What runs in it is the library itself; it does not know.

    world = World(Config.load("deploy.json"))
    with world.open(actor="ci") as deployer:
        bad = deployer.add_release(world.publish("1.0.1", "unhealthy"), "1.0.1")
        assert deployer.promote(bad, to="staging").outcome == "rolled_back"

Nothing here connects to anything, resolves a secret, or waits. The same script on the same configuration takes the same course, always.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from libdeploy import _core
from libdeploy._config import Config
from libdeploy._deployer import Deployer
from libdeploy._enums import Word
from libdeploy._narration import OnEvent
from libdeploy._records import Record
from libdeploy._values import Image, Version

if TYPE_CHECKING:
    from libdeploy.ports import ApprovalCheck, Clock, LedgerStore, Prober, Secrets

__all__ = [
    "Action",
    "Rehearsal",
    "Script",
    "SimulationReport",
    "Verb",
    "Violation",
    "World",
    "broken_promise",
    "random_script",
    "rehearse",
    "shrink",
    "simulate",
]


class Verb(Word):
    """What one line of a script does."""

    ship = "ship"
    build = "build"
    promote = "promote"
    approve = "approve"
    deny = "deny"
    freeze = "freeze"
    unfreeze = "unfreeze"
    rollback = "rollback"
    resume = "resume"
    lift = "lift"
    wait = "wait"
    fail = "fail"
    fail_after = "fail_after"
    hang = "hang"
    hang_after = "hang_after"
    kill = "kill"
    kill_after = "kill_after"
    pause = "pause"
    cut = "cut"
    mend = "mend"
    reboot = "reboot"
    restart_engine = "restart_engine"
    fill_disk = "fill_disk"
    free_disk = "free_disk"
    occupy = "occupy"
    vacate = "vacate"
    jump = "jump"
    move_tag = "move_tag"
    erase = "erase"
    registry_down = "registry_down"
    registry_up = "registry_up"
    stop_by_hand = "stop_by_hand"
    remove_by_hand = "remove_by_hand"


@dataclass(frozen=True)
class Action:
    """One line of a script. What does not belong to its verb is empty."""

    verb: Verb
    at: int = 0
    """0: in its order. N: at the N-th port call of the command before it."""
    meanwhile: bool = False
    release: str = ""
    environment: str = ""
    host: str = ""
    actor: str = ""
    machine: str = ""
    word: str = ""
    """An application's behaviour, an error's code, "undo"."""
    duration: timedelta = timedelta()


@dataclass(frozen=True)
class Script:
    """Who does what, in order, and what goes wrong. `str()` gives its text, a line for each action."""

    seed: int = 0
    actions: tuple[Action, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Script:
        """Raises InvalidArgumentError that names the line."""
        return _core.script_parse(text)

    def __str__(self) -> str:
        return _core.script_str(self)


@dataclass(frozen=True)
class Violation:
    """A promise of the library that was broken."""

    invariant: int
    sentence: str


@dataclass(frozen=True)
class SimulationReport(Record):
    """What came of a script."""

    violation: Violation | None
    story: tuple[str, ...]
    outcomes: Mapping[str, int] = field(hash=False)
    calls: tuple[int, ...]
    events: int


@dataclass(frozen=True)
class Rehearsal(Record):
    runs: int
    events: int
    outcomes: Mapping[str, int] = field(hash=False)
    violation: Violation | None
    seed: int
    """Of the run that broke a promise."""
    script: Script
    """The shortest script that breaks it."""


class SimulatedDeployer(Deployer):
    """A deployer in a world; made by World.open()."""

    def __init__(self, world: World, **arguments: Any) -> None:
        self._world = world
        super().__init__(world.config, **arguments)

    def _open_core(self, config: Config, **arguments: Any) -> _core.Deployer:
        return self._world._core.open(**arguments)


class World:
    """A world to act in. One thread at a time acts in it: others wait for their turn."""

    def __init__(self, config: Config) -> None:
        self._core = _core.World(config)
        self.config = self._core.config()
        """As it is played: signatures of decisions, and what a probe expects of an answer but its status, are taken as given."""

    def open(
        self,
        *,
        actor: str | None = None,
        on_event: OnEvent | None = None,
        ledger_store: LedgerStore | None = None,
        prober: Prober | None = None,
        approval_check: ApprovalCheck | None = None,
        clock: Clock | None = None,
        secrets: Secrets | None = None,
    ) -> Deployer:
        """A deployer in this world. Parts of your own are used; all else is simulated (secrets: placeholders)."""
        return SimulatedDeployer(self, actor=actor, on_event=on_event, ledger_store=ledger_store, prober=prober, approval_check=approval_check, clock=clock,
                                 secrets=secrets)

    def publish(self, version: Version | str, behaviour: str = "good") -> Image:
        """Somebody pushes an image under the version's tag.

        behaviour: what the application in it does: good, slow, late, unhealthy, crashing, fading, hanging, silent, deaf, unstartable."""
        return self._core.publish(str(version), behaviour)

    def prepare_build(self, behaviour: str = "good") -> None:
        """What the next build gives; good applications after that."""
        self._core.prepare_build(behaviour)

    def happen(self, line: str) -> None:
        """Something happens to the world: one line as in scripts, `reboot host=ssh://one`. Raises InvalidArgumentError, NotFoundError; nothing happened."""
        self._core.happen(line)

    def now(self) -> datetime:
        """The world's wall clock."""
        return self._core.now()

    def advance(self, duration: timedelta) -> None:
        """Time passes."""
        self._core.advance(duration)


def simulate(config: Config, script: Script) -> SimulationReport:
    """Plays the script, then mends everything and lets `resume` finish what is open. Nine promises are checked from outside, after every event."""
    return _core.simulate(config, script)


def random_script(config: Config, seed: int, *, faults: bool = True) -> Script:
    """A script that the seed decides on. Without `faults` only people and applications misbehave."""
    return _core.random_script(config, seed, faults)


def shrink(config: Config, script: Script) -> Script:
    """The shortest script found that breaks the same promise; the script itself when it breaks none."""
    return _core.shrink(config, script)


def broken_promise(invariant: int) -> str:
    """An invariant as a sentence."""
    return _core.broken_promise(invariant)


def rehearse(config: Config, *, seed: int = 1, runs: int = 200, faults: bool = False, on_line: Callable[[str], None] | None = None) -> Rehearsal:
    """Rehearses this configuration: what would happen to its environments. `on_line` gets the story, line by line."""
    return _core.rehearse(config, seed, runs, faults, on_line)
