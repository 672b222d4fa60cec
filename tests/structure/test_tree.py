"""Where files stand, and what no file may name."""

from __future__ import annotations

import os
import pwd
import subprocess
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = {".ci", ".github", "bindings", "capi", "docs", "examples", "include", "lib", "subprojects", "tests"}
LIB = {"model", "config", "ledger", "promotion", "docker", "registry", "git", "http", "ssh", "probe", "store", "router", "simulation", "sshsig", "support"}


def our_files() -> list[Path]:
    """The files of the repository; of an unpacked archive, all but what a build made."""
    listed = subprocess.run(["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]
    return [file for file in ROOT.rglob("*") if file.is_file() and not file.relative_to(ROOT).parts[0].startswith(("build", ".git"))]


def places_of_this_machine() -> list[str]:
    """Paths that mean something here and nowhere else."""
    home = pwd.getpwuid(os.getuid()).pw_dir
    parents = [str(ROOT), f"{ROOT.parent}/"] if len(ROOT.parts) > 2 else [f"{ROOT}/"]
    return [place for place in [*parents, f"{home}/."] if place not in ("/tmp/", "/srv/", "/opt/", "/home/")]


class Tree(unittest.TestCase):
    def setUp(self) -> None:
        self.files = our_files()
        self.assertGreater(len(self.files), 50, "the repository's files were not found")

    def test_the_top_level_has_the_known_folders_only(self) -> None:
        found = {file.relative_to(ROOT).parts[0] for file in self.files if file.parent != ROOT}
        self.assertEqual(set(), found - FOLDERS)

    def test_lib_has_the_known_folders_only(self) -> None:
        found = {file.relative_to(ROOT / "lib").parts[0] for file in self.files
                 if file.is_relative_to(ROOT / "lib") and file.parent != ROOT / "lib"}
        self.assertEqual(set(), found - LIB)

    def test_every_source_of_the_library_is_built(self) -> None:
        """A file that no meson.build names is compiled by nobody and tested by nobody."""
        named = "".join(file.read_text() for file in self.files if file.name == "meson.build")
        sources = [file.relative_to(ROOT) for file in self.files if file.suffix == ".cpp"]
        forgotten = [str(file) for file in sources if file.parts[0] in ("lib", "capi", "tests") and f"{file.name}'" not in named]
        self.assertEqual([], forgotten)

    def test_no_file_names_a_place_of_this_machine(self) -> None:
        places = places_of_this_machine()
        for file in self.files:
            text = file.read_bytes().decode(errors="replace")
            for place in places:
                self.assertNotIn(place, text, f"{file.relative_to(ROOT)} names {place}")


if __name__ == "__main__":
    unittest.main()
