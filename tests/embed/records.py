"""The records of deploy.h, and what each language's example says they are: names and kinds of the members, in their order."""

from __future__ import annotations

import re

from places import EXAMPLES, HEADER

Member = tuple[str, str]  # name, kind: pointer, int32, int64, size or bytes
Records = dict[str, list[Member]]

# What kinds are called in which language; what is not here is a pointer.
KINDS = {
    "c": {"size_t": "size", "int64_t": "int64", "int32_t": "int32"},
    "python": {"c.c_size_t": "size", "c.c_int64": "int64", "c.c_int32": "int32"},
    "rust": {"usize": "size", "i64": "int64", "i32": "int32", "deploy_status": "int32", "[c_char; 72]": "bytes"},
    "node": {"size_t": "size", "int64_t": "int64", "int32_t": "int32", "deploy_status": "int32"},
    "java": {"int": "int32"},  # and a long, which is both size and int64
}


def _of_c(text: str) -> Records:
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    numbers = {**KINDS["c"], **{name: "int32" for name in re.findall(r"typedef int32_t (\w+);", text)}}

    def member(declaration: str) -> Member:
        if pointer := re.search(r"\(\*(\w+)\)", declaration):
            return pointer[1], "pointer"
        kind, name = re.fullmatch(r"\s*(.*?)(\w+)(?:\[\w+\])?\s*", declaration, re.S).groups()  # type: ignore[union-attr]
        return name, "bytes" if declaration.rstrip().endswith("]") else numbers.get(kind.strip(), "pointer")

    found = re.findall(r"typedef struct (\w+) \{(.*?)\n\} \1;", text, re.S)
    return {name: [member(declaration) for declaration in body.split(";") if declaration.strip()] for name, body in found}


def _snake(name: str) -> str:
    return "deploy" + re.sub(r"[A-Z]", lambda letter: f"_{letter[0].lower()}", name)


def _of_python(text: str) -> Records:
    found = re.findall(r"class (\w+)\(Record\):\n    _fields_ = \[(.*?)\]\n", text, re.S)
    return {_snake(name): [(member, KINDS["python"].get(kind, "pointer")) for member, kind in re.findall(r'\("(\w+)", ([\w.]+)', body)] for name, body in found}


def _of_rust(text: str) -> Records:
    found = re.findall(r"pub struct (\w+) \{\n(.*?)\n\}", text, re.S)
    return {name: [(member, KINDS["rust"].get(kind, "pointer")) for member, kind in re.findall(r"pub (\w+):\s*([^,<]+)[,<]", body)] for name, body in found}


def _of_node(text: str) -> Records:
    found = re.findall(r"koffi\.struct\('(\w+)', \{(.*?)\}\)", text, re.S)
    return {name: [(member, KINDS["node"].get(kind, "pointer")) for member, kind in re.findall(r"(\w+): '([^']+)'", body)] for name, body in found}


def _of_java(text: str) -> Records:
    """JNA goes by the order in the annotation."""
    records: Records = {}
    for order, name, body in re.findall(r"@FieldOrder\(\{(.*?)\}\)\s*class (\w+) extends Record[^{]*\{(.*?)\n  \}", text, re.S):
        kinds = {member: kind for kind, names in re.findall(r"public (\w+) ([\w, ]+);", body) for member in names.split(", ")}
        numbers = {**KINDS["java"], "long": "size or int64"}
        records[_snake(name)] = [(member, numbers.get(kinds[member], "pointer")) for member in re.findall(r'"(\w+)"', order)]
    return records


READERS = {"python/deploy.py": _of_python, "rust/ffi.rs": _of_rust, "node/deploy.mjs": _of_node, "java/Deploy.java": _of_java, "lua/deploy.lua": _of_c}


def of_header() -> Records:
    return _of_c(HEADER.read_text(encoding="utf-8"))


def of_example(file: str) -> Records:
    return READERS[file]((EXAMPLES / file).read_text(encoding="utf-8"))


def same(ours: Member, theirs: Member) -> bool:
    return ours[0] == theirs[0] and theirs[1] in ours[1]
