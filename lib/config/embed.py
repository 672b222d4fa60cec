#!/usr/bin/env python3
"""Writes a C++ file that carries other files: embed.py OUTPUT FUNCTION=FILE ..."""
import sys

# Compilers need not take longer string literals than 64 KiB, and adjacent ones are joined.
LINE = 96


def literal(data: bytes) -> str:
    """The bytes as adjacent C++ string literals. Octal escapes end after three digits, hexadecimal ones do not."""
    lines = []
    for start in range(0, len(data), LINE):
        chunk = data[start:start + LINE]
        lines.append('    "' + "".join(chr(b) if 32 <= b < 127 and b not in b'"\\?' else f"\\{b:03o}" for b in chunk) + '"')
    return "\n".join(lines) or '    ""'


def function(name: str, data: bytes) -> str:
    return (f"std::string_view {name}() noexcept {{\n  static constexpr char kText[] =\n{literal(data)};\n"
            f"  return {{kText, sizeof kText - 1}};\n}}\n")


def main() -> None:
    output, *parts = sys.argv[1:]
    body = []
    for part in parts:
        name, path = part.split("=", 1)
        with open(path, "rb") as file:
            body.append(function(name, file.read()))
    with open(output, "w", encoding="ascii") as file:
        file.write('// Made by lib/config/embed.py.\n#include "config/embedded.hpp"\n\nnamespace deploy::config {\n\n'
                   + "\n".join(body) + "\n}  // namespace deploy::config\n")


if __name__ == "__main__":
    main()
