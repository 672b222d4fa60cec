"""deploy.h keeps what the frozen header promised: sizes, offsets, types, numbers, names, prototypes."""

from __future__ import annotations

import re
import tempfile
import unittest
from pathlib import Path

import frozen
import header
from places import FROZEN, HEADER


def broken(today: str) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        return frozen.complaints(FROZEN.read_text(encoding="utf-8"), today, Path(folder))


class Frozen(unittest.TestCase):
    def test_todays_header_keeps_every_promise_of_the_frozen_one(self) -> None:
        self.assertEqual([], broken(HEADER.read_text(encoding="utf-8")))

    def test_everything_in_the_frozen_header_is_compared(self) -> None:
        """A declaration that the reader overlooks would be compared with nothing."""
        text, read = FROZEN.read_text(encoding="utf-8"), header.read(FROZEN)
        self.assertEqual(len(read.functions), text.count("\nDEPLOY_API "))
        self.assertEqual(len(read.structs), len(re.findall(r"^typedef struct \w+ \{", text, re.M)))
        self.assertEqual(len(read.initialisers), len(re.findall(r"^#define DEPLOY_\w+_INIT\b", text, re.M)))
        code = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
        self.assertEqual(sorted(read.enumerators), sorted(re.findall(r"\b(DEPLOY_\w+) = -?\d", code)))
        members = [name for body in read.structs.values() for name in frozen.members(body)]
        self.assertEqual(len(members), sum(body.count(";") for body in read.structs.values()))
        self.assertGreater(len(read.functions), 100)
        self.assertGreater(len(read.enumerators), 60)


class Guard(unittest.TestCase):
    """Each break, made on purpose in today's header, is caught and named; what the promise allows is not."""

    def setUp(self) -> None:
        self.text = HEADER.read_text(encoding="utf-8")

    def changed(self, pattern: str, replacement: str) -> list[str]:
        text, count = re.subn(pattern, replacement, self.text, count=1, flags=re.S)
        self.assertEqual(1, count, f"{pattern} is not in deploy.h any more: mend this test")
        return broken(text)

    def caught(self, word: str, pattern: str, replacement: str) -> None:
        found = self.changed(pattern, replacement)
        self.assertTrue(any(word in line for line in found), f"{word!r} is not in {found}")

    def test_an_enumerator_with_another_number(self) -> None:
        self.caught("DEPLOY_BLOCKED was 4", r"DEPLOY_BLOCKED = 4", "DEPLOY_BLOCKED = 6")

    def test_an_enumerator_that_is_gone(self) -> None:
        self.caught("DEPLOY_TAG_BUILD is gone", r"DEPLOY_TAG_BUILD = 1,", "")

    def test_a_constant_with_another_value(self) -> None:
        self.caught("DEPLOY_NONE was", r"DEPLOY_NONE INT64_C\(-1\)", "DEPLOY_NONE INT64_C(-2)")

    def test_two_members_of_one_type_that_changed_places(self) -> None:
        self.caught("deploy_gate.reason has moved", r"const char \*name;\n  const char \*reason;", "const char *reason;\n  const char *name;")

    def test_a_member_of_another_type_in_the_same_place(self) -> None:
        self.caught("deploy_gate.opens has another type", r"int64_t opens;", "double opens;")

    def test_a_member_between_others(self) -> None:
        self.caught("deploy_gate.opens has moved", r"int64_t opens;", "int64_t closes;\n  int64_t opens;")

    def test_a_member_that_is_gone(self) -> None:
        self.caught("no member named 'opens'", r"int64_t opens; ", "")

    def test_a_function_with_another_argument(self) -> None:
        self.caught("conflicting types for 'deploy_image_parse'", r"deploy_image_parse\(const char \*text,", "deploy_image_parse(const char *text, size_t length,")

    def test_a_function_that_is_gone(self) -> None:
        self.caught("deploy_image_get_familiar is gone", r"DEPLOY_API const char \*deploy_image_get_familiar[^;]*;", "")

    def test_a_callback_with_another_argument(self) -> None:
        self.caught("deploy_text_fn", r"\(\*deploy_text_fn\)\(const char \*text, size_t length,", "(*deploy_text_fn)(const char *text, int32_t length,")

    def test_a_number_type_that_grew(self) -> None:
        self.caught("deploy_verdict", r"typedef int32_t deploy_verdict;", "typedef int64_t deploy_verdict;")

    def test_a_new_member_at_the_end_is_allowed(self) -> None:
        self.assertEqual([], self.changed(r"\n\} deploy_gate;", "\n  const char *hint;\n} deploy_gate;"))

    def test_new_enumerators_and_functions_are_allowed(self) -> None:
        self.assertEqual([], self.changed(r"DEPLOY_NO_MEMORY = -23", "DEPLOY_NO_MEMORY = -23,\n  DEPLOY_TOO_LATE = -24"))
        self.assertEqual([], self.changed(r"DEPLOY_API const char \*deploy_library_version", "DEPLOY_API int32_t deploy_new(void);\nDEPLOY_API const char *deploy_library_version"))


if __name__ == "__main__":
    unittest.main()
