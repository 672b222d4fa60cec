"""deployctl approve and deny with real SSH keys: made by ssh-keygen, kept by an agent, asked for a passphrase at a terminal."""

from __future__ import annotations

import json
import os
import pty
import random
import select
import socket
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from places import deployctl

NAMESPACE = "approval@libdeploy"


def service(name: str) -> str:
    value = os.environ.get(f"LIBDEPLOY_TEST_{name}")
    if not value:
        raise RuntimeError(f"LIBDEPLOY_TEST_{name} is not set: start the services as tests/README.md says")
    return value


def free_port() -> int:
    """Not one of those that outgoing connections get: one of them could take it before it is used."""
    while True:
        try:
            with socket.create_server(("127.0.0.1", random.randrange(10_000, 32_000))) as listener:
                return listener.getsockname()[1]
        except OSError:
            continue


class Signing(unittest.TestCase):
    """One environment that takes signed decisions of alice and carol, and a release that waits for it."""

    def setUp(self) -> None:
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        self.name = f"sign-{os.getpid()}-{self.id().rpartition('.')[2][:20].strip('_')}"
        self.key("alice")
        self.key("carol")
        self.list_keys("alice", "carol")
        approval = {"approvers": ["alice", "carol"], "signatures": {"allowed_signers": "signers", "revoked_keys": "revoked"}}
        (self.folder / "revoked").touch()
        image = f"{service('REGISTRY')}/testapp"
        port = free_port()
        config = {"application": self.name, "engine": service("DOCKER_HOST"), "image": {"repository": image},
                  "environments": [{"name": "live", "hosts": [service("DOCKER_HOST")], "approval": approval, "rollback": {"bake": "200ms"},
                                    "container": {"name": self.name, "ports": [f"127.0.0.1:{port}:8080"], "stop_timeout": "2s"},
                                    "probe": {"http": {"path": "/health", "port": port}, "deadline": "20s"}}]}
        (self.folder / "deploy.json").write_text(json.dumps(config))
        self.result(0, "release", "add", f"{image}:1.0.1", "--version", "1.0.1", "--as", "ci")

    def key(self, name: str, passphrase: str = "", *more: str) -> str:
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-C", name, *more, "-f", str(self.folder / name)], check=True)
        return str(self.folder / name)

    def public(self, name: str) -> str:
        return (self.folder / f"{name}.pub").read_text().strip()

    def fingerprint(self, name: str) -> str:
        return subprocess.run(["ssh-keygen", "-l", "-f", str(self.folder / name)], capture_output=True, text=True, check=True).stdout.split()[1]

    def list_keys(self, *names: str) -> None:
        (self.folder / "signers").write_text("".join(f"{name} {self.public(name)}\n" for name in names))

    def run_cli(self, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([deployctl(), *words], cwd=self.folder, env={**os.environ, **env}, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)

    def lines(self, exit_code: int, *words: str, **env: str) -> list[dict]:
        ended = self.run_cli("--json", *words, **env)
        self.assertEqual(ended.returncode, exit_code, ended.stdout + ended.stderr)
        return [json.loads(line) for line in ended.stdout.splitlines()]

    def result(self, exit_code: int, *words: str, **env: str) -> dict:
        return self.lines(exit_code, *words, **env)[-1]

    def refused(self, *words: str) -> dict:
        (error,) = [line for line in self.lines(1, *words) if line["type"] == "error"]
        self.assertIn("Nothing was recorded", error["message"])
        return error

    def remove_container(self) -> None:
        subprocess.run(["docker", "-H", service("DOCKER_HOST"), "rm", "-f", self.name], capture_output=True, check=True)

    def test_a_signed_approval_opens_the_way_and_stock_ssh_keygen_confirms_it_from_the_ledger(self) -> None:
        self.addCleanup(self.remove_container)
        waiting = ("1.0.1", "--to", "live", "--as", "alice")
        self.assertEqual(self.refused("approve", *waiting)["details"]["problem"], "unsigned")
        self.assertEqual(self.refused("deny", *waiting)["details"]["problem"], "unsigned")
        blocked = self.result(3, "promote", "1.0.1", "--to", "live", "--as", "ci")
        self.assertEqual(blocked["next"], ["deployctl approve 1.0.1 --to live --as APPROVER --sign KEY"])

        done = self.result(0, "approve", *waiting, "--sign", "alice", "--comment", "seen it")
        self.assertEqual((done["decision"], done["actor"], done["digest"], done["replaces"], done["comment"]), ("approved", "alice", blocked["digest"], None, "seen it"))
        self.assertEqual(done["signed_by"]["key"], self.fingerprint("alice"))
        promoted = self.result(0, "promote", "1.0.1", "--to", "live", "--as", "ci")
        (gate,) = [gate for gate in self.result(0, "show", promoted["deployment"])["gates"] if gate["gate"] == "approval"]
        self.assertEqual(gate["signed_by"], {"alice": self.fingerprint("alice")})

        exported = [json.loads(line) for line in self.run_cli("ledger", "export").stdout.splitlines()]
        (entry,) = [entry["data"] for entry in exported if entry["kind"] == "approval_granted"]
        (self.folder / "signature").write_text(entry["signature"])
        command = ["ssh-keygen", "-Y", "verify", "-f", "signers", "-I", "alice", "-n", NAMESPACE, "-s", "signature"]
        verified = subprocess.run(command, cwd=self.folder, input=entry["text"], capture_output=True, text=True)
        self.assertEqual(verified.returncode, 0, verified.stderr)
        self.assertIn(f"digest: {blocked['digest']}\n", entry["text"])

    def test_people_see_what_they_sign_and_until_when_it_holds(self) -> None:
        said = self.run_cli("approve", "1.0.1", "--to", "live", "--as", "alice", "--sign", "alice").stdout
        for part in ("signing as alice with alice:", "environment live", "release     1.0.1  sha256:", "replaces    nothing: none is live there", "made by     ci", "policy      ", "holds until 20",
                     f"alice approved 1.0.1 for live, signed with {self.fingerprint('alice')}"):
            self.assertIn(part, said)
        self.assertLess(said.index("holds until"), said.index("approved 1.0.1"))

    def test_a_draft_is_signed_with_ssh_keygen_alone_and_is_good_for_once(self) -> None:
        drafted = self.run_cli("approve", "1.0.1", "--to", "live", "--as", "alice", "--draft", "--comment", "by hand")
        self.assertTrue(drafted.stdout.startswith("libdeploy-approval-v1\ndecision: approve\n"), drafted.stdout)
        self.assertIn(f"ssh-keygen -Y sign -n {NAMESPACE}", drafted.stderr)
        self.assertEqual(self.result(0, "status", "live")["pending"][0]["granted_by"], [])
        (self.folder / "text").write_text(drafted.stdout)
        subprocess.run(["ssh-keygen", "-q", "-Y", "sign", "-n", NAMESPACE, "-f", "alice", "text"], cwd=self.folder, check=True, capture_output=True)
        record = ("approve", "1.0.1", "--to", "live", "--signed-text", "text", "--as")
        self.assertEqual(self.refused(*record, "carol")["details"]["problem"], "other_principal")
        self.assertEqual(self.result(0, *record, "alice", "--signature", "text.sig")["comment"], "by hand")
        self.assertEqual(self.refused(*record, "alice")["details"]["problem"], "replayed")
        (self.folder / "text").write_text(drafted.stdout.replace("by hand", "by heart"))
        self.assertEqual(self.refused(*record, "alice")["details"]["problem"], "replayed")

    def test_a_draft_in_json_has_the_text_and_the_namespace(self) -> None:
        result = self.result(0, "deny", "1.0.1", "--to", "live", "--as", "carol", "--draft")
        self.assertEqual((result["decision"], result["namespace"], result["granted"]), ("drafted", NAMESPACE, False))
        self.assertIn("\ndecision: deny\n", result["text"])
        self.assertIn("\nexpires: never\n", result["text"])

    def test_a_key_that_left_the_list_or_was_revoked_voids_what_it_signed(self) -> None:
        self.result(0, "approve", "1.0.1", "--to", "live", "--as", "alice", "--sign", "alice")
        self.result(10, "plan", "1.0.1", "--to", "live", "--as", "ci")
        (self.folder / "revoked").write_text(self.public("alice") + "\n")
        self.assertIn("its key is revoked", json.dumps(self.result(3, "plan", "1.0.1", "--to", "live", "--as", "ci")["gates"]))
        (self.folder / "revoked").write_text("")
        self.list_keys("carol")
        said = self.run_cli("status", "live").stdout
        self.assertIn("the decision of alice does not count: its key is not listed for alice or anybody", said)
        self.assertIn("--as APPROVER --sign KEY", said)

    def test_the_key_of_somebody_else_and_no_key_at_all_sign_nothing(self) -> None:
        approve = ("approve", "1.0.1", "--to", "live", "--as", "alice", "--sign")
        self.assertEqual(self.refused(*approve, "carol")["details"]["problem"], "other_principal")
        self.key("stranger")
        self.assertEqual(self.refused(*approve, "stranger")["details"]["problem"], "unknown_key")
        (error,) = [line for line in self.lines(1, *approve, "nowhere") if line["type"] == "error"]
        self.assertEqual((error["code"], error["area"]), ("unauthorized", "signature"))
        self.assertIn("No such file or directory", error["message"])

    def test_an_agent_signs_for_a_public_key(self) -> None:
        address = str(self.folder / "agent")
        agent = subprocess.Popen(["ssh-agent", "-D", "-a", address], stdout=subprocess.DEVNULL)
        self.addCleanup(agent.wait)
        self.addCleanup(agent.terminate)
        deadline = time.monotonic() + 20
        while not os.path.exists(address) and time.monotonic() < deadline:
            time.sleep(0.02)
        subprocess.run(["ssh-add", "-q", str(self.folder / "alice")], env={**os.environ, "SSH_AUTH_SOCK": address}, check=True)
        (self.folder / "alice").unlink()
        done = self.result(0, "approve", "1.0.1", "--to", "live", "--as", "alice", "--sign", "alice.pub", SSH_AUTH_SOCK=address)
        self.assertEqual(done["signed_by"]["key_type"], "ssh-ed25519")

    def test_a_passphrase_is_asked_for_at_the_terminal(self) -> None:
        self.key("guarded", "open sesame")
        (self.folder / "signers").write_text(f"alice {self.public('guarded')}\n")
        words = [deployctl(), "approve", "1.0.1", "--to", "live", "--as", "alice", "--sign", "guarded"]
        child, terminal = pty.fork()
        if child == 0:
            os.chdir(self.folder)
            os.execv(words[0], words)
        said, typed, deadline = b"", False, time.monotonic() + 60
        while time.monotonic() < deadline:
            if not select.select([terminal], [], [], 0.2)[0]:
                continue
            try:
                said += os.read(terminal, 4096)
            except OSError:  # the terminal's other end is closed: it has ended
                break
            if b"passphrase" in said and not typed:
                os.write(terminal, b"open sesame\n")
                typed = True
        _, status = os.waitpid(child, 0)
        os.close(terminal)
        self.assertEqual(os.waitstatus_to_exitcode(status), 0, said.decode())
        self.assertTrue(typed, said.decode())
        self.assertNotIn(b"open sesame", said)
        self.assertEqual(self.result(0, "status", "live")["pending"], [])

    def test_without_a_terminal_a_guarded_key_fails_at_once_and_says_what_to_do(self) -> None:
        self.key("guarded", "open sesame")
        ended = subprocess.run([deployctl(), "--json", "approve", "1.0.1", "--to", "live", "--as", "alice", "--sign", "guarded"], cwd=self.folder, stdin=subprocess.DEVNULL,
                               capture_output=True, text=True, timeout=60, start_new_session=True)
        self.assertEqual(ended.returncode, 1, ended.stdout)
        self.assertIn("load it into an SSH agent", ended.stdout)

    def test_options_that_contradict_each_other_are_wrong_usage(self) -> None:
        waiting = ("1.0.1", "--to", "live", "--as", "alice")
        self.assertEqual(self.run_cli("approve", *waiting, "--sign", "alice", "--signed-text", "text").returncode, 2)
        self.assertEqual(self.run_cli("approve", *waiting, "--signature", "text.sig").returncode, 2)
        missing = self.refused("approve", *waiting, "--signed-text", "nowhere")
        self.assertEqual((missing["code"], missing["details"]["file"]), ("io", "nowhere"))


if __name__ == "__main__":
    unittest.main()
