"""The ledger as evidence: whatever is done to the file by hand, deployctl names the first bad entry, and acts on nothing."""

from __future__ import annotations

import json
import subprocess
import unittest

from ledger_case import LedgerCase, hash_of, linked, run
from places import deployctl


class ByHand(LedgerCase):
    def test_an_untouched_ledger_is_whole_and_its_hashes_are_the_documented_ones(self) -> None:
        self.assert_whole(7)
        for entry in self.entries():
            self.assertEqual(entry["hash"], hash_of(entry))

    def test_any_flipped_field_of_any_entry_is_named(self) -> None:
        for seq, column, value in ((1, "actor", "mallory"), (4, "time", "2026-01-01T00:00:00.000Z"), (4, "kind", "environment_unfrozen"), (4, "environment", "trial"),
                                   (4, "deployment", "d"), (4, "token", 1), (4, "data", '{"reason":"other"}'), (4, "data", "no json"), (4, "prev", "f" * 64),
                                   (4, "hash", "f" * 64), (7, "actor", "mallory")):
            with self.subTest(seq=seq, column=column):
                before = self.entries()
                self.sql(f"UPDATE entries SET {column} = ? WHERE seq = ?", value, seq)
                self.assert_breaks(seq, "altered")
                self.replace_entries(before)
        self.assert_whole(7)

    def test_an_entry_altered_with_its_hash_is_found_at_the_next(self) -> None:
        entry = self.entries()[3] | {"actor": "mallory"}
        self.sql("UPDATE entries SET actor = ?, hash = ? WHERE seq = 4", entry["actor"], hash_of(entry))
        self.assert_breaks(5, "replaced")

    def test_dropped_entries_are_named(self) -> None:
        self.sql("DELETE FROM entries WHERE seq = 4")
        self.assert_breaks(4, "dropped")
        self.sql("DELETE FROM entries WHERE seq = 1")
        self.assert_breaks(1, "dropped")

    def test_reordered_entries_are_named(self) -> None:
        for one, other in ((3, 5), (1, 7)):
            self.sql("UPDATE entries SET seq = -1 WHERE seq = ?", one)
            self.sql("UPDATE entries SET seq = ? WHERE seq = ?", one, other)
            self.sql("UPDATE entries SET seq = ? WHERE seq = -1", other)
            self.assert_breaks(one, "altered")

    def test_an_inserted_entry_is_named_however_well_it_is_made(self) -> None:
        before = self.entries()
        for name, forged in (("copied", dict(before[1])), ("linked", before[2] | {"actor": "mallory", "seq": 4, "prev": before[2]["hash"]})):
            with self.subTest(name=name):
                forged["seq"] = 4
                if name == "linked":
                    forged["hash"] = hash_of(forged)
                self.replace_entries(before[:3] + [forged] + [entry | {"seq": entry["seq"] + 1} for entry in before[3:]])
                self.assert_breaks(5 if name == "linked" else 4, "altered")

    def test_a_cut_end_and_a_rewritten_history_are_found_by_a_noted_head_alone(self) -> None:
        head, before = self.head(), self.entries()
        self.assertEqual(head, f"7:{before[-1]['hash']}")
        self.sql("DELETE FROM entries WHERE seq > 5")
        self.assert_whole(5)
        self.assert_breaks(6, "truncated", "--head", head)
        self.replace_entries(linked([entry | {"actor": "mallory"} for entry in before]))
        self.assert_whole(7)
        self.assert_breaks(7, "replaced", "--head", head)

    def test_a_noted_head_holds_while_the_ledger_grows(self) -> None:
        head = self.head()
        self.assertEqual(self.run_cli("unfreeze", "live").returncode, 0)
        ended = self.run_cli("ledger", "verify", "--head", head)
        self.assertEqual((ended.returncode, ended.stdout), (0, "the chain of 8 entries is whole, and holds the head that was noted\n"), ended.stderr)
        code, lines = self.lines("ledger", "verify", "--head", head, "--json")
        self.assertEqual(lines, [{"type": "result", "command": "ledger verify", "exit": 0, "entries": 8, "head": self.head()}])
        self.assertNotEqual(self.head(), head)

    def test_a_head_that_is_none_is_refused_with_the_form_that_is_wanted(self) -> None:
        for bad in ("7", "yesterday", "7:abc"):
            ended = self.run_cli("ledger", "verify", "--head", bad)
            self.assertNotEqual(ended.returncode, 0)
            self.assertIn("SEQ:HASH", ended.stderr)

    def test_an_entry_of_a_kind_that_only_a_newer_version_knows_disturbs_nobody(self) -> None:
        entries = self.entries()
        entries.insert(3, entries[3] | {"kind": "of_a_newer_libdeploy", "data": '{"whatever":[1,{"x":null}]}'})
        self.replace_entries(linked(entries))
        self.assert_whole(8)
        self.assertEqual(self.run_cli("unfreeze", "live").returncode, 0)
        self.assertEqual(self.run_cli("status").returncode, 0)
        self.assertIn("of_a_newer_libdeploy", self.run_cli("ledger", "export").stdout)

    def test_every_other_command_refuses_a_broken_chain_and_changes_nothing(self) -> None:
        self.sql("UPDATE entries SET actor = 'mallory' WHERE seq = 4")
        before = self.entries()
        for words in (["build"], ["releases"], ["run"], ["promote", "--to", "live"], ["plan", "--to", "live"], ["approve", "1", "--to", "live"], ["deny", "1", "--to", "live"],
                      ["rollback", "live"], ["resume"], ["status"], ["history"], ["show", "3f"], ["verify", "live"], ["adopt", "live"], ["doctor"],
                      ["freeze", "live", "--reason", "x"], ["unfreeze", "live"], ["quarantine", "lift", "sha256:" + "0" * 64, "--reason", "x"],
                      ["ledger", "head"], ["ledger", "export"], ["release", "add", "flask", "--version", "1.0.0"]):
            with self.subTest(words=words):
                ended = run(self.folder, "--json", *words)
                lines = [json.loads(line) for line in ended.stdout.splitlines()]
                self.assertEqual((ended.returncode, [line["type"] for line in lines]), (1, ["error", "result"]), ended.stdout + ended.stderr)
                self.assertEqual((lines[0]["code"], lines[0]["details"]["position"]), ("corrupt", "4"))
        self.assertEqual(self.entries(), before)


