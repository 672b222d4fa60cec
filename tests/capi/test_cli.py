"""deployctl as people and scripts meet it: help, wrong command lines, wrong configurations, completion."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from places import deployctl

COMMANDS = ["init", "build", "release add", "run", "promote", "plan", "approve", "deny", "rollback", "resume", "status", "history", "show", "releases",
            "logs", "verify", "adopt", "doctor", "freeze", "unfreeze", "quarantine lift", "ledger verify", "ledger head", "ledger export", "completion"]

CONFIG = {
    "application": "shop",
    "image": {"repository": "127.0.0.1:5000/shop"},
    "environments": [
        {"name": "trial", "hosts": ["ssh://deploy@192.0.2.10"], "container": {"name": "shop-trial", "ports": ["8081:80"]},
         "probe": {"http": {"path": "/health", "port": 8081}}},
        {"name": "live", "after": "trial", "hosts": ["ssh://deploy@192.0.2.10"], "container": {"name": "shop-live", "ports": ["8080:80"]},
         "probe": {"http": {"path": "/health", "port": 8080}}},
    ],
}


class Cli(unittest.TestCase):
    """Each test has a folder of its own, which is the working directory."""

    def setUp(self) -> None:
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)

    def run_cli(self, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([deployctl(), *words], cwd=self.folder, env={**os.environ, **env}, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=60)

    def lines(self, *words: str) -> tuple[int, list[dict]]:
        """Exit code and JSON lines; everything on standard output must be one, and standard error stays empty."""
        ended = self.run_cli(*words)
        self.assertEqual(ended.stderr, "")
        return ended.returncode, [json.loads(line) for line in ended.stdout.splitlines()]

    def write(self, text: str, name: str = "deploy.json") -> None:
        (self.folder / name).write_text(text)

    def assert_ends_with_error(self, exit_code: int, command: str, code: str, *words: str) -> dict:
        """Two lines: the error, and the one result. Returns the error."""
        ended, lines = self.lines(*words)
        self.assertEqual([line["type"] for line in lines], ["error", "result"])
        self.assertEqual((ended, lines[1]["exit"], lines[1]["command"]), (exit_code, exit_code, command))
        self.assertEqual(lines[0]["code"], code, lines[0])
        self.assertEqual(set(lines[0]), {"type", "code", "area", "message", "details"})
        return lines[0]


class Help(Cli):
    def test_help_names_every_command_and_teaches_a_first_day(self) -> None:
        ended = self.run_cli("--help")
        self.assertEqual(ended.returncode, 0)
        for command in COMMANDS:
            self.assertIn(f"  {command.split()[0]} ", ended.stdout)
        self.assertIn("deployctl rollback production", ended.stdout)
        self.assertIn("Exit codes", ended.stdout)

    def test_every_command_has_help_with_an_example(self) -> None:
        for command in COMMANDS:
            with self.subTest(command=command):
                ended = self.run_cli(*command.split(), "--help")
                self.assertEqual(ended.returncode, 0)
                self.assertIn(f"deployctl {command.split()[0]}", ended.stdout if command not in ("init", "completion") else f"deployctl {command}")
                self.assertIn("Example", ended.stdout)

    def test_version_is_one_line_and_comes_at_once(self) -> None:
        begun = time.monotonic()
        ended = self.run_cli("--version")
        self.assertEqual((ended.returncode, ended.stdout), (0, "deployctl 0.9.0\n"))
        self.assertLess(time.monotonic() - begun, 5, "a sanitized build on a busy machine; tests/bench measures the real one")

    def test_the_version_of_a_release_is_not_the_version_of_the_program(self) -> None:
        self.write(json.dumps(CONFIG))
        ended = self.run_cli("--json", "release", "add", "not an image", "--version", "1.0.0")
        self.assertEqual(json.loads(ended.stdout.splitlines()[-1])["command"], "release add")


class WrongUsage(Cli):
    def test_no_command(self) -> None:
        self.assertEqual(self.run_cli().returncode, 2)
        self.assert_ends_with_error(2, "", "invalid_argument", "--json")

    def test_an_unknown_command_is_answered_with_the_nearest(self) -> None:
        ended = self.run_cli("prmote", "--to", "live")
        self.assertEqual(ended.returncode, 2)
        self.assertIn('did you mean "promote"', ended.stderr)
        self.assertEqual(ended.stdout, "")

    def test_what_is_missing_is_named_and_the_help_pointed_to(self) -> None:
        ended = self.run_cli("promote", "1.0.0")
        self.assertEqual(ended.returncode, 2)
        self.assertIn("--to is required", ended.stderr)
        self.assertIn("deployctl promote --help", ended.stderr)

    def test_wrong_usage_ends_with_one_result_line(self) -> None:
        for words in (["promote", "1.0.0"], ["rollback"], ["freeze", "live"], ["quarantine", "lift"], ["ledger"], ["release", "add", "x"],
                      ["run", "--build", "0"], ["run", "--build", "many"], ["status", "one", "two"], ["status", "--no-such-option"],
                      ["completion", "fish"], ["logs", "live", "-n", "-1"]):
            for words_with_json in (["--json", *words], [*words, "--json"]):
                with self.subTest(words=words_with_json):
                    command = " ".join(words[:2]) if words[:2] in (["quarantine", "lift"], ["release", "add"]) else words[0]
                    self.assert_ends_with_error(2, command, "invalid_argument", *words_with_json)

    def test_global_options_stand_before_or_after_the_command(self) -> None:
        for words in (["--json", "-C", "other.json", "status"], ["status", "-C", "other.json", "--json"]):
            with self.subTest(words=words):
                error = self.assert_ends_with_error(2, "status", "io", *words)
                self.assertIn("other.json", error["message"])

    def test_a_freeze_is_of_one_environment_or_of_all(self) -> None:
        for words in (["freeze", "--reason", "x"], ["freeze", "live", "--all", "--reason", "x"], ["unfreeze"], ["unfreeze", "live", "--all"]):
            with self.subTest(words=words):
                ended = self.run_cli(*words)
                self.assertEqual(ended.returncode, 2)
                self.assertIn("--all", ended.stderr)

    def test_a_stopped_line_is_shown_until_it_runs_again(self) -> None:
        self.write(json.dumps(CONFIG))
        self.assertEqual(self.run_cli("--as", "ann", "freeze", "--all", "--reason", "a move").returncode, 0)
        for environment in ("trial", "live"):
            self.assertIn("line stopped  by ann, every environment: a move", self.run_cli("status", environment).stdout)
        self.assertEqual(self.run_cli("status").stdout.count("line stopped"), 2)
        self.assertEqual(self.lines("unfreeze", "live", "--json")[1][0]["code"], "not_found")
        self.assertEqual(self.run_cli("unfreeze", "--all").returncode, 0)
        self.assertNotIn("line stopped", self.run_cli("status").stdout)

    def test_a_release_is_marked_by_never_alone(self) -> None:
        ended = self.run_cli("build", "--rollback", "sometimes")
        self.assertEqual(ended.returncode, 2)
        self.assertIn("never", ended.stderr)

    def test_a_signature_is_made_or_brought_and_belongs_to_a_text(self) -> None:
        self.write(json.dumps(CONFIG))
        for command in ("approve", "deny"):
            for words in (["--sign", "key", "--signed-text", "text"], ["--signature", "text.sig"]):
                self.assert_ends_with_error(2, command, "invalid_argument", command, "1.0.0", "--to", "live", *words, "--json")


class Init(Cli):
    def test_it_writes_a_configuration_that_validates(self) -> None:
        ended = self.run_cli("init", "--application", "shop")
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertIn("//", (self.folder / "deploy.json").read_text())
        # Completion reads the configuration: it answers with environments when it is valid.
        self.assertNotEqual(self.run_cli("__complete", "status", "").stdout, "")

    def test_it_refuses_to_overwrite(self) -> None:
        self.write("precious")
        error = self.assert_ends_with_error(1, "init", "already_exists", "init", "--json")
        self.assertEqual(error["details"]["next"], "--force replaces it")
        self.assertEqual((self.folder / "deploy.json").read_text(), "precious")

    def test_force_overwrites(self) -> None:
        self.write("precious")
        exit_code, lines = self.lines("init", "--force", "--json")
        self.assertEqual((exit_code, lines), (0, [{"type": "result", "command": "init", "exit": 0, "file": "deploy.json"}]))
        self.assertNotIn("precious", (self.folder / "deploy.json").read_text())

    def test_the_folder_names_the_application(self) -> None:
        self.run_cli("init")
        self.assertIn(f'"application": "{self.folder.name}"', (self.folder / "deploy.json").read_text())


class Configuration(Cli):
    def test_a_fault_is_placed_by_line_and_column(self) -> None:
        text = json.dumps(CONFIG, indent=2).replace('"after"', '"affter"')
        line = 1 + text[:text.index("affter")].count("\n")
        self.write(text)
        error = self.assert_ends_with_error(2, "status", "invalid_config", "status", "--json")
        self.assertEqual((error["area"], error["details"]["line"]), ("config", str(line)))
        self.assertTrue(error["details"]["column"].isdigit())
        self.assertIn('"after"', error["message"].replace("'", '"'))

    def test_people_read_it_on_standard_error(self) -> None:
        self.write("{")
        ended = self.run_cli("status")
        self.assertEqual((ended.returncode, ended.stdout), (2, ""))
        self.assertIn("deploy.json", ended.stderr)

    def test_a_missing_file_says_how_to_get_one(self) -> None:
        ended = self.run_cli("run")
        self.assertEqual(ended.returncode, 2)
        self.assertIn("deployctl init", ended.stderr)

    def test_every_command_that_needs_a_configuration_ends_so(self) -> None:
        for words in (["build"], ["releases"], ["run"], ["promote", "--to", "live"], ["plan", "--to", "live"], ["approve", "1", "--to", "live"],
                      ["deny", "1", "--to", "live"], ["rollback", "live"], ["resume"], ["status"], ["history"], ["show", "3f"], ["logs", "live"],
                      ["verify", "live"], ["adopt", "live"], ["doctor"], ["freeze", "live", "--reason", "x"], ["unfreeze", "live"],
                      ["quarantine", "lift", "sha256:0", "--reason", "x"], ["ledger", "verify"], ["ledger", "head"], ["ledger", "export"],
                      ["release", "add", "flask", "--version", "1.0.0"]):
            with self.subTest(words=words):
                command = " ".join(words[:2]) if words[0] in ("quarantine", "ledger", "release") else words[0]
                self.assert_ends_with_error(2, command, "io", *words, "--json")


class Completion(Cli):
    def complete(self, *words: str) -> list[str]:
        return self.run_cli("__complete", *words).stdout.splitlines()

    def test_commands(self) -> None:
        self.assertEqual(self.complete("ro"), ["rollback"])
        self.assertEqual(set(self.complete("")), {command.split()[0] for command in COMMANDS})
        self.assertEqual(self.complete("ledger", ""), ["export", "head", "verify"])

    def test_options_of_the_command_and_of_all_commands(self) -> None:
        options = self.complete("promote", "--")
        self.assertIn("--allow-downgrade", options)
        self.assertIn("--json", options)
        self.assertNotIn("--undo", options)

    def test_environments_come_from_the_configuration(self) -> None:
        self.write(json.dumps(CONFIG))
        self.assertEqual(self.complete("rollback", ""), ["trial", "live"])
        self.assertEqual(self.complete("promote", "1.0.0", "--to", "l"), ["live"])
        self.write(json.dumps(CONFIG).replace("trial", "test"), "other.json")
        self.assertEqual(self.complete("-C", "other.json", "rollback", ""), ["test", "live"])

    def test_completing_creates_no_ledger(self) -> None:
        self.write(json.dumps(CONFIG))
        self.assertEqual(self.complete("promote", ""), [])
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["deploy.json"])

    def test_the_scripts_are_accepted_by_their_shells(self) -> None:
        for shell in ("bash", "zsh"):
            script = self.run_cli("completion", shell).stdout
            self.assertIn("deployctl __complete", script)
        script = self.run_cli("completion", "bash").stdout
        checked = subprocess.run(["bash", "-n"], input=script, text=True, capture_output=True)
        self.assertEqual((checked.returncode, checked.stderr), (0, ""))

    def test_bash_completes_a_line(self) -> None:
        self.write(json.dumps(CONFIG))
        (self.folder / "bin").mkdir()
        (self.folder / "bin" / "deployctl").symlink_to(deployctl())
        line = "COMP_WORDS=(deployctl rollback li); COMP_CWORD=2; _deployctl; echo ${COMPREPLY[@]}"
        script = self.run_cli("completion", "bash").stdout + line
        ended = subprocess.run(["bash", "-c", script], cwd=self.folder, env={**os.environ, "PATH": f"{self.folder}/bin:{os.environ['PATH']}"},
                               text=True, capture_output=True)
        self.assertEqual(ended.stdout, "live\n", ended.stderr)
