#!/usr/bin/python3
"""Prints deployctl(1): what `--help` says of the program and of every command, as a manual page.

    manual.py path/to/deployctl > deployctl.1
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass, field


@dataclass
class Help:
    """The answer of one `--help`, taken apart."""
    summary: str = ""
    usage: str = ""
    sections: dict[str, list[tuple[str, str]]] = field(default_factory=dict)  # "Options" -> (--to ENV, what it is)
    prose: list[str] = field(default_factory=list)


def ask(program: str, *command: str) -> Help:
    answer = subprocess.run([program, *command, "--help"], capture_output=True, text=True, check=True).stdout
    page, section = Help(), ""
    for number, line in enumerate(answer.splitlines()):
        if number == 0:
            page.summary = line
        elif line.startswith("Usage: "):
            page.usage = line.removeprefix("Usage: ")
        elif line in ("Options:", "Positionals:", "Subcommands:"):
            section = line.rstrip(":")
            page.sections[section] = []
        elif section and (entry := re.fullmatch(r"  (\S+(?: \S+)?) {2,}(\S.*)", line)):
            page.sections[section].append((entry[1], entry[2]))
        elif line or not section:
            section = ""
            page.prose.append(line)
        else:
            section = ""
    return page


def commands(program: str, *above: str) -> list[tuple[str, Help]]:
    """Every command that does something, groups as their members."""
    found: list[tuple[str, Help]] = []
    for name, _ in ask(program, *above).sections["Subcommands"]:
        page = ask(program, *above, name)
        found += commands(program, *above, name) if "Subcommands" in page.sections else [(" ".join([*above, name]), page)]
    return found


def roff(text: str) -> str:
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("`", "\\(ga").replace("'", "\\(aq")
    return "\\&" + text if text.startswith((".", "\\(aq")) else text


def entries(items: list[tuple[str, str]]) -> list[str]:
    return [line for name, what in items for line in (".TP", f".B {roff(name.replace(',', ', '))}", roff(what))]


def prose(lines: list[str]) -> list[str]:
    """Sentences are filled; what is indented, or follows `Example`, stands as it is."""
    out, verbatim = [], False
    for line in lines:
        if line.startswith(("Options that every command", "Exit codes: ")):
            break
        example = bool(line) and (line.startswith((" ", "Example")) or verbatim)
        if example != verbatim and line:
            out.append(".PP\n.nf" if example else ".fi")
            verbatim = example
        if line:
            out.append(roff(line))
        elif out and not verbatim and not out[-1].startswith(".PP"):
            out.append(".PP")
        else:
            verbatim = end_verbatim(out, verbatim)
    end_verbatim(out, verbatim)
    return out


def end_verbatim(out: list[str], verbatim: bool) -> bool:
    if verbatim:
        out += [".fi", ".PP"]
    return False


EXITS = [("0", "as asked"), ("1", "could not be carried out"), ("2", "wrong usage or configuration"),
         ("3", "blocked by a gate: waiting for approval, frozen, ..."), ("4", "failed and rolled back, verified"),
         ("5", "held or stranded: a person is needed"), ("6", "another run holds the lease"),
         ("10", "of plan: there are changes"), ("130", "cancelled")]


def main(program: str) -> None:
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    date = time.strftime("%Y-%m-%d", time.gmtime(int(epoch) if epoch else None))
    top = ask(program)
    lines = [f'.TH DEPLOYCTL 1 "{date}" "libdeploy {version}" "User Commands"', ".SH NAME", f"deployctl \\- {roff(top.summary[0].lower() + top.summary[1:].rstrip('.'))}",
             ".SH SYNOPSIS", ".B deployctl", "[\\fIOPTIONS\\fR] \\fICOMMAND\\fR", ".SH DESCRIPTION", *prose(top.prose),
             ".SH OPTIONS", *entries(top.sections["Options"]), ".SH COMMANDS"]
    for _, page in commands(program):
        lines += [f'.SS "{roff(page.usage)}"', roff(page.summary) + ".", *entries(page.sections.get("Positionals", [])),
                  *entries([entry for entry in page.sections["Options"] if not entry[0].startswith("-h")]), ".PP", *prose(page.prose)]
    lines += [".SH EXIT STATUS", *entries(EXITS), ".SH FILES", ".TP", ".I deploy.json", "The configuration; \\fBdeployctl init\\fR writes a commented one.",
              ".TP", ".I .deploy/ledger.db", "The ledger, where the configuration does not name another.", ".SH SEE ALSO", ".BR docker (1),", ".BR ssh\\-keygen (1)"]
    print("\n".join(without_empty_paragraphs("\n".join(lines).split("\n"))))


def without_empty_paragraphs(lines: list[str]) -> list[str]:
    following = [*lines[1:], ".SH"]
    return [line for line, after in zip(lines, following) if line != ".PP" or not after.startswith((".PP", ".TP", ".S"))]


if __name__ == "__main__":
    main(*sys.argv[1:])
