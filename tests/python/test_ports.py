"""Parts of one's own, written in Python."""

from __future__ import annotations

import dataclasses
import threading
import unittest
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone

import libdeploy
from libdeploy import Outcome, ports
from libdeploy.ports import AppendResult, AppendStatus, Checkpoint, Lease, LeaseClaim, LeaseHolder, LedgerEntry, LedgerHead
from libdeploy.simulation import World
from places import function_names, pipeline, raised_by, shipped


class Monitoring:
    """A prober that answers from a list, and healthy after it."""

    def __init__(self, answers: Sequence[object] = ()) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, str]] = []

    def attempt(self, probe: libdeploy.HealthProbe, host: libdeploy.Host, container: str, limits: ports.CallLimits) -> libdeploy.ProbeTry | libdeploy.ProbeAnswer:
        self.asked.append((host.url, container))
        answer = self.answers.pop(0) if self.answers else libdeploy.ProbeAnswer.success
        if isinstance(answer, BaseException):
            raise answer
        return answer  # type: ignore[return-value]


class Probers(unittest.TestCase):
    def setUp(self) -> None:
        self.world = World(pipeline())

    def promote(self, prober: Monitoring, version: str = "1.0.0") -> libdeploy.Deployment:
        with self.world.open(prober=prober) as deployer:
            return deployer.promote(shipped(self.world, deployer, version), to="staging")

    def test_its_word_counts(self) -> None:
        prober = Monitoring()
        self.assertEqual(Outcome.succeeded, self.promote(prober).outcome)
        self.assertEqual({"ssh://deploy@staging.example"}, {host for host, _ in prober.asked})
        failing = libdeploy.ProbeTry(answer=libdeploy.ProbeAnswer.failure, detail="nobody can pay", latency=timedelta(milliseconds=7))
        done = self.promote(Monitoring([failing] * 70), "1.0.1")
        self.assertEqual(Outcome.rolled_back, done.outcome)
        found = done.evidence[0].probe.tries[-1]
        self.assertEqual(("nobody can pay", timedelta(milliseconds=7)), (found.detail, found.latency))
        self.assertGreater(found.time, datetime(2020, 1, 1, tzinfo=timezone.utc))

    def test_what_it_raises_comes_back_as_itself_after_the_way_back(self) -> None:
        self.promote(Monitoring())
        mine = KeyError("the monitoring has no such page")
        self.assertIs(mine, raised_by(lambda: self.promote(Monitoring([mine]), "1.0.1")))
        self.assertEqual("attempt", function_names(mine)[-1])
        ended = mine.deployment  # type: ignore[attr-defined]
        self.assertEqual((Outcome.rolled_back, "1.0.0"), (ended.outcome, ended.live.version))
        with self.world.open() as deployer:
            self.assertEqual("1.0.0", deployer.status("staging").live.version)

    def test_an_error_of_the_library_is_taken_by_its_code(self) -> None:
        away = libdeploy.UnreachableError("the monitoring is away", area="probe")
        with self.assertRaises(libdeploy.UnreachableError) as caught:
            self.promote(Monitoring([away]))
        self.assertIs(away, caught.exception)
        self.assertTrue(any("the monitoring is away" in reason for reason in caught.exception.deployment.reasons))  # type: ignore[attr-defined]

    def test_a_wrong_answer_is_a_type_error(self) -> None:
        for answer, words in [("healthy", "prober.attempt.result is ProbeTry"), (None, "given as NoneType"),
                              (libdeploy.ProbeTry(detail=7), "ProbeTry.detail is a str")]:  # type: ignore[arg-type]
            self.world = World(pipeline())
            with self.assertRaisesRegex(TypeError, words):
                self.promote(Monitoring([answer]))

    def test_keyboard_interrupt_and_exit_come_through_as_well(self) -> None:
        for raised in (KeyboardInterrupt(), SystemExit(3)):
            self.world = World(pipeline())
            with self.assertRaises(type(raised)):
                self.promote(Monitoring([raised]))

    def test_limits_say_how_long(self) -> None:
        seen: list[object] = []

        class Slow(Monitoring):
            def attempt(self, probe, host, container, limits):  # type: ignore[no-untyped-def]
                seen.extend([limits.timeout, limits.stop_requested, limits.wait(timedelta(milliseconds=1))])
                return super().attempt(probe, host, container, limits)

        self.promote(Slow())
        self.assertGreaterEqual(seen[0], timedelta(seconds=5))  # the probe's own timeout, and a moment for the way
        self.assertEqual([False, False], seen[1:3])


