"""Layers stay layers: every #include is checked against the rules."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

import include_rules

ROOT = Path(__file__).resolve().parents[2]

OURS = ["include/deploy/digest.hpp", "include/deploy/deployer.hpp", "include/deploy/ports/engine.hpp", "lib/model/text.hpp",
        "lib/docker/engine.hpp", "lib/promotion/execute.hpp", "lib/http/client.hpp", "lib/support/json.hpp", "lib/store/sqlite.hpp",
        "capi/deploy.h", "capi/guard.hpp", "examples/deployctl/view.hpp"]

WRONG = [
    ("lib/model/a.cpp", '"docker/engine.hpp"', "model must not include docker"),
    ("lib/model/a.cpp", '"support/json.hpp"', "model must not include support"),
    ("lib/model/a.cpp", '"deploy/ports/engine.hpp"', "model must not include ports"),
    ("lib/promotion/a.cpp", '"docker/engine.hpp"', "promotion must not include docker"),
    ("lib/promotion/a.cpp", '"../http/client.hpp"', "promotion must not include http"),
    ("lib/promotion/a.cpp", '"store/sqlite.hpp"', "promotion must not include store"),
    ("lib/docker/a.cpp", '"promotion/execute.hpp"', "docker must not include promotion"),
    ("lib/release.cpp", '"docker/engine.hpp"', "support must not include docker"),
    ("lib/newfolder/a.cpp", '"model/text.hpp"', "has no rule"),
    ("capi/a.cpp", '"model/text.hpp"', "capi must not include model"),
    ("bindings/python/a.cpp", '"promotion/execute.hpp"', "bindings must not include promotion"),
    ("examples/deployctl/a.cpp", "<deploy/digest.hpp>", "deployctl must not include public"),
    ("examples/deployctl/a.cpp", '"../../capi/guard.hpp"', "deployctl must not include capi"),
    ("include/deploy/a.hpp", '"model/text.hpp"', "public must not include model"),
    ("include/deploy/a.hpp", "<fmt/format.h>", "fmt is at home in"),
    ("lib/docker/a.cpp", "<curl/curl.h>", "curl is at home in lib/http/ alone"),
    ("lib/docker/a.cpp", "<rapidjson/document.h>", "rapidjson is at home in"),
    ("lib/git/a.cpp", "<sqlite3.h>", "sqlite3 is at home in"),
    ("lib/http/a.cpp", "<libssh2.h>", "libssh2 is at home in"),
    ("lib/registry/a.cpp", "<archive_entry.h>", "archive is at home in"),
    ("lib/git/a.cpp", '"git/nowhere.hpp"', "names no file of ours"),
]

RIGHT = [
    ("lib/deployer_local.cpp", '"docker/engine.hpp"'), ("lib/deployer.cpp", '"promotion/execute.hpp"'),
    ("lib/docker/a.cpp", '"http/client.hpp"'), ("lib/promotion/a.cpp", '"deploy/ports/engine.hpp"'), ("capi/a.cpp", '"deploy/deployer.hpp"'),
    ("examples/deployctl/a.cpp", '"deploy.h"'), ("examples/deployctl/a.cpp", '"view.hpp"'), ("lib/http/a.cpp", "<curl/curl.h>"),
    ("lib/model/a.cpp", "<string>"),
]


def complaints(file: str, header: str) -> list[str]:
    """What the checker says of a small tree of our shape with this one include planted."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for path in [*OURS, file]:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).touch()
        (root / file).write_text(f"#include {header}\n")
        return include_rules.wrong_edges(root)


class IncludeEdges(unittest.TestCase):
    def test_every_include_follows_the_rules(self) -> None:
        wrong = include_rules.wrong_edges(ROOT)
        self.assertFalse(wrong, "wrong includes:\n" + "\n".join(wrong))

    def test_the_sources_were_found(self) -> None:
        seen = {include_rules.area(include.file) for include in include_rules.includes(ROOT)}
        self.assertLessEqual({"public", "ports", "model", "promotion", "docker", "http", "capi"}, seen)

    def test_a_planted_wrong_include_is_caught(self) -> None:
        for file, header, expected in WRONG:
            with self.subTest(file=file, header=header):
                found = complaints(file, header)
                self.assertEqual(1, len(found), f"{file} includes {header} and the checker said {found}")
                self.assertIn(expected, found[0])
                self.assertTrue(found[0].startswith(f"{file}:1: "))

    def test_a_right_include_is_let_through(self) -> None:
        for file, header in RIGHT:
            with self.subTest(file=file, header=header):
                self.assertEqual([], complaints(file, header))


if __name__ == "__main__":
    unittest.main()
