"""The host as witness, on real parts: drift made by hand, a lost ledger, a container that something else started, and what is removed."""

from __future__ import annotations

import unittest

from pipeline import PipelineCase, docker, free_port, service


class Witness(PipelineCase):
    def drift(self, environment: str) -> dict[str, dict]:
        found = self.result(5, "verify", environment)["drift"]
        return {each["what"]: each for each in found}

    def image_of(self, release: dict) -> str:
        return f"{self.registry}/{self.name}@{release['digest']}"

    def has_image(self, release: dict) -> bool:
        return bool(docker("images", "-q", "--no-trunc", "--digests", self.image_of(release)))

    def run_by_hand(self, environment: str, image: str, *options: str) -> None:
        name = f"{self.name}-{environment}"
        docker("run", "-d", "--name", name, "--restart", "unless-stopped", "-p", f"127.0.0.1:{self.ports[environment]}:8080", *options, image)
        self.addCleanup(docker, "rm", "-f", "-v", name)

    def test_what_was_done_to_the_host_by_hand_is_found(self) -> None:
        self.more_of["live"] = {"env": {"MODE": "live"}}
        first = self.bring_live()
        self.bring_live()
        self.assertEqual(self.result(0, "verify", "live")["drift"], [])
        name = f"{self.name}-live"

        docker("stop", "-t", "1", name)
        self.assertIn("exited", self.drift("live")["stopped"]["found"])
        docker("update", "--restart", "no", name)
        docker("start", name)
        self.assertEqual(list(self.drift("live")), ["configuration"])

        docker("rm", "-f", name)
        self.assertIn("missing", self.drift("live"))
        self.ports["live"], published = free_port(), self.ports["live"]
        self.run_by_hand("live", self.image_of(first))
        found = self.drift("live")
        self.assertEqual(found["digest"]["found"], first["digest"])
        self.assertIn(str(published), found["ports"]["expected"])
        self.assertIn("MODE is not set", found["env"]["found"])
        (kept,) = [each for each in self.names("live") if ".v1.0.1." in each]
        docker("rm", kept)
        self.assertEqual(self.drift("live")["retained"]["expected"], kept)

    def test_restarts_are_counted(self) -> None:
        self.write(CRASH_AFTER_S="2")
        self.probe = {"interval": "50ms", "success_threshold": 1}
        self.bake = "0s"
        self.write(CRASH_AFTER_S="2")
        self.lines(3, "run")
        self.wait_until(lambda: self.inspect("qa")["RestartCount"] > 0, 30)
        found = self.drift("qa")
        self.assertGreater(int(found["restarts"]["found"]), 0)

    def test_a_lost_ledger_is_rebuilt_from_the_hosts_and_going_back_works(self) -> None:
        self.bring_live()
        good, _ = self.identity("live")
        second = self.bring_live()
        for file in (self.folder / ".deploy").iterdir():
            file.unlink()
        self.assertIsNone(self.result(0, "status", "live")["live"])
        adopted = self.result(0, "adopt", "live")["adopted"]
        self.assertEqual([line.split(" (")[0] for line in adopted], ["can be gone back to: 1.0.1", "live: 1.0.2"])
        status = self.result(0, "status", "live")
        self.assertEqual((status["live"], status["rollback_target"]), (second["live"], "1.0.1"))
        self.assertEqual(self.result(0, "verify", "live")["drift"], [])
        self.assertEqual(self.result(0, "adopt", "live")["adopted"], [])
        back = self.result(0, "rollback", "live")
        self.assertEqual((back["live"]["version"], self.identity("live")[0], self.serves("live")), ("1.0.1", good, "1.0.1"))
        self.result(0, "adopt", "qa")
        self.write()
        self.assertEqual(self.result(0, "build")["version"], "1.0.3")

    def test_a_container_that_something_else_started_is_taken_over(self) -> None:
        self.write()
        self.lines(3, "run")
        image = f"{self.registry}/{self.name}:1.0.1"
        docker("pull", "-q", image)
        self.run_by_hand("live", image)
        self.result(0, "approve", "1.0.1", "--to", "live", "--as", "ann")
        refused = self.result(4, "promote", "1.0.1", "--to", "live")
        self.assertIn("deployctl adopt live", " ".join(refused["reasons"]))
        (line,) = self.result(0, "adopt", "live")["adopted"]
        self.assertIn("something else started it", line)
        self.assertEqual(self.result(0, "status", "live")["live"]["version"], "1.0.1")
        self.assertEqual(self.result(0, "verify", "live")["drift"], [])
        self.write()
        self.lines(3, "run")
        self.result(0, "approve", "1.0.2", "--to", "live", "--as", "ann")
        self.result(0, "promote", "1.0.2", "--to", "live")
        self.assertEqual(self.serves("live"), "1.0.2")
        for each in docker("ps", "-aq", "--filter", f"name={self.name}-live.v1.0.1").split():
            self.addCleanup(docker, "rm", "-f", "-v", each)
        self.assertEqual(self.result(0, "rollback", "live")["live"]["version"], "1.0.1")

    def test_images_that_nobody_can_go_back_to_are_removed_and_no_other(self) -> None:
        environment = self.environment
        self.environment = lambda name, **more: {**environment(name, **more), "rollback": {"bake": self.bake, "keep": 1}}  # type: ignore[method-assign]
        first, second = self.bring_live(), self.bring_live()
        self.assertTrue(self.has_image(first))
        third = self.bring_live()
        self.assertEqual([self.has_image(each) for each in (first, second, third)], [False, True, True])
        self.assertTrue(docker("images", "-q", f"{service('REGISTRY')}/testapp"), "another repository's image")
        self.assertEqual((third["warnings"], third["unfinished"]), ([], []))
        self.assertEqual(self.result(0, "rollback", "live")["live"]["version"], "1.0.2")


