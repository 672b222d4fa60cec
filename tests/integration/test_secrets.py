"""Planted secrets are looked for wherever they must not be: ledger, events, output, error texts, command lines, environments of children."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import subprocess
import unittest
from pathlib import Path

from pipeline import PipelineCase, free_port, service
from watch import ProcessWatch


class Secrets(PipelineCase):
    def setUp(self) -> None:
        super().setUp()
        self.registry = service("REGISTRY_BASIC")
        self.password = service("REGISTRY_BASIC_PASSWORD")
        self.values = {"by_file": "hunter2-by-file\nhunter2-second-line", "by_command": "hunter2-by-command", "by_env": "hunter2-by-env"}
        (self.folder / "value").write_text(self.values["by_file"])
        (self.folder / "password").write_text(self.password + "\n")
        (self.folder / "print-value").write_text(f"#!/bin/sh\necho {self.values['by_command']}\n")
        (self.folder / "print-value").chmod(0o755)
        self.plant("PLANTED_VALUE", self.values["by_env"])
        self.plant("PLANTED_USER", service("REGISTRY_BASIC_USER"))
        self.login = {"username": {"env": "PLANTED_USER"}, "password": {"file": "password"}}
        self.more = {"registry": self.login}
        self.more_of["qa"] = {"env": {"A": {"file": "value"}, "B": {"command": ["./print-value"]}, "C": {"env": "PLANTED_VALUE"}}}
        self.planted = [self.password, *self.values["by_file"].split("\n"), self.values["by_command"], self.values["by_env"]]
        self.write()

    def plant(self, name: str, value: str) -> None:
        os.environ[name] = value
        self.addCleanup(os.environ.pop, name)

    def everything(self, exit_code: int, *words: str, before: tuple[str, ...] = ()) -> str:
        """Runs the command; all that it said, and all that is recorded now. Command lines and environments are looked at here."""
        env = {name: value for name, value in os.environ.items() if not name.startswith("LIBDEPLOY_")}  # the services' passwords are among those
        with ProcessWatch() as watch:
            ended = subprocess.run([*before, *self.command("-v", *words)], cwd=self.folder, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
        self.assertEqual(ended.returncode, exit_code, ended.stdout[-3000:] + ended.stderr)
        for value in self.planted:
            self.assertFalse(any(value.encode() in line for line in watch.command_lines), f"{value} stands on a command line")
            if value != self.values["by_env"]:  # that one is in our own environment already
                self.assertFalse(any(value.encode() in text for text in watch.environments), f"{value} stands in a child's environment")
        self.children = len(watch.environments)
        recorded = b"".join(file.read_bytes() for file in sorted((self.folder / ".deploy").glob("*")))
        return ended.stdout + ended.stderr + recorded.decode(errors="replace") + json.dumps(self.lines(0, "ledger", "export"))

    def assert_clean(self, text: str) -> None:
        for value in self.planted:
            at = text.find(value)
            self.assertEqual(at, -1, f"{value} is told: ...{text[max(0, at - 300):at + 100]}")

    def test_they_arrive_and_are_seen_nowhere_else(self) -> None:
        self.assert_clean(self.everything(3, "run"))
        self.assertGreater(self.children, 0, "nobody was watched")
        env = self.inspect("qa")["Config"]["Env"]
        self.assertLessEqual({f"A={self.values['by_file']}", f"B={self.values['by_command']}", f"C={self.values['by_env']}"}, set(env))
        self.assert_clean(self.everything(0, "verify", "qa") + self.everything(0, "doctor"))

    def test_an_application_that_prints_its_environment_as_it_fails(self) -> None:
        self.more_of["qa"]["env"].update(PRINT_ENV="1", UNHEALTHY="1")
        self.probe = {"deadline": "2s", "timeout": "1s"}
        self.write()
        said = self.everything(4, "run")
        self.assert_clean(said)
        self.assertIn("A=[redacted]", said)
        self.assertIn("C=[redacted]", said)
        evidence = self.result(0, "history", "qa")["deployments"][0]["evidence"]["hosts"][0]
        self.assertIn("listening", evidence["logs"])
        self.assert_clean(json.dumps(evidence))

    def test_what_goes_wrong_on_the_way_to_a_registry(self) -> None:
        (self.folder / "password").write_text("hunter2-wrong-password")
        self.planted.append("hunter2-wrong-password")
        refused = self.everything(1, "run")
        self.assertIn("unauthorized", refused)
        self.assert_clean(refused)
        self.registry = f"127.0.0.1:{free_port()}"
        self.write()
        self.assert_clean(self.everything(1, "run"))
        (self.folder / "print-value").write_text(f"#!/bin/sh\necho {self.values['by_command']}; echo cannot print {self.values['by_command']} >&2; exit 3\n")
        self.registry = service("REGISTRY")
        self.more = {}
        self.write()
        failed = self.everything(4, "run")
        self.assertIn("ended with 3", failed)
        self.assert_clean(failed)

    def test_the_passphrase_of_a_key_with_either_client(self) -> None:
        passphrase = service("SSH_PASSPHRASE")
        (self.folder / "passphrase").write_text(passphrase)
        self.planted.append(passphrase)
        for client in ("libssh2", "openssh"):
            with self.subTest(client=client):
                self.ssh_options = {"client": client, "identity": service("SSH_KEY_PASSPHRASE"), "passphrase": {"file": "passphrase"}, "known_hosts": service("KNOWN_HOSTS")}
                self.write()
                self.assert_clean(self.everything(0, "verify", "qa"))
                (self.folder / "passphrase").write_text("hunter2-wrong-passphrase")
                self.planted.append("hunter2-wrong-passphrase")
                self.assert_clean(self.everything(5, "verify", "qa"))  # a host that cannot be asked is drift, and says why
                (self.folder / "passphrase").write_text(passphrase)

    def test_a_login_that_a_credential_helper_gives(self) -> None:
        """Docker's configuration is looked for in the user's home: the user gets another one, in a mount namespace of its own."""
        home = self.folder / "home"
        (home / ".docker").mkdir(parents=True)
        (home / ".docker" / "config.json").write_text(json.dumps({"credHelpers": {self.registry: "planted"}}))
        answer = json.dumps({"ServerURL": self.registry, "Username": service("REGISTRY_BASIC_USER"), "Secret": self.password})
        helper = self.folder / "bin" / "docker-credential-planted"
        helper.parent.mkdir()
        helper.write_text(f"#!/bin/sh\ncat >/dev/null\ncat {self.folder}/answer\n")
        helper.chmod(0o755)
        (self.folder / "answer").write_text(answer)
        user = pwd.getpwuid(os.getuid())
        (self.folder / "passwd").write_text(f"{user.pw_name}:x:{user.pw_uid}:{user.pw_gid}::{home}:/bin/sh\n")
        self.addCleanup(os.environ.__setitem__, "PATH", os.environ["PATH"])
        os.environ["PATH"] = f"{helper.parent}:{os.environ['PATH']}"
        self.more = {}
        self.write()
        unshare = shutil.which("unshare") or "unshare"
        elsewhere = (unshare, "--mount", "sh", "-c", 'mount --bind "$0" /etc/passwd && exec "$@"', str(self.folder / "passwd"))
        self.assert_clean(self.everything(3, "run", before=elsewhere))
        self.assertTrue(Path("/etc/passwd").read_text().strip())
        (self.folder / "answer").write_text(answer.replace(self.password, "hunter2-from-helper"))
        self.planted.append("hunter2-from-helper")
        refused = self.everything(1, "run", before=elsewhere)
        self.assertIn("unauthorized", refused)
        self.assert_clean(refused)


if __name__ == "__main__":
    unittest.main()
