"""The schema that editors complete from, seen by a validator that is not ours."""

from __future__ import annotations

import json
import re
import unittest
from pathlib import Path

import jsonschema

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "examples/deploy.schema.json").read_text(encoding="utf-8"))
TEMPLATE = (ROOT / "lib/config/template.jsonc").read_text(encoding="utf-8")

# A string stays as it is; a comment goes; so does a comma before a closing bracket.
TOKEN = re.compile(r'("(?:[^"\\]|\\.)*")|//[^\n]*|/\*.*?\*/|,(?=(?:\s|//[^\n]*\n|/\*.*?\*/)*[}\]])', re.DOTALL)


def strict(text: str) -> object:
    """JSON with comments and trailing commas as a value."""
    return json.loads(TOKEN.sub(lambda found: found[1] or "", text))


def template() -> dict:
    value = strict(TEMPLATE.replace("@APPLICATION@", "myapp").replace("@REPOSITORY@", "myapp"))
    assert isinstance(value, dict)
    return value


def properties(node: object, where: str = "") -> list[tuple[str, dict]]:
    """Every key that the schema knows, with what it says of it."""
    found: list[tuple[str, dict]] = []
    if isinstance(node, dict):
        for key, value in node.get("properties", {}).items():
            found.append((f"{where}/{key}", value))
        for key, value in node.items():
            found += properties(value, f"{where}/{key}")
    return found


class Schema(unittest.TestCase):
    def test_it_is_a_schema_in_the_dialects_that_editors_and_our_validator_read(self) -> None:
        jsonschema.Draft7Validator.check_schema(SCHEMA)
        jsonschema.Draft4Validator.check_schema(SCHEMA)

    def test_what_init_writes_conforms(self) -> None:
        for validator in (jsonschema.Draft7Validator, jsonschema.Draft4Validator):
            self.assertEqual([], [error.message for error in validator(SCHEMA).iter_errors(template())])

    def test_every_key_is_described(self) -> None:
        known = properties(SCHEMA)
        self.assertGreater(len(known), 80)
        self.assertEqual([], [where for where, value in known if not value.get("description")])

    def test_it_refuses_what_it_should(self) -> None:
        validator = jsonschema.Draft7Validator(SCHEMA)
        for path, value in {
            ("registry",): {"password": "hunter2"},
            ("environments", 0, "probe"): {"tcp": {"port": 1}, "engine": {}},
            ("environments", 0, "probe", "interval"): "5",
            ("environments", 0, "hosts"): [],
            ("environments", 0, "strategy", "type"): "rolling",
            ("typo",): 1,
        }.items():
            config = template()
            place = config
            for step in path[:-1]:
                place = place[step]
            place[path[-1]] = value
            with self.subTest(path=path):
                self.assertFalse(validator.is_valid(config))

    def test_every_default_conforms_to_its_own_rule(self) -> None:
        for where, value in properties(SCHEMA):
            if "default" in value:
                rule = {**value, "definitions": SCHEMA["definitions"]}
                rule = rule if "$ref" not in value else {"$ref": value["$ref"], "definitions": SCHEMA["definitions"]}
                with self.subTest(key=where):
                    jsonschema.validate(value["default"], rule, cls=jsonschema.Draft7Validator)


if __name__ == "__main__":
    unittest.main()
