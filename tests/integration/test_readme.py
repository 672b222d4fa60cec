"""The README's console excerpt is what deployctl really prints: every line of it, in that order."""

from __future__ import annotations

import json
import re
import subprocess
import unittest
from pathlib import Path

from pipeline import PipelineCase, program

ROOT = Path(__file__).resolve().parents[2]


def excerpt() -> list[str]:
    (text,) = re.findall(r"```console\n\$ deployctl run\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    return text.splitlines()


class Console(PipelineCase):
    def write(self, **build_args: str) -> None:
        super().write(**build_args)
        file = self.folder / "deploy.json"
        config = json.loads(file.read_text())
        for environment, name in zip(config["environments"], ("stage", "prod")):
            environment["name"] = name
            environment["container"]["name"] = f"{self.name}-{name}"
        config["git"]["after"] = config["environments"][1]["after"] = "stage"
        config["environments"][1]["approval"]["approvers"] = ["alice", "bob"]
        file.write_text(json.dumps(config))

    def without_what_differs(self, line: str) -> str:
        line = line.replace(self.name, "shop")
        for pattern, word in ((r"\[ssh://[^]]*\]", "[HOST]"), (r"\(\d+ ms\)", "(TIME)"), (r"[\d.]+ m?s, gap [\d.]+ m?s", "TIME, gap TIME"), (r"deployment [0-9a-f]{16}", "deployment ID"),
                              (r"sha256:[0-9a-f]{12}[0-9a-f…]*", "DIGEST"), (r"\([0-9a-f]{12}\)", "(DIGEST)")):
            line = re.sub(pattern, word, line)
        return line

    def test_every_line_of_the_excerpt_is_printed_in_its_order(self) -> None:
        self.result(3, "run")
        self.result(0, "approve", "1.0.1", "--to", "prod", "--as", "alice")
        self.result(0, "promote", "1.0.1", "--to", "prod")
        ended = subprocess.run([program(), "--as", "ci", "run"], cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(ended.returncode, 3, ended.stdout + ended.stderr)
        printed = iter(self.without_what_differs(line) for line in ended.stdout.splitlines())
        for line in map(self.without_what_differs, excerpt()):
            self.assertIn(line, printed, f"not printed, or earlier: {line}\n{ended.stdout}")


if __name__ == "__main__":
    unittest.main()
