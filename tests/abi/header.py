"""What a header like deploy.h declares, read without a compiler: the few forms that it uses, and an error for any other."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Header:
    functions: dict[str, str] = field(default_factory=dict)    # name -> prototype
    structs: dict[str, str] = field(default_factory=dict)      # name -> body, without braces
    enumerators: dict[str, str] = field(default_factory=dict)  # name -> value as it is written
    typedefs: dict[str, str] = field(default_factory=dict)     # name -> declaration: integers, function pointers, opaque structs
    constants: dict[str, str] = field(default_factory=dict)    # macro -> value; initialisers and versions are none
    initialisers: dict[str, str] = field(default_factory=dict)

    def opaque(self) -> list[str]:
        return [name for name, text in self.typedefs.items() if text.startswith("typedef struct")]


def read(file: Path) -> Header:
    return parse(file.read_text(encoding="utf-8"))


def parse(text: str) -> Header:
    code = re.sub(r"/\*.*?\*/", " ", text, flags=re.S).replace("\\\n", " ")
    header = Header()
    for name, value in re.findall(r"^#define (DEPLOY_\w+) +(.+?) *$", code, re.M):
        _take_macro(header, name, value)
    code = re.sub(r"^#.*$", "", code, flags=re.M).replace('extern "C" {', "")
    for declaration in _declarations(code):
        _take(header, " ".join(declaration.split()))
    return header


def _take_macro(header: Header, name: str, value: str) -> None:
    if name.endswith("_INIT"):
        header.initialisers[name] = value
    elif name != "DEPLOY_API" and not name.startswith("DEPLOY_VERSION_"):
        header.constants[name] = value


def _declarations(code: str) -> list[str]:
    """What ends with a semicolon outside of braces."""
    found, depth, begun = [], 0, 0
    for at, character in enumerate(code):
        depth += (character == "{") - (character == "}")
        if character == ";" and depth == 0:
            found.append(code[begun:at])
            begun = at + 1
    return found


def _take(header: Header, text: str) -> None:
    if match := re.fullmatch(r"DEPLOY_API (.*?\b(deploy_\w+)\(.*\))", text):
        header.functions[match[2]] = match[1]
    elif match := re.fullmatch(r"typedef struct (\w+) \{(.*)\} \1", text):
        header.structs[match[1]] = match[2].strip()
    elif match := re.fullmatch(r"(?:typedef )?enum \w* ?\{(.*)\}( \w+)?", text):
        _take_enumerators(header, match[1])
    elif match := re.fullmatch(r"typedef .*?(?:\(\*(\w+)\)\(.*\)|\b(\w+))", text):
        header.typedefs[match[1] or match[2]] = text
    else:
        raise ValueError(f"a declaration of a form that tests/abi/header.py does not know: {text}")


def _take_enumerators(header: Header, body: str) -> None:
    for item in filter(None, (item.strip() for item in body.split(","))):
        name, equals, value = item.partition(" = ")
        if not equals:
            raise ValueError(f"{name} has no written value: one that is inserted would renumber what follows")
        header.enumerators[name] = value
