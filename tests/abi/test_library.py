"""The library that people install: small, does nothing when it is loaded, shows its C functions alone, and bears a lack of memory."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import header
from places import FROZEN, HEADER, HERE, release

LIBRARY = release() / "capi" / "libdeploy.so"
MOST_BYTES = 2_500_000
STRICT = ["-std=gnu11", "-Wall", "-Wextra", "-Werror"]


def output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


class Loading(unittest.TestCase):
    def test_nothing_runs_when_it_is_loaded(self) -> None:
        """One entry is the compiler's own, frame_dummy; a static initialiser of ours would be another."""
        sections = output("readelf", "-SW", str(LIBRARY))
        (size,) = re.findall(r"\.init_array\s+INIT_ARRAY\s+\w+ \w+ (\w+)", sections)
        guilty = re.findall(r".*_GLOBAL__sub_I_.*", output("nm", "-C", str(LIBRARY)))
        self.assertEqual([], guilty)
        self.assertEqual(8, int(size, 16))

    def test_it_needs_what_the_readme_lists(self) -> None:
        needed = re.findall(r"NEEDED.*\[(.*?)\.so", output("readelf", "-d", str(LIBRARY)))
        system = {"libstdc++", "libgcc_s", "libc", "libm", "ld-linux-x86-64"}
        self.assertEqual({"libarchive", "libcrypto", "libcurl", "libdate-tz", "libfmt", "libsqlite3", "libssh2"}, set(needed) - system)

    def test_its_names_are_those_of_the_header_under_one_version(self) -> None:
        names = [line.split()[-1] for line in output("nm", "-D", "--defined-only", str(LIBRARY)).splitlines() if line.split()[-2] != "A"]
        self.assertEqual(sorted(f"{name}@@DEPLOY_1.0" for name in header.read(HEADER).functions), sorted(names))
        self.assertEqual(["libdeploy.so.1"], re.findall(r"soname: \[(.*)\]", output("readelf", "-d", str(LIBRARY))))


class Size(unittest.TestCase):
    def test_stripped_it_is_small(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            stripped = Path(folder) / "libdeploy.so"
            output("strip", "--strip-unneeded", "-o", str(stripped), str(LIBRARY))
            self.assertLess(stripped.stat().st_size, MOST_BYTES)


class Programs(unittest.TestCase):
    """C programs against the library, compiled here and now."""

    def setUp(self) -> None:
        holder = tempfile.TemporaryDirectory(prefix="libdeploy-abi-")
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)

    def build(self, header_file: Path, *sources: Path) -> str:
        (self.folder / "deploy").mkdir(exist_ok=True)
        for place in ("deploy.h", "deploy/deploy.h"):
            shutil.copy(header_file, self.folder / place)
        done = subprocess.run(["gcc", *STRICT, "-O1", "-g", f"-I{self.folder}", *map(str, sources), "-o", str(self.folder / "program"), f"-L{LIBRARY.parent}", "-ldeploy",
                               f"-Wl,-rpath,{LIBRARY.parent}"], capture_output=True, text=True, check=False)
        self.assertEqual("", done.stderr)
        return str(self.folder / "program")

    def test_one_that_was_built_against_the_frozen_header_runs(self) -> None:
        for source in ("models_test.c", "null_test.c"):
            with self.subTest(source):
                program = self.build(FROZEN, HERE.parent / "capi" / source)
                done = subprocess.run([program], cwd=self.folder, capture_output=True, text=True, check=False)
                self.assertEqual((0, ""), (done.returncode, done.stderr))

    def test_every_allocation_may_fail_once(self) -> None:
        program = self.build(HEADER, HERE / "torture.c", HERE / "failing_malloc.c")
        done = subprocess.run([program, str(self.folder), "15"], cwd=self.folder, capture_output=True, text=True, check=False, timeout=120)
        self.assertEqual(0, done.returncode, f"{done.stdout}{done.stderr}")


if __name__ == "__main__":
    unittest.main()
