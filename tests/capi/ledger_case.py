"""A small ledger that deployctl has written, and a person who edits it."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import subprocess
import tempfile
from pathlib import Path

from places import deployctl
from test_cli import CONFIG, Cli

COLUMNS = ["seq", "time", "kind", "actor", "environment", "deployment", "token", "data", "prev", "hash"]
ZEROS = "0" * 64


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([deployctl(), *words], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)


def hash_of(entry: dict) -> str:
    """SHA-256 over the canonical form, as lib/ledger/entry.hpp describes it; written anew, so that the description is tested too."""
    members = {key: value for key, value in entry.items() if key != "hash"}
    members["data"] = json.loads(members["data"])
    return hashlib.sha256(json.dumps(members, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


def linked(entries: list[dict]) -> list[dict]:
    """The same entries, numbered and hashed so that their chain is whole."""
    head = ZEROS
    for number, entry in enumerate(entries, 1):
        entry["seq"], entry["prev"] = number, head
        entry["hash"] = head = hash_of(entry)
    return entries


class LedgerCase(Cli):
    """Seven entries; every test has a copy of its own."""

    template: tempfile.TemporaryDirectory

    @classmethod
    def setUpClass(cls) -> None:
        cls.template = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.template.cleanup)
        folder = Path(cls.template.name)
        (folder / "deploy.json").write_text(json.dumps(CONFIG))
        for number in range(7):
            ended = run(folder, "--as", f"person{number}", "freeze", "live", "--reason", f"reason {number}")
            assert ended.returncode == 0, ended.stderr

    def setUp(self) -> None:
        super().setUp()
        shutil.copytree(self.template.name, self.folder, dirs_exist_ok=True)
        self.ledger = self.folder / ".deploy" / "ledger.db"

    def sql(self, text: str, *values: object) -> list[tuple]:
        database = sqlite3.connect(self.ledger)
        try:
            with database:
                return database.execute(text, values).fetchall()
        finally:
            database.close()

    def entries(self) -> list[dict]:
        return [dict(zip(COLUMNS, row)) for row in self.sql(f"SELECT {','.join(COLUMNS)} FROM entries ORDER BY seq")]

    def replace_entries(self, entries: list[dict]) -> None:
        self.sql("DELETE FROM entries")
        for entry in entries:
            self.sql(f"INSERT INTO entries({','.join(COLUMNS)}) VALUES({','.join('?' * len(COLUMNS))})", *(entry[column] for column in COLUMNS))

    def head(self) -> str:
        return self.run_cli("ledger", "head").stdout.strip()

    def assert_whole(self, entries: int) -> None:
        code, lines = self.lines("ledger", "verify", "--json")
        self.assertEqual((code, lines[-1].get("entries")), (0, entries), lines)

    def assert_breaks(self, position: int, fault: str, *words: str) -> None:
        error = self.assert_ends_with_error(1, "ledger verify", "corrupt", "ledger", "verify", "--json", *words)
        self.assertEqual((error["details"]["position"], error["details"]["fault"]), (str(position), fault), error)
        self.assertIn(f"breaks at entry {position}", error["message"])
        self.assertIn("put a backup in its place", error["message"])
