"""The main job on real parts: Engine, registry, sshd, git remote; and what goes wrong with it."""

from __future__ import annotations

import json
import signal
import subprocess
import time
import unittest
from pathlib import Path

from pipeline import PipelineCase, Relay, docker, manifest, put_tag, service


class MainJob(PipelineCase):
    def test_one_digest_goes_through_staging_and_approval_to_production(self) -> None:
        first = self.bring_live()
        digest = first["digest"]
        self.assertEqual((first["outcome"], first["live"]), ("succeeded", {"version": "1.0.1", "digest": digest}))
        self.assertIsNone(first["gap_ms"])
        for environment in ("qa", "live"):
            labels = self.inspect(environment)["Config"]["Labels"]
            self.assertEqual((labels["io.libdeploy.digest"], labels["io.libdeploy.version"], labels["io.libdeploy.environment"]), (digest, "1.0.1", environment))
            self.assertTrue(self.inspect(environment)["Config"]["Image"].endswith(digest))
        self.assertIn(digest, self.git("ls-remote", "origin") and subprocess.run(
            ["git", "--git-dir", self.remote, "cat-file", "-p", "rel-1.0.1"], capture_output=True, text=True, check=True).stdout)
        self.assertEqual(manifest(self.registry, self.name, "latest")[2], digest)

        second = self.result(3, "run")
        self.assertEqual(manifest(self.registry, self.name, "latest")[2], digest, "moved before production was verified")
        kept = [name for name in self.names("qa") if ".v1.0.1." in name]
        self.assertEqual(len(kept), 1)
        self.assertEqual(json.loads(docker("inspect", kept[0]))[0]["HostConfig"]["RestartPolicy"]["Name"], "no")
        self.result(0, "plan", "1.0.2", "--to", "qa")
        self.result(3, "plan", "1.0.2", "--to", "live")
        self.result(0, "approve", "1.0.2", "--to", "live", "--as", "ben")
        self.result(10, "plan", "1.0.2", "--to", "live")
        promoted = self.result(0, "promote", "--to", "live")
        self.assertEqual(promoted["digest"], second["digest"])
        self.assertGreater(promoted["gap_ms"], 0)
        self.assertEqual((self.serves("qa"), self.serves("live")), ("1.0.2", "1.0.2"))
        self.assertEqual(self.result(0, "verify", "live")["drift"], [])
        self.result(0, "ledger", "verify")

    def test_a_person_who_denies_changes_nothing(self) -> None:
        self.bring_live()
        before = self.identity("live")
        self.result(3, "run")
        self.result(0, "deny", "1.0.2", "--to", "live", "--as", "ben", "--comment", "not today")
        self.result(0, "approve", "1.0.2", "--to", "live", "--as", "ann")
        blocked = self.result(3, "promote", "1.0.2", "--to", "live")
        self.assertIn("denied by ben", " ".join(blocked["reasons"]))
        self.assertEqual(self.identity("live"), before)

    def test_a_tag_that_moves_after_the_approval_changes_nothing_of_what_is_deployed(self) -> None:
        first = self.bring_live()
        approved = self.result(3, "run")
        self.result(0, "approve", "1.0.2", "--to", "live", "--as", "ann")
        body, kind, _ = manifest(self.registry, self.name, first["digest"])
        put_tag(self.registry, self.name, "1.0.2", body, kind)
        done = self.result(0, "promote", "1.0.2", "--to", "live")
        self.assertEqual(done["digest"], approved["digest"])
        self.assertIn("tag_moved", " ".join(done["warnings"]))
        self.assertEqual(self.serves("live"), "1.0.2")

    def test_going_back_skips_what_was_rejected_and_starts_the_very_same_container(self) -> None:
        self.bring_live()
        good, _ = self.identity("live")
        self.bring_live()
        for _ in range(2):
            self.write(UNHEALTHY="1")
            self.probe = {"deadline": "2s", "timeout": "1s"}
            self.write(UNHEALTHY="1")
            rejected = self.result(4, "run")
            self.assertEqual((rejected["outcome"], rejected["live"]["version"]), ("rolled_back", "1.0.2"))
            self.assertEqual(self.serves("qa"), "1.0.2")
        back = self.result(0, "rollback", "live")
        self.assertEqual(back["live"]["version"], "1.0.1")
        self.assertEqual(self.identity("live")[0], good)
        self.assertEqual(self.error(1, "rollback", "live")["code"], "no_rollback_target")
        self.assertEqual(self.serves("live"), "1.0.1")


