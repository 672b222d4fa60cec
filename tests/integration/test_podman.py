"""podman as the Engine of the hosts: its compatible API serves the whole story."""

from __future__ import annotations

import subprocess
import unittest

from pipeline import PipelineCase, service


class OnPodman(PipelineCase):
    def setUp(self) -> None:
        super().setUp()
        self.hosts = {"qa": service("PODMAN_HOST"), "live": service("PODMAN_HOST")}

    def docker(self, *words: str) -> str:
        return subprocess.run(["docker", "-H", service("PODMAN_HOST"), *words], capture_output=True, text=True, check=True).stdout.strip()

    def remove_containers(self) -> None:
        super().remove_containers()
        if ids := self.docker("ps", "-aq", "--filter", f"label=io.libdeploy.application={self.name}").split():
            self.docker("rm", "-f", *ids)

    def test_a_release_is_proven_promoted_and_gone_back_from(self) -> None:
        first = self.bring_live()
        self.assertEqual((self.serves("qa"), self.serves("live")), ("1.0.1", "1.0.1"))
        container = self.docker("inspect", "-f", "{{.Id}}", f"{self.name}-live")
        self.bring_live()
        self.assertEqual(self.serves("live"), "1.0.2")
        back = self.result(0, "rollback", "live")
        self.assertEqual(back["live"], first["live"])
        self.assertEqual(self.docker("inspect", "-f", "{{.Id}}", f"{self.name}-live"), container)
        self.assertEqual(self.result(0, "verify", "live")["drift"], [])

    def test_a_broken_release_goes_back_by_itself_with_its_evidence(self) -> None:
        self.bring_live()
        self.bake = "5s"
        self.write(CRASH_AFTER_S="1", EXIT_CODE="7")
        failed = self.result(4, "run")
        self.assertEqual((failed["outcome"], failed["live"]["version"]), ("rolled_back", "1.0.1"))
        self.assertEqual(self.serves("qa"), "1.0.1")
        self.assertTrue(failed["evidence"]["hosts"])


if __name__ == "__main__":
    unittest.main()
