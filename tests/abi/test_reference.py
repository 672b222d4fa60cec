"""The reference that Doxygen makes of deploy.h, and the snippets in what we write: complete, and they compile."""

from __future__ import annotations

import html
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

import header
from places import HEADER, SOURCE

# What a snippet that stands alone is put into. `x` and its like are nobody's: they show a form.
FRAME = """#include <deploy/deploy.h>
#include <stdio.h>
#include <string.h>
void snippet(const deploy_config *config, const deploy_plan *plan, deploy_status status);
void snippet(const deploy_config *config, const deploy_plan *plan, deploy_status status) {{
  {code}
}}
"""
GIVEN = "(void)config; (void)plan; (void)status;"


class Reference(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        holder = tempfile.TemporaryDirectory(prefix="libdeploy-reference-")
        cls.addClassCleanup(holder.cleanup)
        cls.made = subprocess.run(["doxygen", "capi/Doxyfile"], cwd=SOURCE, env={**os.environ, "DEPLOY_REFERENCE": holder.name}, capture_output=True, text=True, check=False)
        cls.pages = {file.name: html.unescape(re.sub(r"<[^>]*>", "", file.read_text(encoding="utf-8"))) for file in Path(holder.name).glob("html/*.html")}

    def test_doxygen_has_nothing_to_say_against_it(self) -> None:
        self.assertEqual("", self.made.stderr)
        self.assertEqual(0, self.made.returncode)

    def test_every_name_of_the_header_is_in_it(self) -> None:
        declared = header.read(HEADER)
        page = "\n".join(self.pages.values())
        names = [*declared.functions, *declared.structs, *declared.enumerators, *declared.typedefs, *declared.constants, *declared.initialisers]
        self.assertEqual([], [name for name in names if not re.search(rf"\b{name}\b", page)])

    def test_it_opens_with_the_rules(self) -> None:
        self.assertIn("1. Names.      deploy_<noun>_<verb>.", self.pages["index.html"])


def in_header() -> list[str]:
    """What stands between backquotes and is a statement, in the rules and in the documentation."""
    text = re.sub(r"\n \*  +", " ", HEADER.read_text(encoding="utf-8"))
    found = re.findall(r"`([^`]+)`", text)
    return [code for code in found if re.search(r"^(for|if) \(|;$", code)]


class Snippets(unittest.TestCase):
    def compiles(self, text: str, suffix: str = ".c") -> str:
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "deploy").symlink_to(HEADER.parent)
            source = Path(folder) / f"snippet{suffix}"
            source.write_text(text, encoding="utf-8")
            command = ["gcc", "-std=c99", "-Wall", "-Wextra", "-pedantic", "-Werror", "-fsyntax-only", f"-I{folder}", str(source)]
            return subprocess.run(command, capture_output=True, text=True, check=False).stderr

    def test_those_of_the_header_compile(self) -> None:
        snippets = in_header()
        self.assertGreaterEqual(len(snippets), 2, "the header's snippets were not found")
        for code in snippets:
            with self.subTest(code):
                self.assertEqual("", self.compiles(FRAME.format(code=complete(code))))

    def test_one_that_is_wrong_would_be_noticed(self) -> None:
        self.assertIn("deploy_gait", self.compiles(FRAME.format(code=complete("deploy_gait gate = DEPLOY_GATE_INIT;"))))

    def test_those_of_the_documents_compile(self) -> None:
        """Blocks marked as C; those in C++ are tests/structure's."""
        for document in ("README.md", "capi/ABI.md", "capi/CHANGES.md", "lib/README.md"):
            for code in re.findall(r"```c\n(.*?)```", (SOURCE / document).read_text(encoding="utf-8"), re.S):
                with self.subTest(document):
                    self.assertEqual("", self.compiles(code))


def complete(code: str) -> str:
    """Declares what the text around a snippet takes for granted."""
    declared = re.match(r"deploy_(\w+) \*?(\w+) =", code)
    lines = ["size_t i;"] if re.search(r"\bi\b", code) else []
    if "&step" in code:
        lines.append("deploy_step step = DEPLOY_STEP_INIT;")
    tail = " ;" if code.startswith("for") else " return;" if code.startswith("if") else ""
    use = f" (void){declared[2]};" if declared else ""
    return " ".join([*lines, GIVEN, code + tail + use])


if __name__ == "__main__":
    unittest.main()
