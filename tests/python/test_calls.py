"""Threads, signals, callbacks that call back, and the interpreter's end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
import unittest
from datetime import timedelta

import libdeploy
from libdeploy import Outcome
from libdeploy.simulation import World
from places import pipeline, shipped

HERE = os.path.dirname(os.path.abspath(__file__))


class Waiting:
    """A prober that waits until it is told to go on, or to stop."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.go_on = threading.Event()

    def attempt(self, probe, host, container, limits):  # type: ignore[no-untyped-def]
        self.asked.set()
        while not self.go_on.is_set() and not limits.stop_requested:
            time.sleep(0.005)
        return libdeploy.ProbeAnswer.success


def in_thread(call, *args, **kwargs):  # type: ignore[no-untyped-def]
    """Runs the call in a thread; gives what ends it."""
    ended: list[object] = []

    def run() -> None:
        try:
            ended.append(call(*args, **kwargs))
        except BaseException as raised:
            ended.append(raised)

    thread = threading.Thread(target=run)
    thread.start()

    def wait() -> object:
        thread.join(60)
        assert not thread.is_alive(), "the call does not end"
        return ended[0]

    return wait


class Threads(unittest.TestCase):
    def setUp(self) -> None:
        self.world, self.prober = World(pipeline()), Waiting()
        self.deployer = self.world.open(prober=self.prober)
        self.addCleanup(self.deployer.close)
        self.release = shipped(self.world, self.deployer, "1.0.0")

    def test_cancel_from_another_thread_undoes(self) -> None:
        ended = in_thread(self.deployer.promote, self.release, to="staging")
        self.assertTrue(self.prober.asked.wait(30))
        self.deployer.cancel()
        done = ended()
        self.assertEqual((Outcome.cancelled, None), (done.outcome, done.live))  # type: ignore[attr-defined]
        self.assertIsNone(self.deployer.status("staging").live)

    def test_other_threads_run_meanwhile_and_wait_for_their_turn(self) -> None:
        ended = in_thread(self.deployer.promote, self.release, to="staging")
        self.assertTrue(self.prober.asked.wait(30))  # this thread runs: the GIL is free
        waiting = in_thread(self.deployer.status, "staging")
        time.sleep(0.1)
        self.prober.go_on.set()
        self.assertTrue(ended().succeeded)  # type: ignore[attr-defined]
        self.assertEqual("1.0.0", waiting().live.version)  # type: ignore[attr-defined]

    def test_closing_cancels_and_waits(self) -> None:
        ended = in_thread(self.deployer.promote, self.release, to="staging")
        self.assertTrue(self.prober.asked.wait(30))
        self.deployer.close()
        self.assertEqual(Outcome.cancelled, ended().outcome)  # type: ignore[attr-defined]

    def test_a_callback_that_calls_back_is_told_so(self) -> None:
        raised: list[BaseException] = []

        def listener(event: libdeploy.Event) -> None:
            if not raised and event.kind == "step_started":
                try:
                    self.deployer.releases()
                except libdeploy.Error as error:
                    raised.append(error)

        self.prober.go_on.set()
        self.assertTrue(self.deployer.promote(self.release, to="staging", on_event=listener).succeeded)
        self.assertIsInstance(raised[0], libdeploy.InvalidArgumentError)
        self.assertIn("callback", str(raised[0]))

    def test_a_callback_may_cancel(self) -> None:
        def listener(event: libdeploy.Event) -> None:
            if event.step == "create":
                self.deployer.cancel()

        self.assertEqual(Outcome.cancelled, self.deployer.promote(self.release, to="staging", on_event=listener).outcome)

    def test_a_deployer_that_nobody_needs_goes_with_its_listeners(self) -> None:
        import gc
        import weakref

        class Listener:
            def __call__(self, event: libdeploy.Event) -> None:
                pass

        listener = Listener()
        deployer = self.world.open(on_event=listener)
        shipped(self.world, deployer, "1.0.1")
        gone = weakref.ref(listener), weakref.ref(deployer)
        del listener, deployer
        gc.collect()
        self.assertEqual((None, None), tuple(ref() for ref in gone))

    def test_ten_thousand_promotions_from_eight_threads_leave_nothing(self) -> None:
        def resident() -> int:
            with open("/proc/self/statm") as file:
                return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

        def work() -> None:
            for _ in range(25):
                world = World(pipeline())
                with world.open(on_event=lambda event: None, prober=None) as deployer:
                    old, new = shipped(world, deployer, "1.0.0"), shipped(world, deployer, "1.0.1")
                    for _ in range(5):
                        assert deployer.promote(old, to="staging", allow_downgrade=True).succeeded
                        assert deployer.promote(new, to="staging").succeeded

        def batch() -> None:
            waits = [in_thread(work) for _ in range(8)]
            self.assertEqual([None] * 8, [wait() for wait in waits])

        batch()
        before = resident()
        for _ in range(4):
            batch()
        self.assertLess(resident() - before, 4 << 20)


