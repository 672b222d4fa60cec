"""What happens to the ledger's file: locked, read-only, full, damaged, not ours. Each is said, with what to do, and nothing is half-written."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import time
import unittest
from pathlib import Path

from ledger_case import LedgerCase
from places import deployctl

FREEZE = ["--json", "freeze", "live", "--reason", "one more"]


class Trouble(LedgerCase):
    def assert_told(self, code: str, message: str, ended: subprocess.CompletedProcess[str]) -> None:
        lines = [json.loads(line) for line in ended.stdout.splitlines()]
        self.assertEqual((ended.returncode, [line["type"] for line in lines], lines[0]["code"]), (1, ["error", "result"], code), ended.stdout + ended.stderr)
        self.assertIn(message, lines[0]["message"])
        self.assertIn(str(self.ledger), lines[0]["message"])
        self.assertEqual(lines[0]["details"]["path"], str(self.ledger))

    def mounted(self, mount: str) -> subprocess.CompletedProcess[str]:
        """Runs deployctl where the ledger's folder is mounted by itself, in a namespace that ends with it. Leaves what became of the folder in `after`."""
        script = f"{mount}; code=0; '{deployctl()}' {' '.join(FREEZE[:-1])} '{FREEZE[-1]}' || code=$?; cp -r .deploy after; exit $code"
        unshare = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-rm"]
        shutil.rmtree(self.folder / "after", ignore_errors=True)
        return subprocess.run([*unshare, "bash", "-ec", script], cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)

    def test_a_lock_that_another_process_keeps(self) -> None:
        other = sqlite3.connect(self.ledger, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        try:
            begun = time.monotonic()
            self.assert_told("timeout", "another process has kept it locked for 10s. Nothing was written", self.run_cli(*FREEZE))
            self.assertGreater(time.monotonic() - begun, 9)
            self.assertEqual(self.run_cli("status").returncode, 0, "reading waits for nobody")
        finally:
            other.close()
        self.assert_whole(7)

    def test_a_read_only_file_system(self) -> None:
        ended = self.mounted("mount --bind .deploy .deploy; mount -o remount,bind,ro .deploy")
        self.assert_told("io", "read-only", ended)
        self.assertIn("Nothing was written", ended.stdout)
        self.assert_whole(7)

    def test_a_full_disk(self) -> None:
        """With a page more each time, so that every write of opening, appending and closing finds no room once."""
        kept, refused = self.folder / "kept", 0
        shutil.copytree(self.folder / ".deploy", kept)
        size = self.ledger.stat().st_size // 1024
        for room in range(0, 200, 8):
            ended = self.mounted(f"mount -t tmpfs -o size={size + room}k none .deploy; cp kept/* .deploy")
            shutil.rmtree(self.folder / ".deploy")
            shutil.copytree(self.folder / "after", self.folder / ".deploy")
            if ended.returncode == 0:
                self.assert_whole(8)
                break
            refused += 1
            self.assert_told("io", "the disk or the quota is full. Nothing was written", ended)
            self.assert_whole(7)
        self.assertGreaterEqual(refused, 3)

    def test_damage_is_told_and_the_file_left_as_it_is(self) -> None:
        whole = self.ledger.read_bytes()
        self.assertGreater(len(whole), 3 * 4096)
        for name, bytes_, code in (("no database", b"x" * 5000, "corrupt"), ("overwritten pages", whole[:4096] + b"\xa5" * (len(whole) - 4096), "corrupt"),
                                   ("cut in the middle", whole[:len(whole) // 2], "corrupt"), ("overwritten header", b"\0" * 100 + whole[100:], "corrupt")):
            with self.subTest(name=name):
                self.ledger.write_bytes(bytes_)
                for words in (FREEZE, ["--json", "status"], ["--json", "ledger", "verify"]):
                    self.assert_told(code, "put a backup in its place" if name == "no database" else "", self.run_cli(*words))
                self.assertEqual(self.ledger.read_bytes(), bytes_)
        self.ledger.write_bytes(whole)
        self.assert_whole(7)


class Leases(LedgerCase):
    """`status` says who holds an environment. The rows are written here as a holder would."""

    def take(self, machine: str, process: int, seconds: int) -> None:
        now = int(time.time() * 1000)
        self.sql("INSERT OR REPLACE INTO leases(name,token,held,actor,machine,process,process_start,since_ms,expires_ms) VALUES('trial',3,1,'erin',?,?,'1',?,?)",
                 machine, process, now - 30_000, now + seconds * 1000)

    def here(self) -> str:
        machine_id = Path("/etc/machine-id").read_text().strip() if Path("/etc/machine-id").exists() else ""
        return "/".join([socket.gethostname(), machine_id, Path("/proc/sys/kernel/random/boot_id").read_text().strip(), os.readlink("/proc/self/ns/pid")])

    def status(self) -> tuple[dict, str]:
        return self.lines("--json", "status", "trial")[1][-1]["lease"], self.run_cli("status", "trial").stdout

    def test_nobody(self) -> None:
        lease, text = self.status()
        self.assertIsNone(lease)
        self.assertNotIn("lease", text)

    def test_a_holder_at_work(self) -> None:
        self.take("builder7/id/boot/ns", 4711, 60)
        lease, text = self.status()
        self.assertEqual((lease["holder"], lease["process"], lease["token"], lease["condition"]), ("erin", 4711, 3, "held"))
        self.assertLess(lease["since"], lease["expires"])
        self.assertIn("in progress   by erin, process 4711 on builder7, since 20", text)
        self.assertIn("in progress", self.run_cli("status").stdout)

    def test_one_that_did_not_renew_in_time(self) -> None:
        self.take("builder7/id/boot/ns", 4711, -5)
        lease, text = self.status()
        self.assertEqual(lease["condition"], "expired")
        self.assertRegex(text, r"lease         expired 20.*: it was erin, process 4711 on builder7")
        self.assertIn("the next run takes it over", text)

    def test_one_whose_process_is_gone(self) -> None:
        ended = subprocess.Popen(["true"])
        ended.wait()
        self.take(self.here(), ended.pid, 60)
        lease, text = self.status()
        self.assertEqual(lease["condition"], "gone")
        self.assertIn("its process is gone: it was erin", text)
        self.assertIn("lease gone", self.run_cli("status").stdout)


if __name__ == "__main__":
    unittest.main()
