"""The GitHub workflow: checked by actionlint, and its steps run as they stand."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import tempfile
import unittest
from pathlib import Path

import yaml
from jobs import GITHUB, KEY, SOURCE, TOKEN, Action, Checkout, Reviews, review

ACTIONLINT = "github.com/rhysd/actionlint/cmd/actionlint@v1.6.26"
WHEEL = os.environ["LIBDEPLOY_TEST_WHEEL"]


class Lint(unittest.TestCase):
    tool: Path

    @classmethod
    def setUpClass(cls) -> None:
        cls.tool = SOURCE / "build-python" / "bin" / "actionlint"
        if not cls.tool.exists():
            env = {**os.environ, "GOBIN": str(cls.tool.parent), "GOFLAGS": "-modcacherw", "HOME": os.environ["HOME"], "GOPATH": str(SOURCE / "build-python" / "go")}
            made = subprocess.run(["go", "install", ACTIONLINT], env=env, capture_output=True, text=True, check=False)
            assert made.returncode == 0, made.stderr

    def lint(self, change: tuple[str, str] = ("", "")) -> str:
        """As in a repository that has the files where the README puts them."""
        with tempfile.TemporaryDirectory() as folder:
            workflows, action = Path(folder, ".github", "workflows"), Path(folder, ".github", "actions", "libdeploy")
            for place in (workflows, action, Path(folder, ".git")):
                place.mkdir(parents=True)
            (action / "action.yml").write_text((GITHUB / "action.yml").read_text())
            for file in (GITHUB / "workflows").glob("*.yml"):
                text = file.read_text()
                (workflows / file.name).write_text(text.replace(*change) if change[0] else text)
            ended = subprocess.run([self.tool, "-no-color", "-shellcheck=", "-pyflakes="], cwd=folder, capture_output=True, text=True, check=False)
            return ended.stdout + ended.stderr

    def test_actionlint_is_content(self) -> None:
        self.assertEqual("", self.lint())

    def test_actionlint_sees_what_is_wrong(self) -> None:
        for change, words in [(("command: promote", "comand: promote"), 'input "comand" is not defined in action "libdeploy step"'),
                              (("needs.build.outputs.digest", "needs.build.outputs.digset"), 'property "digset" is not defined'),
                              (("needs: [build, staging]", "needs: [build, stagin]"), "stagin")]:
            self.assertIn(words, self.lint(change))


class Rules(unittest.TestCase):
    """What the old workflow got wrong, and actionlint does not know of."""

    def setUp(self) -> None:
        self.texts = {path.name: path.read_text() for path in [GITHUB / "action.yml", *(GITHUB / "workflows").glob("*.yml")]}
        self.workflow = yaml.safe_load(self.texts["deploy.yml"])

    def test_foreign_actions_are_pinned_by_commit(self) -> None:
        used = [name for text in self.texts.values() for name in re.findall(r"uses: (\S+)", text) if not name.startswith("./")]
        self.assertTrue(used)
        self.assertEqual([], [name for name in used if not re.search(r"@[0-9a-f]{40}$", name)])

    def test_scripts_are_text_that_nobody_outside_writes(self) -> None:
        for step in yaml.safe_load(self.texts["action.yml"])["runs"]["steps"]:
            self.assertNotIn("${{", step["run"])

    def test_rights_are_the_least_and_runs_are_not_thrown_away(self) -> None:
        self.assertEqual({"contents": "read"}, self.workflow["permissions"])
        self.assertIs(False, self.workflow["concurrency"]["cancel-in-progress"])
        self.assertEqual({"contents": "read", "actions": "read"}, self.workflow["jobs"]["production"]["permissions"])
        self.assertEqual("production", self.workflow["jobs"]["production"]["environment"])

    def test_one_digest_goes_all_the_way(self) -> None:
        for job in ("staging", "production"):
            step = self.workflow["jobs"][job]["steps"][-1]
            self.assertEqual("${{ needs.build.outputs.digest }}", step["with"]["release"])
            self.assertEqual(job, step["with"]["to"])


class Pipeline(Checkout):
    def setUp(self) -> None:
        super().setUp()
        self.secrets = {"SSH_KEY": KEY, "GITHUB_TOKEN": TOKEN}

    def api(self, *reviews: dict) -> Reviews:  # type: ignore[type-arg]
        api = Reviews(list(reviews))
        self.addCleanup(api.close)
        return api

    def test_from_build_to_production(self) -> None:
        api = self.api(review("mallory", "approved"), review("alice", "approved"), review("bob", "approved", "staging"))
        action = Action(self, api.url)
        self.assertEqual(0, action.run(self.secrets, command="build", wheel=WHEEL), self.printed)
        digest = action.outputs["digest"]
        self.assertRegex(digest, "^sha256:[0-9a-f]{64}$")
        self.assertEqual("1.0.1", action.outputs["version"])
        self.assertEqual(0, action.run(self.secrets, command="promote", release=digest, to="staging", wheel=WHEEL), self.printed)
        self.assertEqual("succeeded", action.outputs["outcome"])
        self.assertIn("| Live now | 1.0.1 |", action.summary)
        self.assertEqual(0, action.run(self.secrets, command="promote", release=digest, to="production", approvals="true", wheel=WHEEL), self.printed)
        self.assertEqual((digest, "succeeded"), (action.outputs["digest"], action.outputs["outcome"]))
        self.assertEqual("1.0.1", self.live("production"))
        self.assertEqual([("/repos/acme/shop/actions/runs/42/approvals", f"Bearer {TOKEN}")], api.asked)
        self.assertIn("alice approved 1.0.1", self.printed)
        self.assertIn("'mallory' is not an approver", self.printed)
        self.assertNotIn("bob approved", self.printed)
        self.assertFalse((self.checkout / ".deploy" / "id_ed25519").exists())
        self.assert_no_secret_was_printed()

    def test_without_an_approval_or_with_a_denial_production_is_not_touched(self) -> None:
        for reviews, status in (((), 1), ((review("alice", "rejected"),), 3)):
            action = Action(self, self.api(*reviews).url)
            self.assertEqual(0, action.run(self.secrets, command="build", wheel=WHEEL), self.printed)
            digest = action.outputs["digest"]
            self.assertEqual(0, action.run(self.secrets, command="promote", release=digest, to="staging", wheel=WHEEL), self.printed)
            self.assertEqual(status, action.run(self.secrets, command="promote", release=digest, to="production", approvals="true", wheel=WHEEL), self.printed)
            self.assertEqual("nothing", self.live("production"))
        self.assertIn("nobody's decision on production was recorded", self.printed)

    def test_a_release_that_fails_is_rolled_back_and_the_job_says_why(self) -> None:
        action = Action(self)
        self.assertEqual(0, action.run(self.secrets, command="build", wheel=WHEEL), self.printed)
        self.assertEqual(0, action.run(self.secrets, command="promote", release=action.outputs["digest"], to="staging", wheel=WHEEL), self.printed)
        self.make_next_build_unhealthy()
        self.assertEqual(0, action.run(self.secrets, command="build", wheel=WHEEL), self.printed)
        self.assertEqual(4, action.run(self.secrets, command="promote", release=action.outputs["digest"], to="staging", wheel=WHEEL), self.printed)
        self.assertEqual("rolled_back", action.outputs["outcome"])
        self.assertIn("is unhealthy", action.summary)
        self.assertEqual("1.0.1", self.live("staging"))
        self.assertFalse((self.checkout / ".deploy" / "id_ed25519").exists())

    def test_a_wrong_configuration_is_said_to_be_one(self) -> None:
        (self.checkout / "deploy.json").write_text("{}")
        self.assertEqual(2, Action(self).run({}, command="build", wheel=WHEEL))
        self.assertIn('the key "application" is missing', self.printed)

    def test_the_key_is_for_its_owner_alone(self) -> None:
        step = next(step for step in Action(self).action["runs"]["steps"] if step["name"].startswith("Put the SSH key"))
        self.assertEqual(0, self.run_script(step["run"], {"SSH_KEY": KEY, "IDENTITY": ".deploy/id_ed25519"}))
        written = self.checkout / ".deploy" / "id_ed25519"
        self.assertEqual((KEY + "\n", 0o600), (written.read_text(), stat.S_IMODE(written.stat().st_mode)))
