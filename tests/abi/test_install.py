"""`meson install` puts everything in its place, and projects of every kind build with what it installed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from places import HERE, SOURCE, prefix, release

(VERSION,) = re.findall(r"^  version: '(.*)'", (SOURCE / "meson.build").read_text(encoding="utf-8"), re.M)
SAID = f"docker.io/library/flask:3 by libdeploy {VERSION}\n"
PROGRAMS = HERE / "consumers"


def setUpModule() -> None:
    shutil.rmtree(prefix(), ignore_errors=True)
    call(["meson", "install", "--no-rebuild", "--quiet", "-C", str(release())], SOURCE, {})


def libdir() -> Path:
    (found,) = prefix().rglob("libdeploy.so")
    return found.parent


def environment() -> dict[str, str]:
    return {**os.environ, "PKG_CONFIG_PATH": str(libdir() / "pkgconfig"), "CMAKE_PREFIX_PATH": str(prefix()), "LD_LIBRARY_PATH": str(libdir())}


def call(command: list[str], folder: Path, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(command, cwd=folder, env={**os.environ, **(environment() if env is None else env)},
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}"
    return done.stdout


class Tree(unittest.TestCase):
    def test_what_is_installed_is_this_and_nothing_else(self) -> None:
        lib = libdir().relative_to(prefix())
        headers = [f"include/deploy/{file.relative_to(SOURCE / 'include/deploy')}" for file in (SOURCE / "include/deploy").rglob("*.hpp")]
        expected = [*headers, "include/deploy/deploy.h", "bin/deployctl", "share/man/man1/deployctl.1", "share/libdeploy/deploy.schema.json",
                    "share/bash-completion/completions/deployctl", "share/zsh/site-functions/_deployctl",
                    *(f"{lib}/{name}" for name in ("libdeploy.so", "libdeploy.so.1", f"libdeploy.so.{VERSION}", "libdeploy.a", "pkgconfig/libdeploy.pc",
                                                   "pkgconfig/libdeploy-static.pc", "cmake/libdeploy/libdeployConfig.cmake", "cmake/libdeploy/libdeployConfigVersion.cmake"))]
        found = [str(file.relative_to(prefix())) for file in prefix().rglob("*") if not file.is_dir()]
        self.assertEqual(sorted(expected), sorted(found))

    def test_no_installed_text_names_the_place_where_it_was_built(self) -> None:
        for file in prefix().rglob("*"):
            if file.is_file() and file.suffix not in (".pc", ".so", ".a", ".0"):
                self.assertNotIn(str(SOURCE).encode(), file.read_bytes(), str(file))

    def test_the_program_runs_from_there(self) -> None:
        self.assertEqual(f"deployctl {VERSION}\n", call([str(prefix() / "bin/deployctl"), "--version"], prefix()))

    def test_the_schema_is_the_one_that_configurations_are_validated_against(self) -> None:
        installed = json.loads((prefix() / "share/libdeploy/deploy.schema.json").read_text(encoding="utf-8"))
        self.assertEqual(installed, json.loads((SOURCE / "examples/deploy.schema.json").read_text(encoding="utf-8")))


class Page(unittest.TestCase):
    PAGE = "share/man/man1/deployctl.1"

    def test_mandoc_has_nothing_to_say_against_it(self) -> None:
        self.assertEqual("", call(["mandoc", "-T", "lint", "-W", "warning", str(prefix() / self.PAGE)], prefix()))

    def test_it_explains_every_command(self) -> None:
        text = call(["mandoc", "-T", "ascii", str(prefix() / self.PAGE)], prefix())
        text = re.sub(".\b", "", text)
        commands = call([str(prefix() / "bin/deployctl"), "__complete", ""], prefix()).split()
        self.assertGreater(len(commands), 20)
        for command in commands:
            self.assertIn(f"deployctl {command} ", text)


class Completion(unittest.TestCase):
    def test_bash_offers_commands(self) -> None:
        script = prefix() / "share/bash-completion/completions/deployctl"
        words = f'. {script}; COMP_WORDS=(deployctl pro); COMP_CWORD=1; _deployctl; echo "${{COMPREPLY[@]}}"; complete -p deployctl'
        found = call(["bash", "--norc", "-c", words], prefix(), {**environment(), "PATH": f"{prefix()}/bin:{os.environ['PATH']}"})
        self.assertIn("promote\n", found)
        self.assertIn("-F _deployctl deployctl", found)

    def test_zsh_finds_its_function(self) -> None:
        folder = prefix() / "share/zsh/site-functions"
        found = call(["zsh", "-fc", f"fpath=({folder} $fpath); autoload -Uz compinit; compinit -D; print $_comps[deployctl]; autoload +X _deployctl && functions _deployctl"], prefix())
        self.assertTrue(found.startswith("_deployctl\n"), found)
        self.assertIn("deployctl __complete", found)


class Consumers(unittest.TestCase):
    def setUp(self) -> None:
        holder = tempfile.TemporaryDirectory(prefix="libdeploy-consumer-")
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)

    def take(self, kind: str) -> None:
        shutil.copytree(PROGRAMS / kind, self.folder, dirs_exist_ok=True)
        for program in ("program.c", "program.cpp"):
            shutil.copy(PROGRAMS / program, self.folder)

    def says(self, program: str, *, shared: bool) -> None:
        path = self.folder / program
        self.assertEqual(SAID, call([str(path)], self.folder))
        needed = re.findall(r"NEEDED.*\[(libdeploy[^]]*)\]", call(["readelf", "-d", str(path)], self.folder))
        self.assertEqual(["libdeploy.so.1"] if shared else [], needed)

    def test_make_and_pkg_config(self) -> None:
        self.take("make")
        call(["make", "program"], self.folder)
        self.says("program", shared=True)

    def test_make_and_pkg_config_linked_in(self) -> None:
        self.take("make")
        call(["make", "program", "LIBDEPLOY=libdeploy-static"], self.folder)
        self.says("program", shared=False)

    def test_make_and_pkg_config_with_the_cpp_api(self) -> None:
        self.take("make")
        (self.folder / "program.c").unlink()
        call(["make", "program", "LIBDEPLOY=libdeploy-static"], self.folder)
        self.says("program", shared=False)

    def test_cmake(self) -> None:
        self.take("cmake")
        call(["cmake", "-S", ".", "-B", "build"], self.folder)
        call(["cmake", "--build", "build"], self.folder)
        self.says("build/program", shared=True)
        self.says("build/program_static", shared=False)
        self.says("build/program_cpp", shared=False)

    def test_cmake_is_told_when_the_version_is_too_old(self) -> None:
        self.take("cmake")
        lists = self.folder / "CMakeLists.txt"
        lists.write_text(lists.read_text(encoding="utf-8").replace("libdeploy 0.9", "libdeploy 7.0"), encoding="utf-8")
        done = subprocess.run(["cmake", "-S", ".", "-B", "build"], cwd=self.folder, env=environment(), capture_output=True, text=True, check=False)
        self.assertNotEqual(0, done.returncode)
        self.assertIn(f"version: {VERSION}", done.stderr)

    def test_meson_with_what_is_installed(self) -> None:
        self.take("meson")
        call(["meson", "setup", "build"], self.folder)
        call(["ninja", "-C", "build"], self.folder)
        self.says("build/program", shared=True)
        self.says("build/program_static", shared=False)
        self.says("build/program_cpp", shared=False)

    def test_meson_with_a_subproject(self) -> None:
        """All but the compilation of the library, which takes minutes: the release's stands in for it when the program is linked."""
        self.take("subproject")
        (self.folder / "subprojects").mkdir()
        (self.folder / "subprojects" / "libdeploy").symlink_to(SOURCE)
        call(["meson", "setup", "build"], self.folder)
        place = self.folder / "build" / "subprojects" / "libdeploy" / "capi"
        shutil.copy(release() / "capi" / f"libdeploy.so.{VERSION}", place)
        for program in ("program", "program_by_name"):
            call(["ninja", "-C", "build", f"{program}.p/program.c.o"], self.folder)
            link = call(["ninja", "-C", "build", "-t", "commands", "-s", program], self.folder).splitlines()[-1]
            call(["sh", "-c", link], self.folder / "build")
            self.says(f"build/{program}", shared=True)


if __name__ == "__main__":
    unittest.main()
