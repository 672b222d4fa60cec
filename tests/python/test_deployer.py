"""The deployer, on the simulator: every method, every way to end."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import pickle
import tempfile
import unittest
from datetime import timedelta, timezone
from pathlib import Path

import libdeploy
from libdeploy import EventKind, Outcome
from libdeploy.simulation import World
from places import function_names, pipeline, raised_by, shipped


class Story(unittest.TestCase):
    def setUp(self) -> None:
        self.world = World(pipeline(production={"freeze": []}))
        self.events: list[libdeploy.Event] = []
        self.deployer = self.world.open(actor="ci", on_event=self.events.append)
        self.addCleanup(self.deployer.close)

    def approve(self, release: libdeploy.Release) -> libdeploy.Decision:
        with self.world.open(actor="alice") as alice:
            return alice.approve(release, to="production", comment="looks good")

    def live(self, version: str) -> libdeploy.Release:
        release = shipped(self.world, self.deployer, version)
        self.assertEqual("succeeded", self.deployer.promote(release, to="staging").outcome)
        self.approve(release)
        self.assertTrue(self.deployer.promote(release, to="production").succeeded)
        return release

    def test_from_build_to_production(self) -> None:
        release = shipped(self.world, self.deployer, "1.0.0")
        self.assertEqual(("shop", libdeploy.Version("1.0.0"), "ci", timezone.utc), (release.application, release.version, release.creator, release.created.tzinfo))
        staged = self.deployer.promote(release, to="staging")
        self.assertEqual((Outcome.succeeded, libdeploy.LiveVersion("1.0.0", str(release.digest)), None), (staged.outcome, staged.live, staged.gap))
        self.assertGreater(staged.duration, timedelta(seconds=1))
        blocked = self.deployer.promote(release, to="production")
        self.assertEqual(Outcome.blocked, blocked.outcome)
        self.assertIn("waits for approval", blocked.reasons[0])
        self.assertEqual(["approval"], [gate.gate for gate in blocked.gates if not gate.allowed])
        decision = self.approve(release)
        self.assertEqual((True, "alice", str(release.digest), None, "looks good"), (decision.granted, decision.approver, decision.digest, decision.replaces, decision.comment))
        done = self.deployer.promote("1.0.0", to="production")
        self.assertTrue(done.succeeded)
        self.assertEqual(done, self.deployer.show(done.id[:10]))
        status = self.deployer.status("production")
        self.assertEqual((done.live, done.id, "alice"), (status.live, status.live_deployment, decision.approver))
        self.assertEqual([done.id, blocked.id], [d.id for d in self.deployer.history("production")])
        self.assertEqual("promotion of 1.0.0 to production: succeeded, 1.0.0 is live", str(done))

    def test_a_denial_changes_nothing(self) -> None:
        first = self.live("1.0.0")
        second = shipped(self.world, self.deployer, "1.0.1")
        self.deployer.promote(second, to="staging")
        with self.world.open(actor="bob") as bob:
            self.assertFalse(bob.deny(second, to="production", comment="not on a Friday").granted)
        self.approve(second)
        done = self.deployer.promote(second, to="production")
        self.assertEqual((Outcome.blocked, "1.0.0"), (done.outcome, done.live and done.live.version))
        self.assertEqual(str(first.digest), self.deployer.status("production").live.digest)

    def test_an_unhealthy_release_does_not_stay(self) -> None:
        self.live("1.0.0")
        bad = shipped(self.world, self.deployer, "1.0.1", "unhealthy")
        done = self.deployer.promote(bad, to="staging")
        self.assertEqual((Outcome.rolled_back, "1.0.0"), (done.outcome, done.live and done.live.version))
        found = done.evidence[0]
        self.assertEqual(("running", "unhealthy", "ssh://deploy@staging.example"), (found.status, found.probe.verdict, found.host))
        self.assertEqual("failure", found.probe.tries[-1].answer)
        self.assertIn("503", found.probe.tries[-1].detail)
        self.assertEqual(["1.0.1"], [q.version for q in self.deployer.status("staging").quarantined])
        self.assertIn(EventKind.quarantined, [event.kind for event in self.events])
        self.deployer.lift_quarantine(bad.digest, "tried again by hand")
        self.assertEqual((), self.deployer.status("staging").quarantined)

    def test_going_back_by_hand(self) -> None:
        self.live("1.0.0")
        self.live("1.0.1")
        self.assertEqual("1.0.0", self.deployer.status("production").rollback_target)
        done = self.deployer.rollback("production")
        self.assertEqual(("rollback", Outcome.succeeded, "1.0.0"), (done.kind, done.outcome, done.live and done.live.version))
        with self.assertRaises(libdeploy.NoRollbackTargetError):
            self.deployer.rollback("production")

    def test_plan_and_gates_change_nothing(self) -> None:
        release = shipped(self.world, self.deployer, "1.0.0")
        head = self.deployer.ledger_head()
        report = self.deployer.plan(release, to="staging")
        self.assertFalse(report.blocked or report.nothing_to_do)
        self.assertEqual((release, "staging", "preflight"), (report.plan.release, report.plan.environment, report.plan.steps[0].kind))
        gates = self.deployer.gates(release, to="production")
        self.assertIn("upstream_verified", [gate.gate for gate in gates if not gate.allowed])
        self.assertTrue(self.deployer.plan(release, to="production").blocked)
        self.assertEqual(head, self.deployer.ledger_head())

    def test_a_freeze_holds_until_it_is_taken_back(self) -> None:
        release = shipped(self.world, self.deployer, "1.0.0")
        for environment in ("staging", ""):
            self.deployer.freeze(environment, "stocktaking")
            self.assertEqual(Outcome.blocked, self.deployer.promote(release, to="staging").outcome)
            self.deployer.unfreeze(environment)
        self.assertTrue(self.deployer.promote(release, to="staging").succeeded)

    def test_drafts_record_nothing(self) -> None:
        release = shipped(self.world, self.deployer, "1.0.0")
        head = self.deployer.ledger_head()
        with self.world.open(actor="alice") as alice:
            draft = alice.draft_decision(release, to="production", granted=False, comment="no")
        self.assertEqual((False, "alice", "no"), (draft.granted, draft.approver, draft.comment))
        self.assertIn(str(release.digest), draft.text)
        self.assertEqual(head, self.deployer.ledger_head())
        with self.assertRaises(libdeploy.UnauthorizedError) as refused:
            self.deployer.approve(release, to="production")
        self.assertIsInstance(refused.exception, PermissionError)

    def test_run_builds_and_goes_as_far_as_it_may(self) -> None:
        done = self.deployer.run()
        self.assertEqual([("staging", "succeeded"), ("production", "blocked")], [(d.environment, d.outcome) for d in done])
        self.world.prepare_build("unhealthy")
        release = self.deployer.build()
        self.assertEqual((2, release), (release.build, self.deployer.find_release()))
        self.assertEqual((release, *self.deployer.releases()[1:]), self.deployer.releases())
        self.assertTrue(self.deployer.build(rollback_never=True).rollback_never)

    def test_hosts_are_compared_adopted_and_looked_at(self) -> None:
        self.live("1.0.0")
        self.assertEqual((), self.deployer.verify("staging").drift)
        self.world.happen("stop_by_hand to=staging host=ssh://deploy@staging.example")
        self.assertEqual(["stopped"], [drift.what for drift in self.deployer.verify("staging").drift])
        self.assertEqual({"ssh://deploy@one.example", "ssh://deploy@two.example"}, set(self.deployer.logs("production", lines=5)))
        self.assertIn("host", {check.name for check in self.deployer.doctor()})
        self.assertEqual((), self.deployer.resume())

    def test_the_ledger_can_be_checked_read_and_taken_away(self) -> None:
        self.live("1.0.0")
        head = self.deployer.ledger_head()
        self.assertEqual(head.seq, self.deployer.ledger_verify(head))
        entries = self.deployer.ledger_entries()
        self.assertEqual((head.seq, head.hash), (len(entries), entries[-1].hash))
        self.assertEqual(entries[5:], self.deployer.ledger_entries(after=5))
        self.assertEqual(head, libdeploy.LedgerHead.parse(str(head)))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "ledger.jsonl")
            with path.open("w") as file:
                self.deployer.ledger_export(file)
            self.assertEqual(head, libdeploy.verify_exported_ledger(path, head))
            path.write_text(path.read_text().replace('"ci"', '"eve"', 1))
            with self.assertRaises(libdeploy.CorruptError) as caught:
                libdeploy.verify_exported_ledger(path)
            self.assertEqual("1", caught.exception.details["line"])

    def test_records_have_a_json_form_copies_and_hashes(self) -> None:
        release = self.live("1.0.0")
        bad = self.deployer.promote(shipped(self.world, self.deployer, "1.0.1", "unhealthy"), to="staging")
        records = [release, bad, self.deployer.status("staging"), self.deployer.verify("staging"), self.deployer.plan(release, to="staging"), self.events[0],
                   bad.evidence[0].probe, *self.deployer.doctor()]
        for record in records:
            self.assertEqual(json.loads(record.to_json()), record.to_dict())
            self.assertEqual(record, pickle.loads(pickle.dumps(record)))
            hash(record)
            self.assertTrue(repr(record).startswith(type(record).__name__ + "("))
        self.assertEqual("rolled_back", bad.to_dict()["outcome"])
        self.assertEqual("event", self.events[0].to_dict()["type"])

    def test_a_wrong_argument_is_refused_before_anything_is_done(self) -> None:
        head = self.deployer.ledger_head()
        for call in (lambda: self.deployer.add_release("no good:", "1.0.0"), lambda: self.deployer.add_release("x/y:1", "one"), lambda: self.deployer.lift_quarantine("x", "y")):
            with self.assertRaises(libdeploy.InvalidArgumentError):
                call()
        with self.assertRaises(libdeploy.NotFoundError):
            self.deployer.promote("9.9.9", to="staging")
        with self.assertRaises(TypeError):
            self.deployer.promote(7, to="staging")  # type: ignore[arg-type]
        with self.assertRaises(TypeError):
            self.deployer.status(7)  # type: ignore[arg-type]
        with self.assertRaises(libdeploy.InvalidArgumentError):
            self.world.open(actor="")
        self.assertEqual(head, self.deployer.ledger_head())

    def test_a_closed_deployer_says_so(self) -> None:
        self.deployer.close()
        self.deployer.close()
        with self.assertRaisesRegex(libdeploy.InvalidArgumentError, "closed"):
            self.deployer.releases()
        self.deployer.cancel()


class Events(unittest.TestCase):
    def setUp(self) -> None:
        self.world = World(pipeline())

    def test_a_loop_over_events_ends_with_the_result(self) -> None:
        with self.world.open() as deployer:
            release = shipped(self.world, deployer, "1.0.0")
            running = deployer.promote_iter(release, to="staging")
            kinds = [event.kind for event in running]
            self.assertEqual(("deployment_started", "deployment_finished"), (next(k for k in kinds if k != "gate_answered"), kinds[-1]))
            self.assertTrue(running.result.succeeded)
            with self.assertRaises(StopIteration):
                next(running)
            self.assertEqual(["staging", "production"], [d.environment for d in deployer.run_iter().result])

    def test_what_the_call_raises_comes_out_of_the_loop(self) -> None:
        with self.world.open() as deployer:
            running = deployer.promote_iter("9.9.9", to="staging")
            with self.assertRaises(libdeploy.NotFoundError):
                list(running)
            with self.assertRaises(libdeploy.NotFoundError):
                _ = running.result

    def test_leaving_the_with_block_cancels(self) -> None:
        with self.world.open() as deployer:
            release = shipped(self.world, deployer, "1.0.0")
            with deployer.promote_iter(release, to="staging") as running:
                next(iter(running))
            with contextlib.suppress(libdeploy.CancelledError):  # so early that there is no deployment yet
                self.assertIn(running.result.outcome, (Outcome.cancelled, Outcome.succeeded))

    def test_what_a_listener_raises_cancels_the_call_and_comes_out_of_it(self) -> None:
        def listener(event: libdeploy.Event) -> None:
            if event.step == "start":
                raise LookupError("enough")

        with self.world.open() as deployer:
            release = shipped(self.world, deployer, "1.0.0")
            raised = raised_by(lambda: deployer.promote(release, to="staging", on_event=listener))
            self.assertIsInstance(raised, LookupError)
            self.assertEqual("listener", function_names(raised)[-1])
            self.assertIsNone(deployer.status("staging").live)
            self.assertTrue(deployer.promote(release, to="staging").succeeded)  # the listener is gone with its call

    def test_events_reach_the_logger(self) -> None:
        with self.world.open() as deployer, self.assertLogs("libdeploy", logging.INFO) as logs:
            deployer.promote(shipped(self.world, deployer, "1.0.0", "unhealthy"), to="staging")
        levels = {record.levelname for record in logs.records}
        self.assertIn("WARNING", levels)
        self.assertIn("INFO", levels)
        self.assertNotIn("DEBUG", levels)
        self.assertTrue(all(isinstance(record.event, libdeploy.Event) for record in logs.records))  # type: ignore[attr-defined]
        self.assertIn("staging ssh://deploy@staging.example: check engine, ports and names", [record.getMessage() for record in logs.records])

    def test_without_a_logger_nothing_is_printed(self) -> None:
        with self.world.open() as deployer, contextlib.redirect_stderr(io.StringIO()) as printed:
            deployer.promote(shipped(self.world, deployer, "1.0.0", "unhealthy"), to="staging")
        self.assertEqual("", printed.getvalue())
