"""Every Python snippet of the README and the pages runs, in the simulator instead of on hosts."""

from __future__ import annotations

import json
import logging
import os
import re
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any

import libdeploy
from libdeploy.simulation import World
from places import BINDINGS, PIPELINE, SOURCE

SNIPPET = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = sorted((BINDINGS / "docs").glob("*.md"))


def snippets(page: Path) -> list[str]:
    return SNIPPET.findall(page.read_text())


class Snippets(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(folder.name)
        plain = json.loads(json.dumps(PIPELINE))
        plain["environments"][1]["freeze"] = []
        Path("deploy.json").write_text(json.dumps(plain))
        self.world = World(libdeploy.Config.load("deploy.json"))
        real, handler = libdeploy.Deployer, signal.getsignal(signal.SIGTERM)
        self.addCleanup(signal.signal, signal.SIGTERM, handler)
        self.addCleanup(logging.getLogger("libdeploy").setLevel, logging.NOTSET)
        logging.getLogger("libdeploy").setLevel(logging.CRITICAL)

        def simulated(config: libdeploy.Config, **arguments: Any) -> libdeploy.Deployer:
            return self.world.open(**arguments)

        libdeploy.Deployer = simulated  # type: ignore[assignment, misc]
        libdeploy.aio.Deployer = simulated  # type: ignore[assignment, misc]
        self.addCleanup(setattr, libdeploy, "Deployer", real)
        self.addCleanup(setattr, libdeploy.aio, "Deployer", real)

    def run_page(self, page: Path) -> str:
        names: dict[str, Any] = {"__name__": page.stem}
        read, write = os.pipe()
        saved = sys.stdout
        with os.fdopen(write, "w") as out, os.fdopen(read) as printed:
            sys.stdout = out
            try:
                for number, snippet in enumerate(snippets(page)):
                    exec(compile(snippet, f"{page.name}[{number}]", "exec"), names)
            finally:
                sys.stdout = saved
            out.close()
            return printed.read()

    def test_the_readme(self) -> None:
        printed = self.run_page(BINDINGS / "README.md")
        self.assertIn("promotion of 1.0.1 to staging: succeeded", printed)
        self.assertIn("waits for approval in production: 0 of 1", printed)

    def test_the_readme_of_the_project(self) -> None:
        self.assertIn("promotion of 1.0.1 to staging: succeeded", self.run_page(SOURCE / "README.md"))

    def test_ci_job(self) -> None:
        printed = self.run_page(BINDINGS / "docs" / "ci-job.md")
        self.assertIn("to staging: succeeded", printed)
        self.assertIn("approval: ", printed)

    def test_approval_source(self) -> None:
        printed = self.run_page(BINDINGS / "docs" / "approval-source.md")
        self.assertIn("bob is not on duty today", printed)
        self.assertIn("alice succeeded", printed)

    def test_probe(self) -> None:
        printed = self.run_page(BINDINGS / "docs" / "probe.md")
        self.assertIn("to staging: succeeded", printed)
        self.assertIn("unhealthy never 2 successes", printed)

    def test_fleet(self) -> None:
        printed = self.run_page(BINDINGS / "docs" / "fleet.md")
        self.assertIn("production: nothing on 2 hosts", printed)
        self.assertIn("192.0.2.10", printed)

    def test_events(self) -> None:
        printed = self.run_page(BINDINGS / "docs" / "events.md")
        self.assertIn("deployment_finished", printed)
        self.assertIn("succeeded", printed)
        self.assertIn("not_found promotion", printed)

    def test_testing(self) -> None:
        first, second = snippets(BINDINGS / "docs" / "testing.md")
        Path("test_policy.py").write_text(first)
        ended = subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"], capture_output=True, text=True, check=False)
        self.assertIn("2 passed", ended.stdout)
        exec(compile(second.replace("print(", "str("), "testing.md", "exec"), {})

    def test_every_page_is_listed_and_tested(self) -> None:
        listed = set(re.findall(r"\]\(docs/([a-z-]+)\.md\)", (BINDINGS / "README.md").read_text()))
        tested = {name[len("test_"):].replace("_", "-") for name in dir(self) if name.startswith("test_")}
        self.assertEqual({page.stem for page in PAGES}, listed)
        self.assertLessEqual(listed, tested)

    def test_names_in_the_examples_exist(self) -> None:
        for folder in ("examples/github-actions", "examples/gitlab-ci", "examples/approvals"):
            self.assertTrue((SOURCE / folder).is_dir(), f"the pages speak of {folder}")