class BadReleases(PipelineCase):
    def setUp(self) -> None:
        super().setUp()
        self.bring_live()
        self.production = self.identity("live")

    def expect_back(self, **build_args: str) -> dict:
        self.write(**build_args)
        failed = self.result(4, "run")
        self.assertEqual((failed["environment"], failed["outcome"], failed["live"]["version"]), ("qa", "rolled_back", "1.0.1"))
        self.assertEqual(self.serves("qa"), "1.0.1")
        self.assertEqual(self.identity("live"), self.production)
        return failed["evidence"]["hosts"][0]

    def test_an_unhealthy_one_leaves_evidence_and_the_old_one_serves_again(self) -> None:
        self.probe = {"deadline": "3s", "timeout": "1s"}
        evidence = self.expect_back(UNHEALTHY="1")
        self.assertEqual(evidence["probe"]["verdict"], "unhealthy")
        self.assertIn("503", json.dumps(evidence["probe"]["tries"]))
        self.assertIn("listening", evidence["logs"])
        self.assertTrue([name for name in self.names("qa") if ".failed." in name])

    def test_one_that_crashes_while_it_bakes(self) -> None:
        self.bake = "6s"
        evidence = self.expect_back(CRASH_AFTER_S="2", EXIT_CODE="9")
        self.assertGreaterEqual(evidence["restart_count"], 1)  # the Engine has restarted it, as its policy says

    def test_one_that_hangs_is_given_up_at_the_deadline(self) -> None:
        self.probe = {"deadline": "4s", "timeout": "1s"}
        begun = time.monotonic()
        self.expect_back(HANG="1")
        self.assertLess(time.monotonic() - begun, 30)

    def test_a_slow_starter_passes(self) -> None:
        self.probe = {"deadline": "60s"}
        self.write(SLOW_START_S="25")
        deployments = [line for line in self.lines(3, "run") if line["type"] == "deployment"]
        self.assertEqual((deployments[0]["environment"], deployments[0]["outcome"]), ("qa", "succeeded"))


class Trouble(PipelineCase):
    def test_a_registry_that_is_away_leaves_the_old_version_untouched(self) -> None:
        relay = Relay(service("REGISTRY"))
        self.registry = relay.address
        self.bring_live()
        before = self.identity("qa")
        self.write()
        self.result(0, "build")
        relay.shut()
        load = subprocess.Popen([service("LOAD"), "--url", f"http://127.0.0.1:{self.ports['qa']}/health", "--rate", "100", "--seconds", "4"],
                                stdout=subprocess.PIPE, text=True)
        error = self.error(1, "promote", "1.0.2", "--to", "qa")
        self.assertIn("Nothing was changed", error["message"])
        counted = json.loads(load.communicate(timeout=30)[0])
        self.assertEqual((counted["failed"], self.identity("qa")), (0, before))

    def test_a_host_key_that_changed_is_refused_with_what_to_do(self) -> None:
        self.bring_live()
        before = self.identity("qa")
        self.write()
        self.result(0, "build")
        for hosts, code in (("KNOWN_HOSTS_WRONG", "host_key_changed"), ("KNOWN_HOSTS_EMPTY", "host_key_unknown")):
            self.ssh_options["known_hosts"] = service(hosts)
            self.write()
            error = self.error(1, "promote", "1.0.2", "--to", "qa")
            self.assertEqual(error["code"], code)
            self.assertIn("SHA256:", error["message"])
            self.assertIn("ssh-key", error["message"])
        self.assertEqual(self.identity("qa"), before)

    def test_killed_anywhere_it_is_finished_by_resume(self) -> None:
        self.bring_live()
        for event, step in (("step_started", "create"), ("step_started", "start"), ("step_started", "probe"), ("baking", "bake")):
            with self.subTest(event=event, step=step):
                self.bake = "2s"
                self.write()
                self.killed_at(event, step, "run")
                self.lines(0, "resume")
                status = self.result(0, "status", "qa")
                self.assertEqual(self.serves("qa"), status["live"]["version"])
                self.assertIsNone(status["interrupted"])
                before = self.identity("qa")
                self.lines(0, "resume")
                self.assertEqual(self.identity("qa"), before)
                self.result(0, "ledger", "verify")
                self.assertEqual(self.result(0, "verify", "qa")["drift"], [])
        self.assertEqual(self.serves("live"), "1.0.1")

    def test_an_interrupt_takes_everything_back(self) -> None:
        self.bring_live()
        old = self.identity("qa")[0]
        self.bake = "20s"
        self.write()
        process = subprocess.Popen(self.command("run"), cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert process.stdout
        for line in process.stdout:
            if json.loads(line).get("event") == "baking":
                process.send_signal(signal.SIGINT)
                break
        rest = process.stdout.read().splitlines()
        process.stdout.close()
        self.assertEqual((process.wait(timeout=60), json.loads(rest[-1])["outcome"]), (130, "cancelled"))
        self.assertEqual((self.identity("qa")[0], self.serves("qa")), (old, "1.0.1"))


class OtherWays(PipelineCase):
    def test_through_the_ssh_program(self) -> None:
        self.ssh_options = {"client": "openssh", "config": service("SSH_CONFIG")}
        self.bring_live()
        self.assertEqual(self.serves("live"), "1.0.1")

    def test_a_local_socket_and_a_tcp_engine_with_certificates(self) -> None:
        self.hosts = {"qa": service("DOCKER_HOST"), "live": service("DOCKER_TLS")}
        certs = Path(service("DOCKER_CERTS"))
        self.more = {"tls": {"ca": str(certs / "ca.pem"), "cert": str(certs / "cert.pem"), "key": str(certs / "key.pem")}}
        self.bring_live()
        self.assertEqual((self.serves("qa"), self.serves("live")), ("1.0.1", "1.0.1"))


if __name__ == "__main__":
    unittest.main()
