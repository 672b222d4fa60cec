"""The examples do what they say, by the commands of their README; errors of theirs come back; their records are those of the header."""

from __future__ import annotations

import re
import subprocess
import tempfile
import unittest

import records
from languages import commands, run, run_with
from places import CONFIG, EXAMPLES, build

LANGUAGES = {"c", "cpp", "go", "java", "lua", "node", "python", "rust"}

GOOD = """\
  deployment_started: promotion of 1.0.0 to staging
  baking: baking for 30s
  verified: 1.0.0 is verified in staging
  deployment_finished: promotion of 1.0.0 to staging: succeeded
1.0.0 to staging: succeeded; live: 1.0.0
"""
BAD = """\
  release_registered: registered 1.1.0 as DIGEST
  deployment_started: promotion of 1.1.0 to staging
  quarantined: 1.1.0 is quarantined: 1.1.0 on ssh://deploy@staging.example is unhealthy: WHY
  deployment_finished: promotion of 1.1.0 to staging: rolled_back
1.1.0 to staging: rolled_back; live: 1.0.0
  because 1.1.0 on ssh://deploy@staging.example is unhealthy: WHY
  found on ssh://deploy@staging.example: running, WHY
"""
WHY = "never 2 successes in a row within 10s; 20 of 20 tries failed; the last one: "
REGISTERED = "  release_registered: registered 1.0.0 as DIGEST\n"
STORY = REGISTERED + GOOD + BAD.replace("WHY", WHY + "503, expected 200: broken")
MONITORED = REGISTERED + GOOD + BAD.replace("WHY", WHY + "nobody can pay")
REFUSED = """\
  deployment_finished: 1.0.0 to staging: blocked
1.0.0 to staging: blocked; live: nothing
  because freeze_window: inside a freeze window until 2026-11-30T08:00:00.000Z; it opens by itself then
  the gate freeze_window opens at 2026-11-30T08:00:00Z
"""
APPROVED = f"""\
alice approves: unauthorized (promotion): the decision of 'alice' on 1.0.0 in production is refused: alice is not on duty today. Nothing was recorded
bob approves: recorded
{GOOD.replace("staging", "production")}"""

STORIES = {
    "c": MONITORED + "the monitoring was asked N times\n",
    "cpp": STORY,
    "go": STORY + APPROVED,
    "java": STORY.replace(REGISTERED, REGISTERED + REFUSED),
    "lua": STORY + APPROVED,
    "node": MONITORED,
    "python": STORY,
    "rust": STORY + "the ledger here holds; it ends with entry N\n",
}


def plain(output: str) -> str:
    """Without what may change: digests, and how many there were of something."""
    output = re.sub(r"sha256:[0-9a-f]{64}", "DIGEST", output)
    return re.sub(r"(was asked|with entry) \d+", r"\1 N", output)


class Stories(unittest.TestCase):
    def test_there_is_one_for_each_language(self) -> None:
        self.assertEqual(LANGUAGES, set(STORIES))
        self.assertEqual(LANGUAGES, set(commands()))
        self.assertEqual(LANGUAGES, {path.name for path in EXAMPLES.iterdir() if path.is_dir()})


def _story(language: str):
    def case(self: Stories) -> None:
        ended = run(language)
        self.assertEqual((0, ""), (ended.status, ended.errors), ended.output)
        self.assertEqual(STORIES[language], plain(ended.output))
        self.assertLess(STORY.count("\n") - 1, ended.output.count("\n"))
    return case


def _fault(language: str):
    def case(self: Stories) -> None:
        with tempfile.NamedTemporaryFile("w", suffix=".json") as config:
            config.write(CONFIG.read_text(encoding="utf-8").replace('"after"', '"afterwards"'))
            config.flush()
            ended = run(language, config.name)
        self.assertEqual((1, ""), (ended.status, ended.output), ended.errors)
        self.assertTrue(ended.errors.startswith("invalid_config (config): "), ended.errors)
        self.assertIn('"afterwards"', ended.errors)
    return case


for _language in sorted(LANGUAGES):
    setattr(Stories, f"test_{_language}_tells_its_story", _story(_language))
    setattr(Stories, f"test_{_language}_says_what_is_wrong_with_a_configuration", _fault(_language))