class ApprovalChecks(unittest.TestCase):
    class Rota:
        def __init__(self, answer: Callable[[libdeploy.Decision], str | None]) -> None:
            self.answer = answer

        def objection(self, decision: libdeploy.Decision, limits: ports.CallLimits) -> str | None:
            return self.answer(decision)

    def setUp(self) -> None:
        self.world = World(pipeline(production={"freeze": []}))
        with self.world.open(actor="ci") as deployer:
            self.release = shipped(self.world, deployer, "1.0.0")
            deployer.promote(self.release, to="staging")

    def test_it_has_the_last_word(self) -> None:
        seen: list[libdeploy.Decision] = []

        def answer(decision: libdeploy.Decision) -> str | None:
            seen.append(decision)
            return None if decision.approver == "bob" else f"{decision.approver} is not on duty today"

        with self.world.open(actor="alice", approval_check=self.Rota(answer)) as alice:
            with self.assertRaisesRegex(libdeploy.UnauthorizedError, "alice is not on duty today"):
                alice.approve(self.release, to="production")
        with self.world.open(actor="bob", approval_check=self.Rota(answer)) as bob:
            bob.approve(self.release, to="production", comment="ok")
        with self.world.open(actor="ci", approval_check=self.Rota(answer)) as deployer:
            self.assertTrue(deployer.promote(self.release, to="production").succeeded)
        self.assertEqual([("alice", ""), ("bob", "ok")], [(d.approver, d.comment) for d in seen[:2]])
        self.assertEqual(str(self.release.digest), seen[0].digest)

    def test_what_it_raises_comes_out_and_nothing_is_recorded(self) -> None:
        def answer(_: libdeploy.Decision) -> str | None:
            raise ConnectionResetError("the directory hung up")

        with self.world.open(actor="alice", approval_check=self.Rota(answer)) as alice:
            head = alice.ledger_head()
            raised = raised_by(lambda: alice.approve(self.release, to="production"))
            self.assertIsInstance(raised, ConnectionResetError)
            self.assertEqual(["objection", "answer"], function_names(raised)[-2:])
            self.assertEqual(head, alice.ledger_head())


class Clocks(unittest.TestCase):
    class Standing:
        passes_by_itself = False

        def __init__(self) -> None:
            self.time = datetime(2030, 1, 1, tzinfo=timezone.utc)
            self.begun = self.time

        def now(self) -> datetime:
            return self.time

        def elapsed(self) -> timedelta:
            return self.time - self.begun

        def sleep(self, duration: timedelta, limits: ports.CallLimits) -> None:
            self.time += duration

    def test_its_time_is_recorded(self) -> None:
        world = World(pipeline())
        with world.open(clock=self.Standing()) as deployer:
            done = deployer.promote(shipped(world, deployer, "1.0.0"), to="staging")
        self.assertEqual((Outcome.succeeded, 2030), (done.outcome, done.started.year))

    def test_a_time_without_zone_is_refused(self) -> None:
        clock = self.Standing()
        clock.time = datetime(2030, 1, 1)
        with self.assertRaisesRegex(ValueError, "clock.now.result: a time needs its zone"):
            world = World(pipeline())
            shipped(world, world.open(clock=clock), "1.0.0")