class Exported(LedgerCase):
    def setUp(self) -> None:
        super().setUp()
        self.file = self.folder / "ledger.jsonl"
        self.file.write_text(self.run_cli("ledger", "export").stdout)
        (self.folder / "deploy.json").unlink()  # an export is checked without any configuration

    def assert_line(self, number: int, fault: str, *words: str) -> None:
        error = self.assert_ends_with_error(1, "ledger verify", "corrupt", "ledger", "verify", "ledger.jsonl", "--json", *words)
        self.assertEqual((error["details"]["line"], error["details"]["fault"]), (str(number), fault), error)

    def test_a_whole_export_is_whole(self) -> None:
        self.assertEqual(self.run_cli("ledger", "verify", "ledger.jsonl").stdout, "ledger.jsonl: the chain of 7 entries is whole\n")
        code, lines = self.lines("ledger", "verify", "ledger.jsonl", "--json")
        self.assertEqual((code, lines), (0, [{"type": "result", "command": "ledger verify", "exit": 0, "entries": 7, "file": "ledger.jsonl"}]))

    def test_the_first_bad_line_is_named(self) -> None:
        whole = self.file.read_text().splitlines(keepends=True)
        for name, bad, line, fault in (("flipped", whole[:3] + [whole[3].replace("reason 3", "reason 9")] + whole[4:], 4, "altered"),
                                       ("no json", whole[:3] + ["{\n"] + whole[4:], 4, "altered"), ("half a line", whole[:6] + [whole[6][:40]], 7, "altered"),
                                       ("dropped", whole[:3] + whole[4:], 4, "dropped"), ("reordered", whole[:2] + [whole[4], whole[3], whole[2]] + whole[5:], 3, "reordered"),
                                       ("inserted", whole[:3] + [whole[1]] + whole[3:], 4, "inserted")):
            with self.subTest(name=name):
                self.file.write_text("".join(bad))
                self.assert_line(line, fault)

    def test_a_missing_end_is_found_by_a_noted_head(self) -> None:
        whole = self.file.read_text().splitlines(keepends=True)
        head = f"7:{json.loads(whole[-1])['hash']}"
        self.file.write_text("".join(whole[:5]))
        self.assertEqual(self.run_cli("ledger", "verify", "ledger.jsonl").returncode, 0)
        self.assert_line(6, "truncated", "--head", head)

    def test_a_file_that_cannot_be_read_is_named(self) -> None:
        for name in ("missing.jsonl", "."):
            error = self.assert_ends_with_error(1, "ledger verify", "io", "ledger", "verify", name, "--json")
            self.assertIn(name, error["message"])


class ManyWriters(LedgerCase):
    def test_two_and_six_processes_write_at_once_without_loss(self) -> None:
        expected = 7
        for writers in (2, 6):
            loop = f'for i in 1 2 3; do "{deployctl()}" --as "$0" freeze live --reason "$i" || exit 1; done'
            running = [subprocess.Popen(["bash", "-c", loop, f"w{writers}-{n}"], cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
                       for n in range(writers)]
            complaints = [process.communicate(timeout=120)[1] for process in running]
            self.assertEqual([process.returncode for process in running], [0] * writers, complaints)
            expected += 3 * writers
            self.assert_whole(expected)
            for n in range(writers):
                said = [json.loads(entry["data"])["reason"] for entry in self.entries() if entry["actor"] == f"w{writers}-{n}"]
                self.assertEqual(said, ["1", "2", "3"])


if __name__ == "__main__":
    unittest.main()
