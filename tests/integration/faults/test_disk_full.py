"""No space left: for the ledger on the controller, and for images on a host."""

from __future__ import annotations

import json
import os
import subprocess
import unittest
from pathlib import Path

from faults.machine import Machine
from faults.machine_world import MachineCase
from faults.world import FaultCase


def mount(where: Path, size: str) -> None:
    where.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", where], check=True)


def fill(folder: Path) -> Path:
    """Takes every byte that is left; removing the file gives them back."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (1 << 20, 4096, 1):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue
    return filler


class Controller(FaultCase):
    def setUp(self) -> None:
        super().setUp()
        self.state = self.folder / "state"
        mount(self.state, "2m")
        self.addCleanup(lambda: subprocess.run(["umount", self.state], check=True))
        self.more = {"state": f"sqlite:{self.state}/ledger.db"}
        self.build()
        self.result(0, "promote", "1.0.1", "--to", "qa")
        self.new = self.build()

    def test_full_before_it_begins_nothing_is_changed(self) -> None:
        before = self.fingerprint("qa")
        filler = fill(self.state)
        error = self.error(1, "promote", self.new, "--to", "qa")
        self.assertEqual(("io", "ledger"), (error["code"], error["area"]))
        self.assertIn("full", error["message"])
        self.assertIn(str(self.state), error["message"])
        self.assertEqual(before, self.fingerprint("qa"))
        filler.unlink()
        self.result(0, "promote", self.new, "--to", "qa")
        self.assertEqual(self.new, self.assert_agreement("qa", {self.new}))

    def test_full_in_the_middle_it_stops_and_resume_goes_on(self) -> None:
        for step in ("pull", "stop", "probe"):
            with self.subTest(step=step):
                live = self.result(0, "status", "qa")["live"]["version"]
                target = self.new if live == "1.0.1" else "1.0.1"
                exit_code, told = self.promote_until_full(target, step)
                error = [line for line in told if line["type"] == "error"][-1]
                self.assertEqual((1, "io"), (exit_code, error["code"]))
                self.assertIn("resume", error["message"])
                (self.state / "filler").unlink()
                self.assertIsNotNone(self.result(0, "status", "qa")["interrupted"])
                self.assertEqual(0, self.resume())
                self.assertEqual(target, self.assert_agreement("qa", {target}))
        self.result(0, "ledger", "verify")

    def promote_until_full(self, target: str, step: str) -> tuple[int, list[dict]]:
        process = subprocess.Popen(self.command("promote", target, "--to", "qa", "--allow-downgrade"), cwd=self.folder, stdout=subprocess.PIPE, text=True)
        assert process.stdout
        told = []
        with process.stdout as stdout:
            for line in stdout:
                told.append(json.loads(line))
                if self.at("step_started", step)(told[-1]):
                    fill(self.state)
        return process.wait(), told


class Host(MachineCase):
    @classmethod
    def make_machine(cls, folder: Path, name: str) -> Machine:
        data = folder / name / "engine" / "data"
        mount(data, "120m")
        cls.addClassCleanup(lambda: os.path.ismount(data) and subprocess.run(["umount", "-l", data], check=True))
        return Machine(folder, name)

    def test_a_pull_that_finds_no_space_leaves_the_old_version_alone_and_says_where(self) -> None:
        self.build()
        self.result(0, "promote", "1.0.1", "--to", "qa")
        new = self.build()
        before = self.fingerprint("qa")
        filler = fill(self.machine.home / "data")
        with self.load("qa", self.machine.prefix) as client:
            failed = self.result(4, "promote", new, "--to", "qa")
        self.assertEqual(0, client.seen["failed"])
        self.assertIn(self.machine.url, failed["reasons"][0])
        self.assertIn("free space there", failed["reasons"][0])
        self.assertEqual(("rolled_back", "1.0.1"), (failed["outcome"], failed["live"]["version"]))
        self.assertEqual(before, self.fingerprint("qa"))
        filler.unlink()
        self.result(0, "promote", new, "--to", "qa")
        self.assertEqual(new, self.assert_settled("qa", {new}))


if __name__ == "__main__":
    unittest.main()
