"""What the documents say is so: paths exist, snippets compile, the owed defects have their cases."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

import jsonschema

ROOT = Path(__file__).resolve().parents[2]
# Defects that the library promises to prevent, by their numbers in the workflow's review
OWED = [*range(1, 32), *range(33, 44), 45]


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


class SeedDefects(unittest.TestCase):
    def setUp(self) -> None:
        self.cases = "\n".join(f.read_text(encoding="utf-8") for f in (ROOT / "tests/seed_defects").glob("*_test.cpp"))
        self.table = read("tests/seed_defects/README.md")

    def test_every_owed_defect_has_a_case_and_a_row(self) -> None:
        for number in OWED:
            self.assertIn(f'TEST_CASE("S{number}: ', self.cases)
            self.assertIn(f"| S{number} |", self.table)

    def test_the_table_names_the_cases_as_they_are(self) -> None:
        for title in re.findall(r'TEST_CASE\("S\d+: ([^"]+)"\)', self.cases):
            self.assertIn(f"| {title} |", self.table)


class Readme(unittest.TestCase):
    def setUp(self) -> None:
        self.text = read("README.md")

    def test_every_path_it_names_exists(self) -> None:
        for path in re.findall(r"\b(?:examples|tests|lib|capi|include)/[\w./-]*\w", self.text):
            self.assertTrue((ROOT / path).exists(), path)

    def test_the_snippet_compiles(self) -> None:
        (snippet,) = re.findall(r"```cpp\n(.*?)```", self.text, re.DOTALL)
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "snippet.cpp"
            source.write_text(snippet)
            command = ["g++", "-std=c++20", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", f"-I{ROOT}/include", str(source)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_the_configuration_has_the_keys_of_the_schema(self) -> None:
        (text,) = re.findall(r"```json\n(.*?)```", self.text, re.DOTALL)
        schema = json.loads(read("examples/deploy.schema.json"))
        jsonschema.validate(json.loads(text), schema)


if __name__ == "__main__":
    unittest.main()
