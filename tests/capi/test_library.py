"""libdeploy.so exports what deploy.h declares and nothing else, and does nothing when it is loaded."""

from __future__ import annotations

import re
import subprocess
import unittest

from places import build, declared


def output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def exported() -> dict[str, str]:
    """Name -> version node."""
    lines = output("nm", "-D", "--defined-only", str(build() / "capi" / "libdeploy.so")).splitlines()
    names = [line.split()[-1] for line in lines if line.split()[-2] != "A"]  # A: the version node itself
    return {name.partition("@@")[0]: name.partition("@@")[2] for name in names}


class Exports(unittest.TestCase):
    def test_the_exported_names_are_those_of_the_header(self) -> None:
        self.assertEqual(sorted(exported()), sorted(declared()))
        self.assertGreater(len(declared()), 60)

    def test_every_name_has_a_version_node(self) -> None:
        self.assertEqual(set(exported().values()), {"DEPLOY_1.0"})

    def test_the_soname_carries_the_promise(self) -> None:
        dynamic = output("readelf", "-d", str(build() / "capi" / "libdeploy.so"))
        self.assertEqual(re.findall(r"soname: \[(.*)\]", dynamic), ["libdeploy.so.1"])


class Loading(unittest.TestCase):
    def test_the_c_layer_has_no_static_initialisers(self) -> None:
        names = output("nm", "-C", str(build() / "capi" / "libdeploy_capi.a"))
        self.assertIn("deploy_image_parse", names)
        # Sanitizers bring their own constructors, named by number.
        self.assertEqual(re.findall(r".*_GLOBAL__sub_I_(?!\d).*|.*static initializ.*", names), [])