class Switches(PipelineCase):
    def test_a_marked_release_is_held_and_a_stopped_line_stops(self) -> None:
        self.bring_live()
        self.bake = "5s"
        self.write(CRASH_AFTER_S="1", EXIT_CODE="9")
        held = self.result(5, "run", "--rollback", "never")
        self.assertEqual((held["environment"], held["outcome"]), ("qa", "held"))
        self.assertIn("rollback qa --force", " ".join(held["next"]))
        blocked = self.result(3, "rollback", "qa")
        self.assertEqual([gate["gate"] for gate in blocked["gates"]], ["rollback_never"])
        self.assertIn("rollback qa --force", " ".join(blocked["next"]))
        self.assertEqual(self.result(0, "rollback", "qa", "--force")["live"]["version"], "1.0.1")
        self.assertEqual(self.serves("qa"), "1.0.1")

        self.bake = "300ms"
        self.write()
        self.result(0, "build")
        self.result(0, "freeze", "--all", "--reason", "the database is being moved")
        self.assertIn("unfreeze --all", " ".join(self.result(3, "promote", "--to", "qa")["next"]))
        status = self.result(0, "status", "qa")
        self.assertEqual((status["stopped"], [gate["gate"] for gate in status["waiting_for"]]), (True, ["freeze_all"]))
        self.result(0, "unfreeze", "--all")
        self.result(0, "promote", "--to", "qa")

    def test_evidence_that_is_too_old_is_renewed_upstream(self) -> None:
        environment = self.environment
        self.environment = lambda name, **more: environment(name, **more, **({"max_age": "1ms"} if name == "live" else {}))  # type: ignore[method-assign]
        self.write()
        self.lines(3, "run")
        self.result(0, "approve", "1.0.1", "--to", "live", "--as", "ann")
        docker("stop", "-t", "1", f"{self.name}-qa")
        blocked = self.result(3, "promote", "1.0.1", "--to", "live")
        self.assertIn("evidence_age: last verified in qa", " ".join(blocked["reasons"]))
        docker("start", f"{self.name}-qa")
        told = self.lines(0, "promote", "1.0.1", "--to", "live")
        self.assertIn("1.0.1 is healthy in qa today also", [line.get("message") for line in told])
        self.assertEqual(self.serves("live"), "1.0.1")


if __name__ == "__main__":
    unittest.main()