class MemoryStore:
    """A ledger store as small as one can be."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.entries: list[LedgerEntry] = []
        self.leases: dict[str, Lease] = {}
        self.tokens: dict[str, int] = {}
        self.kept: Checkpoint | None = None
        self.trouble: BaseException | None = None

    def head(self) -> LedgerHead:
        return LedgerHead(self.entries[-1].seq, self.entries[-1].hash) if self.entries else LedgerHead()

    def read(self, after: int, limit: int) -> list[LedgerEntry]:
        return self.entries[after:after + limit]

    def _is_ours(self, claim: LeaseClaim) -> bool:
        return claim.name in self.leases and self.leases[claim.name].token == claim.token

    def append(self, expected: LedgerHead, claim: LeaseClaim | None, entries: Sequence[LedgerEntry]) -> AppendResult:
        with self.lock:
            if self.trouble is not None:
                raise self.trouble
            if claim is not None and not self._is_ours(claim):
                return AppendResult(AppendStatus.fenced, self.head())
            if self.head() != expected:
                return AppendResult(AppendStatus.conflict, self.head())
            self.entries.extend(entries)
            return AppendResult(AppendStatus.done, self.head())

    def acquire(self, name: str, holder: LeaseHolder, ttl: timedelta, now: datetime, may_take_over: Callable[[Lease], bool]) -> Lease | None:
        with self.lock:
            held = self.leases.get(name)
            if held is not None and held.expires > now and not may_take_over(held):
                return None
            self.tokens[name] = self.tokens.get(name, 0) + 1
            self.leases[name] = Lease(name, holder, self.tokens[name], now, now + ttl)
            return self.leases[name]

    def renew(self, claim: LeaseClaim, ttl: timedelta, now: datetime) -> bool:
        with self.lock:
            if not self._is_ours(claim):
                return False
            self.leases[claim.name] = dataclasses.replace(self.leases[claim.name], expires=now + ttl)
            return True

    def release(self, claim: LeaseClaim) -> None:
        with self.lock:
            if self._is_ours(claim):
                del self.leases[claim.name]

    def lease(self, name: str) -> Lease | None:
        return self.leases.get(name)

    def checkpoint(self) -> Checkpoint | None:
        return self.kept

    def save_checkpoint(self, checkpoint: Checkpoint) -> None:
        self.kept = checkpoint


class Stores(unittest.TestCase):
    def setUp(self) -> None:
        self.world, self.store = World(pipeline()), MemoryStore()

    def test_the_ledger_is_in_it(self) -> None:
        with self.world.open(ledger_store=self.store) as deployer:
            release = shipped(self.world, deployer, "1.0.0")
            self.assertTrue(deployer.promote(release, to="staging").succeeded)
            self.assertEqual(len(self.store.entries), deployer.ledger_verify())
            self.assertEqual(self.store.entries, deployer.ledger_entries())
            self.assertEqual({}, self.store.leases)
        with self.world.open(ledger_store=self.store) as again:
            self.assertEqual("1.0.0", again.status("staging").live.version)

    def test_an_entry_that_was_changed_is_found_out(self) -> None:
        with self.world.open(ledger_store=self.store) as deployer:
            shipped(self.world, deployer, "1.0.0")
            self.store.entries[0] = dataclasses.replace(self.store.entries[0], actor="eve")
            with self.assertRaises(libdeploy.CorruptError):
                deployer.ledger_verify()

    def test_another_run_holds_the_environment(self) -> None:
        with self.world.open(ledger_store=self.store, actor="ci") as deployer:
            release = shipped(self.world, deployer, "1.0.0")
            here = Lease("staging", LeaseHolder("bob", "elsewhere", 1, "then"), 9, self.world.now(), self.world.now() + timedelta(hours=1))
            self.store.leases["staging"] = here
            self.assertEqual(here, deployer.status("staging").lease)
            with self.assertRaisesRegex(libdeploy.LeaseHeldError, "bob"):
                deployer.promote(release, to="staging")

    def test_what_it_raises_comes_back_as_itself(self) -> None:
        with self.world.open(ledger_store=self.store) as deployer:
            release = shipped(self.world, deployer, "1.0.0")
            for trouble in (OSError("the disk is full"), libdeploy.IoError("the disk is full", area="ledger")):
                self.store.trouble = trouble
                self.assertIs(trouble, raised_by(lambda: deployer.promote(release, to="staging")))
                self.assertIn("append", function_names(trouble))
            self.store.trouble = None
            self.assertTrue(all(d.outcome == Outcome.cancelled or d.succeeded for d in deployer.resume("staging")))
            self.assertTrue(deployer.promote(release, to="staging").succeeded)


class Secrets(unittest.TestCase):
    def test_they_are_asked_for_by_source_and_never_shown(self) -> None:
        asked: list[object] = []

        def secrets(source: libdeploy.SecretSource) -> str:
            asked.append(source)
            return "s3cret-word"

        world = World(pipeline(production={"freeze": []}))
        events: list[libdeploy.Event] = []
        with world.open(actor="ci", secrets=secrets, on_event=events.append) as deployer:
            release = shipped(world, deployer, "1.0.0")
            deployer.promote(release, to="staging")
            with world.open(actor="alice") as alice:
                alice.approve(release, to="production")
            done = deployer.promote(release, to="production")
            self.assertTrue(done.succeeded)
            self.assertIn(libdeploy.SecretFromEnv("SHOP_KEY"), asked)
            self.assertNotIn("s3cret-word", repr(events) + repr(done) + repr(deployer.ledger_entries()))

    def test_what_it_raises_comes_back_as_itself(self) -> None:
        def vault(source: libdeploy.SecretSource) -> str:
            raise LookupError("the vault is sealed")

        world = World(pipeline(staging={"container": {"name": "s", "ports": ["8081:80"], "env": {"KEY": {"env": "KEY"}}}}))
        with world.open(secrets=vault) as deployer:
            release = shipped(world, deployer, "1.0.0")
            raised = raised_by(lambda: deployer.promote(release, to="staging"))
            self.assertIsInstance(raised, LookupError)
            self.assertEqual("vault", function_names(raised)[-1])
            self.assertIsNone(deployer.status("staging").live)