class ErrorsOfPorts(unittest.TestCase):
    """What goes wrong in a function that the library calls reaches whoever called the library, and nothing else breaks."""

    def planted(self, language: str, file: str, old: str, new: str):
        text = (EXAMPLES / language / file).read_text(encoding="utf-8")
        self.assertEqual(1, text.count(old), f"{file} changed: plant the error elsewhere")
        return run_with(language, file, text.replace(old, new))

    def assert_a_reason(self, ended, reason: str) -> None:
        self.assertEqual(0, ended.status, ended.errors)
        self.assertIn(f"1.0.0 to staging: rolled_back; live: nothing\n  because create on ssh://deploy@staging.example: {reason}", ended.output)

    def test_a_secret_that_the_vault_lacks(self) -> None:
        with tempfile.NamedTemporaryFile("w", suffix=".json") as config:
            config.write(CONFIG.read_text(encoding="utf-8").replace("SHOP_DB_PASSWORD", "SHOP_OTHER"))
            config.flush()
            for language in ("cpp", "python"):
                with self.subTest(language):
                    self.assert_a_reason(run(language, config.name), "the vault has no SHOP_OTHER")

    def test_an_exception_in_python(self) -> None:
        self.assert_a_reason(self.planted("python", "promote.py", "value = self._secrets[name].encode()", "value = self._secrets['planted'].encode()"), "KeyError('planted')")

    def test_an_exception_in_javascript(self) -> None:
        ended = self.planted("node", "promote.mjs", "trusted ??= container;", "throw new RangeError('planted');")
        self.assertIn("1.0.0 to staging: rolled_back; live: nothing\n  because ", ended.output)
        self.assertIn("planted", ended.output)

    def test_an_error_in_lua(self) -> None:
        ended = self.planted("lua", "promote.lua", "if rota[text(info.approver)] then return end", "error('planted')")
        self.assertIn("alice approves: internal (lua): ", ended.output)
        self.assertIn("planted", ended.output)

    def test_a_panic_in_go(self) -> None:
        ended = self.planted("go", "promote.go", 'if decision.Approver == "bob" {', 'panic("planted")\n\tif decision.Approver == "bob" {')
        self.assertIn("alice approves: internal (approval_check): the approval check panicked: planted\n", ended.output)

    def test_a_panic_in_rust(self) -> None:
        ended = self.planted("rust", "promote.rs", "let last = kept.leases.get(&wanted.name);", 'let last = kept.leases.get(&wanted.name);\n        assert!(wanted.since < 0, "planted");')
        self.assertEqual(1, ended.status)
        self.assertIn("internal (store): the ledger store panicked\n", ended.errors)


class Sanitized(unittest.TestCase):
    """With the tests' own library: what is not freed, or used too late, ends these with a report."""

    def test_c_and_cpp_leave_nothing_behind(self) -> None:
        for language in ("c", "cpp"):
            with self.subTest(language):
                program = build() / "examples" / "embed" / language / f"embed_{language}"
                done = subprocess.run([program, CONFIG], capture_output=True, text=True, check=False, timeout=60)
                self.assertEqual((0, ""), (done.returncode, done.stderr))
                self.assertEqual(STORIES[language], plain(done.stdout))

    def test_the_wrapper_for_cpp_does_without_exceptions(self) -> None:
        command = ["g++", "-std=c++17", "-fno-exceptions", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only", f"-I{build() / 'capi'}", "promote.cpp"]
        done = subprocess.run(command, cwd=EXAMPLES / "cpp", capture_output=True, text=True, check=False)
        self.assertEqual((0, ""), (done.returncode, done.stderr))


class Records(unittest.TestCase):
    """Languages that cannot read the header write it down once more. An error there would read what is not meant."""

    def complaints(self, file: str, found: records.Records) -> list[str]:
        header = records.of_header()
        return [f"{file}, {name}: {ours}; the header says {theirs}" for name, members in found.items()
                for ours, theirs in zip(members, header[name], strict=False) if not records.same(ours, theirs) or len(members) > len(header[name])]

    def test_they_are_those_of_the_header(self) -> None:
        for file in records.READERS:
            found = records.of_example(file)
            self.assertGreaterEqual(len(found), 5, file)
            self.assertEqual([], self.complaints(file, found))

    def test_members_in_the_wrong_order_are_noticed(self) -> None:
        for file in records.READERS:
            found = records.of_example(file)
            found["deploy_evidence"][6:8] = found["deploy_evidence"][7:5:-1]
            self.assertEqual(2, len(self.complaints(file, found)), file)


if __name__ == "__main__":
    unittest.main()