class Processes(unittest.TestCase):
    """What can only be seen from outside."""

    def start(self, program: str) -> subprocess.Popen[str]:
        preamble = ("import faulthandler, signal, sys; faulthandler.enable(); from places import *; import libdeploy, threading, time; from test_calls import *\n"
                    "signal.signal(signal.SIGINT, signal.default_int_handler)\n")  # whoever started the tests may have it ignored
        process = subprocess.Popen([sys.executable, "-c", preamble + textwrap.dedent(program)], cwd=HERE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.stderr.close)  # type: ignore[union-attr]
        self.addCleanup(process.stdout.close)  # type: ignore[union-attr]
        self.addCleanup(process.kill)
        return process

    def line(self, process: subprocess.Popen[str]) -> str:
        assert process.stdout is not None
        return process.stdout.readline().strip()

    def test_ctrl_c_cancels_undoes_and_raises(self) -> None:
        process = self.start("""
            world, prober = World(pipeline()), Waiting()
            with world.open(prober=prober) as deployer:
                release = shipped(world, deployer, "1.0.0")
                threading.Thread(target=lambda: (prober.asked.wait(), print("probing", flush=True)), daemon=True).start()
                try:
                    deployer.promote(release, to="staging")
                except KeyboardInterrupt:
                    print("interrupted", deployer.history("staging")[0].outcome, deployer.status("staging").live, flush=True)
                    raise
        """)
        self.assertEqual("probing", self.line(process))
        process.send_signal(signal.SIGINT)
        self.assertEqual("interrupted cancelled None", self.line(process))
        _, errors = process.communicate(timeout=60)
        self.assertEqual(-signal.SIGINT, process.returncode, errors)
        self.assertIn("KeyboardInterrupt", errors)

    def test_ctrl_c_ends_a_loop_over_events(self) -> None:
        process = self.start("""
            world = World(pipeline())
            deployer = world.open(prober=Waiting())
            release = shipped(world, deployer, "1.0.0")
            running = deployer.promote_iter(release, to="staging")
            try:
                for event in running:
                    print(event.kind, flush=True) if event.step == "probe" else None
            except KeyboardInterrupt:
                print("interrupted", running.result.outcome, flush=True)
        """)
        self.assertEqual("step_started", self.line(process))
        process.send_signal(signal.SIGINT)
        self.assertEqual("interrupted cancelled", self.line(process))
        self.assertEqual(0, process.wait(60))

    def test_the_interpreter_ends_while_a_daemon_thread_deploys(self) -> None:
        process = self.start("""
            world, prober = World(pipeline()), Waiting()
            def listener(event):
                if event.kind == "deployment_finished":
                    sys.stdout.write("ended " + event.details["outcome"] + "\\n")
            deployer = world.open(prober=prober, on_event=listener)
            release = shipped(world, deployer, "1.0.0")
            threading.Thread(target=lambda: deployer.promote(release, to="staging"), daemon=True).start()
            prober.asked.wait()
        """)
        out, errors = process.communicate(timeout=60)
        self.assertEqual((0, "", "ended cancelled\n"), (process.returncode, errors, out))

    def test_the_interpreter_ends_with_deployers_left_open(self) -> None:
        process = self.start("""
            world = World(pipeline())
            class Quiet:
                def __del__(self): pass
                def __call__(self, event): pass
            keep = [world.open(on_event=Quiet(), secrets=lambda source: "x") for _ in range(3)]
            shipped(world, keep[0], "1.0.0")
            keep.append(keep)
        """)
        out, errors = process.communicate(timeout=60)
        self.assertEqual((0, "", ""), (process.returncode, errors, out))

    def test_a_forked_child_ends_by_itself(self) -> None:
        process = self.start("""
            import os
            deployer = World(pipeline()).open()
            child = os.fork()
            if child == 0:
                sys.exit(7)
            print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        """)
        out, errors = process.communicate(timeout=60)
        self.assertEqual((0, "7\n"), (process.returncode, out), errors)


class Probes(unittest.TestCase):
    def test_one_probe_by_itself(self) -> None:
        import http.server

        class Healthy(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        server = http.server.HTTPServer(("127.0.0.1", 0), Healthy)
        threading.Thread(target=server.serve_forever).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        tries: list[libdeploy.ProbeTry] = []
        probe = libdeploy.HealthProbe(libdeploy.HttpCheck(path="/", port=server.server_port), interval=timedelta(milliseconds=10))
        report = libdeploy.run_probe(probe, "127.0.0.1", on_try=tries.append)
        self.assertEqual(("healthy", 2), (report.verdict, len(tries)))
        self.assertEqual(report, type(report)(report.verdict, report.reason, tuple(tries), report.waited))
        with self.assertRaises(libdeploy.UnsupportedError):
            libdeploy.run_probe(libdeploy.HealthProbe(), "127.0.0.1")
