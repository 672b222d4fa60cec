"""Runs the suites: see tests/README.md."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import build
import gcc
import native
import python
import python_env
import services
from command import stop_all
from results import Case, Suite, close

# What keeps the cores busy comes first. Suites with services spend most of their time waiting: they run in two lanes, and beside them a third
# one looks at what people install: the release, and then the Python package.
EVERYTHING = ["structure", "unit", "seed_defects", "simulation", "fuzz", "gcc", "capi", "contract", "integration", "faults", "abi", "embed", "python", "approvals", "ci_jobs"]
LANES = [["capi", "contract", "integration"], ["faults"]]
WITH_RELEASE = ["abi", "embed"]
WITH_PYTHON = ["python", "approvals", "ci_jobs"]
WITHOUT_BUILD = {"structure"}
WITHOUT_SERVICES = {"structure", "unit", "seed_defects", "simulation", "fuzz", "gcc", "tsan", *WITH_RELEASE}
RELEASE = build.ROOT / "build-release"
SANITIZERS = {"ASAN_OPTIONS": "detect_stack_use_after_return=1:strict_string_checks=1",
              "UBSAN_OPTIONS": f"halt_on_error=1:print_stacktrace=1:suppressions={build.ROOT}/tests/support/ubsan.supp", "TSAN_OPTIONS": "halt_on_error=1"}


class Runner:
    def __init__(self, names: list[str], verbose: bool) -> None:
        self.names, self.verbose = names, verbose
        self.env: dict[str, str] = {}
        self.suites: list[Suite] = []

    def build(self, folder: Path, make: Callable[[], Case]) -> bool:
        """A build that fails is a failed case; one that succeeds is not a test."""
        begun = time.monotonic()
        print(f"building in {folder.name} ...", flush=True)
        case = make()
        if not case.passed:
            self.add(Suite("build", [case]), begun)
        else:
            print(f"built in {time.monotonic() - begun:.0f} s", flush=True)
        return case.passed

    def run(self, name: str, folder: Path) -> None:
        begun = time.monotonic()
        suite = Suite(name)
        if name == "tsan":
            suite.cases += self._native(folder, lambda program: program.is_doctest, ["--test-suite=threads"])
        if name not in WITHOUT_BUILD:
            filters = [f"--test-case={','.join(f'*{n}*' for n in self.names)}"] if self.names else []
            suite.cases += self._native(folder, lambda program: name in program.suites, filters)
        if python.has_cases(name):
            interpreter = python_env.INTERPRETER if name in WITH_PYTHON else Path(sys.executable)
            suite.cases += python.run_folder(name, self.env, self.names, interpreter)
        if not suite.cases and not self.names:
            suite.cases.append(Case(name, False, "this suite has no case"))
        self.add(suite, begun)

    def _native(self, folder: Path, wanted, filters: list[str]) -> list[Case]:
        chosen = [program for program in build.programs(folder) if wanted(program)]
        return [case for program in chosen for case in native.run_program(program, folder, self.env, filters)]

    def add(self, suite: Suite, begun: float) -> None:
        suite.seconds = time.monotonic() - begun
        self.suites.append(suite)
        suite.report(self.verbose)


def environment(folder: Path, home: str) -> dict[str, str]:
    """A person's own configuration must not decide how tests end."""
    dropped = ("LIBDEPLOY_", "DOCKER_", "GIT_", "SSH_", "XDG_")
    env = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    return {**env, **SANITIZERS, "HOME": home, "PYTHONDONTWRITEBYTECODE": "1", "GIT_CONFIG_SYSTEM": "/dev/null",
            "LIBDEPLOY_TEST_BUILD": str(folder), "LIBDEPLOY_TEST_RELEASE": str(RELEASE), "LIBDEPLOY_TEST_SOURCE": str(build.ROOT)}


def run_all(runner: Runner, wanted: list[str]) -> None:
    folder = build.ROOT / ("build-tsan" if wanted == ["tsan"] else "build-test")
    with contextlib.ExitStack() as stack:
        runner.env = environment(folder, stack.enter_context(tempfile.TemporaryDirectory(prefix="libdeploy-home-")))
        for name in [name for name in wanted if name in WITHOUT_BUILD]:
            runner.run(name, folder)
        compiled = [name for name in wanted if name not in WITHOUT_BUILD]
        sanitizers = "thread" if wanted == ["tsan"] else "address,undefined"
        if not compiled or not runner.build(folder, lambda: build.build(folder, sanitizers)):
            return
        for name in [name for name in compiled if name in WITHOUT_SERVICES - {"gcc", *WITH_RELEASE}]:
            runner.run(name, folder)
        run_beside(runner, folder, compiled, stack)


def run_beside(runner: Runner, folder: Path, names: list[str], stack: contextlib.ExitStack) -> None:
    """The suites with services, and beside them what looks at what people install."""
    served = [name for name in names if name not in WITHOUT_SERVICES]
    if served:
        runner.env.update(stack.enter_context(services.running()))
    with ThreadPoolExecutor(1 + len(LANES)) as pool:
        lanes = [pool.submit(run_lane, runner, folder, [name for name in lane if name in names]) for lane in LANES]
        lanes.append(pool.submit(run_installed, runner, folder, names, 1 if set(served) - set(WITH_PYTHON) else 2))
        try:
            for lane in lanes:
                lane.result()
        except BaseException:  # interrupted: the other threads would go on to their end
            stop_all()
            raise


def run_installed(runner: Runner, folder: Path, names: list[str], at_once: int) -> None:
    begun = time.monotonic()
    if "gcc" in names:
        runner.add(Suite("gcc", gcc.check(folder, RELEASE, at_once)), begun)
    released = [name for name in names if name in WITH_RELEASE]
    if released and runner.build(RELEASE, lambda: build.build_release(RELEASE, at_once)):
        run_lane(runner, folder, released)
    packaged = [name for name in names if name in WITH_PYTHON]
    if packaged and runner.build(python_env.FOLDER, python_env.make):
        runner.env.update({"LIBDEPLOY_TEST_PYTHON": str(python_env.INTERPRETER), "LIBDEPLOY_TEST_WHEEL": str(python_env.wheel())})
        run_lane(runner, folder, packaged)


def run_lane(runner: Runner, folder: Path, names: list[str]) -> None:
    for name in names:
        runner.run(name, folder)


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests/run", description=__doc__)
    parser.add_argument("suites", nargs="*", metavar="SUITE", help=f"of {', '.join(EVERYTHING)}, or tsan alone; all without")
    parser.add_argument("-k", dest="names", action="append", default=[], metavar="NAME", help="only cases whose name contains NAME")
    parser.add_argument("-v", dest="verbose", action="store_true", help="name the cases that passed as well")
    arguments = parser.parse_args()
    wanted = arguments.suites or EVERYTHING
    unknown = [name for name in wanted if name not in [*EVERYTHING, "tsan"]]
    if unknown or ("tsan" in wanted and wanted != ["tsan"]):
        parser.error(f"suites are {', '.join(EVERYTHING)}, or tsan alone; got {' '.join(wanted)}")
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(143))  # so that what was started is stopped
    runner = Runner(arguments.names, arguments.verbose)
    try:
        run_all(runner, wanted)
    except services.NotUp as error:
        runner.suites.append(Suite("services", [Case("the services come up", False, str(error))]))
        runner.suites[-1].report(arguments.verbose)
    return close(runner.suites)


if __name__ == "__main__":
    sys.exit(main())
