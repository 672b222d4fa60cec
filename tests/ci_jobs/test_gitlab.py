"""The GitLab pipeline: the rules that matter, and its scripts run as they stand."""

from __future__ import annotations

import os
import shutil
import unittest
from typing import Any

import yaml
from jobs import GITHUB, GITLAB, KEY, Checkout

FILE = yaml.safe_load((GITLAB / "deploy.gitlab-ci.yml").read_text())
WHEEL = os.environ["LIBDEPLOY_TEST_WHEEL"]


def job(name: str) -> dict[str, Any]:
    """With what it extends."""
    return {**FILE[FILE[name]["extends"]], **FILE[name]}


class Rules(unittest.TestCase):
    def test_jobs_stand_in_stages_that_exist_and_wait_for_jobs_that_exist(self) -> None:
        jobs = [name for name, value in FILE.items() if isinstance(value, dict) and "stage" in value]
        self.assertEqual(["build", "staging", "production"], jobs)
        for name in jobs:
            self.assertIn(FILE[name]["stage"], FILE["stages"])
            self.assertLessEqual(set(FILE[name].get("needs", [])), set(jobs))

    def test_production_waits_for_a_person_and_nothing_is_thrown_away(self) -> None:
        self.assertEqual(["manual"], [rule.get("when") for rule in job("production")["rules"]])
        for name in ("build", "staging", "production"):
            self.assertEqual((False, "deploy"), (job(name)["interruptible"], job(name)["resource_group"]))
        self.assertEqual("production", job("production")["environment"])


class Pipeline(Checkout):
    def run_job(self, name: str, env: dict[str, str]) -> int:
        steps = job(name)
        world = {**{key: str(value) for key, value in FILE["variables"].items()}, "LIBDEPLOY_WHEEL": WHEEL, "SSH_KEY": KEY, **env}
        status = self.run_script("\n".join([*steps["before_script"], *steps["script"]]), world)
        self.assertEqual(0, self.run_script("\n".join(steps["after_script"]), world))
        self.assertFalse((self.checkout / ".deploy" / "id_ed25519").exists())
        return status

    def setUp(self) -> None:
        super().setUp()
        (self.checkout / "ci").mkdir()
        shutil.copy(GITHUB / "deploy_step.py", self.checkout / "ci")

    def test_from_build_to_production(self) -> None:
        self.assertEqual(0, self.run_job("build", {}), self.printed)
        release = dict(line.split("=", 1) for line in (self.checkout / "release.env").read_text().splitlines())
        self.assertEqual("1.0.1", release["VERSION"])
        self.assertEqual(0, self.run_job("staging", release), self.printed)
        self.assertEqual(1, self.run_job("production", {**release, "GITLAB_USER_LOGIN": "mallory"}))
        self.assertEqual("nothing", self.live("production"))
        self.assertEqual(0, self.run_job("production", {**release, "GITLAB_USER_LOGIN": "alice"}), self.printed)
        self.assertEqual("1.0.1", self.live("production"))
        self.assertIn("alice approved 1.0.1", self.printed)
        self.assert_no_secret_was_printed()
