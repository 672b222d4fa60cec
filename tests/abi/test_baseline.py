"""The library's ABI against the stored baseline, by abidiff, and abidiff against builds in which something was changed."""

from __future__ import annotations

import re
import tempfile
import unittest
from pathlib import Path

import baseline
from places import BASELINE, HEADER, MAP, capi

ADVICE = "\nIf this was meant: tests/abi/update, and a line in capi/CHANGES.md (its checklist says more)."


class Baseline(unittest.TestCase):
    def setUp(self) -> None:
        holder = tempfile.TemporaryDirectory(prefix="libdeploy-abi-")
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)
        self.text = HEADER.read_text(encoding="utf-8")

    def differences(self, text: str) -> str:
        return baseline.header_differences(BASELINE, baseline.promised(text, MAP, self.folder))

    def changed(self, pattern: str, replacement: str) -> str:
        text, count = re.subn(pattern, replacement, self.text, count=1, flags=re.S)
        self.assertEqual(1, count, f"{pattern} is not in deploy.h any more: mend this test")
        return self.differences(text)

    def test_the_library_is_as_the_baseline(self) -> None:
        found = baseline.built(capi(), self.text, MAP, self.folder)
        self.assertEqual("", baseline.differences(BASELINE, found), ADVICE)
        other = baseline.promised(self.text.replace("int64_t opens;", "double opens;"), MAP, self.folder)
        self.assertIn("type of 'int64_t opens' changed", baseline.differences(found, other), "a difference would not be seen")

    def test_the_header_is_as_the_baseline(self) -> None:
        self.assertEqual("", self.differences(self.text), ADVICE)

    def test_a_changed_member_is_caught(self) -> None:
        self.assertIn("'deploy_gate::opens' changed to 'deploy_gate::closes'", self.changed(r"int64_t opens;", "int64_t closes;"))
        self.assertIn("offset changed", self.changed(r"const char \*name;\n  const char \*reason;", "const char *reason;\n  const char *name;"))

    def test_a_member_that_was_added_is_seen_as_well(self) -> None:
        self.assertIn("const char* hint", self.changed(r"\n\} deploy_gate;", "\n  const char *hint;\n} deploy_gate;"))

    def test_a_changed_enumerator_is_caught(self) -> None:
        self.assertIn("DEPLOY_BLOCKED' from value '4' to '6'", self.changed(r"DEPLOY_BLOCKED = 4", "DEPLOY_BLOCKED = 6"))

    def test_a_changed_symbol_is_caught(self) -> None:
        self.assertIn("Removed function", self.changed(r"DEPLOY_API const char \*deploy_library_version\(void\);", ""))
        self.assertIn("deploy_image_parse", self.changed(r"deploy_image_parse\(const char \*text,", "deploy_image_parse(const char *text, size_t length,"))

    def test_a_symbol_of_another_version_node_is_caught(self) -> None:
        renamed = self.folder / "renamed.map"
        renamed.write_text(MAP.read_text(encoding="utf-8").replace("DEPLOY_1.0", "DEPLOY_2.0"), encoding="utf-8")
        self.assertIn("Removed function", baseline.header_differences(BASELINE, baseline.promised(self.text, renamed, self.folder)))


if __name__ == "__main__":
    unittest.main()
