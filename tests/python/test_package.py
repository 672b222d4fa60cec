"""The package as people get it: types, lint, stubs, the wheel by itself, the sdist."""

from __future__ import annotations

import inspect
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest
import venv
import zipfile
from pathlib import Path

import libdeploy
from places import BINDINGS, SOURCE

PACKAGE = Path(libdeploy.__file__).parent
WHEEL = Path(os.environ["LIBDEPLOY_TEST_WHEEL"])
HERE = Path(__file__).parent


def run(*command: str | Path, cwd: Path = SOURCE, **env: str) -> str:
    ended = subprocess.run([*map(str, command)], cwd=cwd, env={**os.environ, **env}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if ended.returncode != 0:
        raise AssertionError(f"{command} ended with {ended.returncode}:\n{ended.stdout}")
    return ended.stdout


def what_was_built(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if Path(folder) == SOURCE and name.startswith(("build", ".git", ".cache")) and name != ".gitignore"] + ["__pycache__"]


class Types(unittest.TestCase):
    def test_mypy_is_content_with_package_and_user_code(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            user = Path(folder, "user.py")
            user.write_text("\n".join(re.findall(r"^```python\n(.*?)^```$", (BINDINGS / "README.md").read_text(), re.MULTILINE | re.DOTALL)))
            run(sys.executable, "-m", "mypy", "--strict", "--cache-dir", folder, "-p", "libdeploy", cwd=Path(folder))
            run(sys.executable, "-m", "mypy", "--strict", "--cache-dir", folder, user, cwd=Path(folder))

    def test_mypy_sees_a_users_mistake(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            user = Path(folder, "user.py")
            user.write_text('import libdeploy\nlibdeploy.Deployer(libdeploy.Config.load("x")).promote(staging=1)\n')
            with self.assertRaisesRegex(AssertionError, 'Unexpected keyword argument "staging"'):
                run(sys.executable, "-m", "mypy", "--strict", "--cache-dir", folder, user, cwd=Path(folder))

    def test_the_stub_is_that_of_the_module(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            allowed = Path(folder, "allowed")
            allowed.write_text("libdeploy\\._core\\.(CallLimits|Deployer|World)\nlibdeploy\\._core\\.CallLimits\\.__init__\n")  # pybind11's own metaclass
            run(sys.executable, "-m", "mypy.stubtest", "--allowlist", allowed, "libdeploy._core", cwd=Path(folder))

    def test_ruff_is_content(self) -> None:
        run(sys.executable, "-m", "ruff", "check", "--no-cache", BINDINGS, HERE, HERE.parent / "approvals", HERE.parent / "ci_jobs", SOURCE / "examples")

    def test_mypy_is_content_with_the_examples(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            run(sys.executable, "-m", "mypy", "--strict", "--cache-dir", folder, "-p", "approvals", cwd=SOURCE / "examples" / "approvals")
            run(sys.executable, "-m", "mypy", "--strict", "--cache-dir", folder, *(SOURCE / "examples" / "github-actions").glob("*.py"), cwd=Path(folder))


class Help(unittest.TestCase):
    def test_everything_public_says_what_it_is(self) -> None:
        silent = [name for name in libdeploy.__all__ if inspect.isclass(getattr(libdeploy, name)) and not (getattr(libdeploy, name).__doc__ or "").strip()]
        self.assertEqual([], silent)
        for owner in (libdeploy.Deployer, libdeploy.AsyncDeployer, libdeploy.Config, libdeploy.simulation.World, libdeploy.Running):
            methods = [name for name, method in vars(owner).items() if callable(method) and not name.startswith("_") and not method.__doc__]
            self.assertEqual([], methods, owner)

    def test_the_version_is_the_librarys(self) -> None:
        self.assertIn(f"libdeploy-{libdeploy.__version__}-", WHEEL.name)


class Wheel(unittest.TestCase):
    def test_it_has_every_file_of_the_package(self) -> None:
        sources = {path.name for path in (BINDINGS / "libdeploy").iterdir() if path.suffix in (".py", ".pyi", ".typed")}
        with zipfile.ZipFile(WHEEL) as wheel:
            packed = {name.partition("/")[2] for name in wheel.namelist() if name.startswith("libdeploy/")}
            entry_points = wheel.read(next(name for name in wheel.namelist() if name.endswith("entry_points.txt"))).decode()
        self.assertEqual(sources, {name for name in packed if not name.endswith(".so")})
        self.assertEqual(1, len(packed - sources))
        self.assertIn("libdeploy = libdeploy.testing", entry_points)

    def test_a_repaired_one_carries_what_it_needs(self) -> None:
        """Installed where none of our libraries is found, it works: every library that is not of the system's basis is in it."""
        with tempfile.TemporaryDirectory() as folder:
            run(sys.executable, "-m", "auditwheel", "repair", "-w", folder, WHEEL, PATH=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
            repaired = next(Path(folder).glob("*manylinux*.whl"))
            with zipfile.ZipFile(repaired) as wheel:
                carried = [name for name in wheel.namelist() if name.startswith("libdeploy.libs/")]
            for library in ("libcurl", "libssh2", "libsqlite3", "libarchive", "libcrypto"):
                self.assertTrue([name for name in carried if library in name], f"{library} is not among {carried}")
            venv.create(Path(folder, "empty"), with_pip=True)
            python = Path(folder, "empty", "bin", "python")
            run(python, "-m", "pip", "install", "-q", "--no-index", "--no-deps", repaired)
            loaded = run(python, "-c", "import libdeploy; libdeploy.Config.parse(libdeploy.config_template('x')); print(open('/proc/self/maps').read())", cwd=Path(folder))
        ours = {line.split()[-1] for line in loaded.splitlines() if ".so" in line}
        for library in ("libcurl", "libssh2", "libarchive"):
            self.assertTrue(all("libdeploy.libs" in name for name in ours if f"/{library}" in name), f"{library} was taken from the system: {sorted(ours)}")


class Sdist(unittest.TestCase):
    def test_it_has_what_a_build_needs(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "checkout")
            shutil.copytree(SOURCE, path, ignore=what_was_built)  # not cloned: it may be an unpacked archive
            for words in (["init", "-q"], ["add", "-A"], ["-c", "user.name=test", "-c", "user.email=test@example.com", "commit", "-q", "-m", "as it is"]):
                run("git", *words, cwd=path)
            run(sys.executable, "-m", "build", "--sdist", "--no-isolation", "-o", folder, path, cwd=Path(folder))
            with tarfile.open(next(Path(folder).glob("libdeploy-*.tar.gz"))) as archive:
                names = {name.partition("/")[2] for name in archive.getnames()}
        for wanted in ("PKG-INFO", "pyproject.toml", "meson.build", "lib/deployer.cpp", "include/deploy/deployer.hpp", "bindings/python/src/module.cpp",
                       "bindings/python/libdeploy/py.typed"):
            self.assertIn(wanted, names)
