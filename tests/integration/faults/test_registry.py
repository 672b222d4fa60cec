"""A registry that misbehaves, towards deployctl itself and towards the Engine that pulls: production is not touched by any of it."""

from __future__ import annotations

import json
import subprocess
import threading
import time
import unittest

from faults import bad_registry as bad
from faults.bad_engine import JSON_HEAD, BadEngine, repeats
from faults.bad_registry import BadRegistry
from faults.world import FaultCase
from pipeline import docker, service


def manifests(_: str, path: str) -> bool:
    return "/manifests/" in path


def blobs(_: str, path: str) -> bool:
    return "/blobs/" in path


class Misbehaving(FaultCase):
    """What the Engine keeps of an image is removed before each try, so that it has to ask."""

    def setUp(self) -> None:
        super().setUp()
        self.front = BadRegistry(service("REGISTRY"))
        self.addCleanup(self.front.server_close)
        self.addCleanup(self.front.shutdown)
        self.registry = self.front.address
        self.build()
        self.result(0, "promote", "1.0.1", "--to", "qa")
        self.new = self.build(EXIT_CODE=str(time.monotonic_ns() % 200))
        self.image = self.result(0, "releases")["releases"][0]["image"]
        self.before = self.fingerprint("qa")

    def forget_image(self) -> None:
        subprocess.run(["docker", "-H", service("DOCKER_HOST"), "image", "rm", "-f", self.image, f"{self.registry}/{self.name}:{self.new}",
                        f"{self.registry}/{self.name}:latest", f"{self.registry}/{self.name}:build-2"], capture_output=True, check=False)
        self.assertNotIn(self.image.rpartition("@")[2], docker("images", "--digests", "--format", "{{.Digest}}"))

    def assert_untouched(self) -> None:
        self.front.strike(blobs, None)
        self.assertEqual(self.before, self.fingerprint("qa"))
        self.assertEqual("1.0.1", self.assert_agreement("qa", {"1.0.1"}))

    def test_what_it_tells_deployctl(self) -> None:
        cases = [("unauthorized", bad.says(401, "UNAUTHORIZED", WWW_Authenticate='Basic realm="r"'), "unauthorized", "deployctl|docker login|credentials"),
                 ("server error", bad.says(500, "UNKNOWN"), "refused", "500"),
                 ("too many, for longer than the call may last", bad.says(429, "TOOMANYREQUESTS", Retry_After="600"), "refused", "429.*600 s"),
                 ("half a manifest", bad.half, "connection_lost", "."),
                 ("an altered manifest", bad.altered, "protocol", "altered or cut")]
        with self.load("qa") as client:
            for name, fault, code, words in cases:
                with self.subTest(name):
                    self.front.strike(manifests, fault)
                    error = self.error(1, "promote", self.new, "--to", "qa")
                    self.assertEqual(code, error["code"], error)
                    self.assertRegex(error["message"], words)
                    self.assertIn("Nothing was changed", error["message"])
                    self.assertIn(self.registry, error["message"])
            with self.subTest("not found"):
                self.front.strike(manifests, bad.says(404, "MANIFEST_UNKNOWN"))
                blocked = self.result(3, "promote", self.new, "--to", "qa")
                self.assertIn("digest_available", " ".join(blocked["reasons"]))
            self.assert_untouched()
        self.assertEqual(0, client.seen["failed"])

    def test_slow_bytes_without_end_are_given_up_at_the_deadline(self) -> None:
        """A registry's, and at the same time an Engine's: each takes half a minute."""
        trickle = BadEngine(self.folder / "engine.sock", service("DOCKER_SOCKET"))
        self.addCleanup(trickle.close)
        trickle.strike("GET .*/containers/.*/json", repeats(JSON_HEAD + b"Content-Length: 100000\r\n\r\n", b" ", 0.05))
        config = json.loads((self.folder / "deploy.json").read_text())
        config["environments"][0]["hosts"] = [f"unix://{trickle.path}"]
        (self.folder / "other.json").write_text(json.dumps({**config, "state": "sqlite:other.db"}))
        asking = subprocess.Popen(self.command("-C", "other.json", "verify", "qa"), cwd=self.folder, stdout=subprocess.PIPE, text=True)
        self.addCleanup(asking.kill)

        self.front.strike(manifests, bad.endless)
        begun = time.monotonic()
        error = self.error(1, "promote", self.new, "--to", "qa")
        self.assertEqual("timeout", error["code"])
        self.assertIn("Nothing was changed", error["message"])
        drift = json.loads(asking.communicate(timeout=60)[0].splitlines()[-1])["drift"]
        self.assertLess(time.monotonic() - begun, 45)
        self.assertEqual(("unreachable", 5), (drift[0]["what"], asking.returncode))
        self.assertIn("no answer within 30000 ms", json.dumps(drift))
        self.assert_untouched()

    def test_a_rate_limit_that_says_when_is_waited_for(self) -> None:
        self.front.strike(manifests, bad.says_first(2, 429, "TOOMANYREQUESTS", Retry_After="2"))
        begun = time.monotonic()
        self.result(0, "promote", self.new, "--to", "qa")
        self.assertGreater(time.monotonic() - begun, 4, "it did not wait twice as long as the registry had asked for")
        self.assertEqual(self.new, self.assert_settled("qa", {self.new}))

    def test_what_it_tells_the_engine_that_pulls(self) -> None:
        with self.load("qa") as client:
            for name, which, fault, words in [("unauthorized", blobs, bad.says(401, "UNAUTHORIZED"), "docker login"),
                                              ("not found", blobs, bad.says(404, "BLOB_UNKNOWN"), "pull"),
                                              ("too many", blobs, bad.says(429, "TOOMANYREQUESTS", Retry_After="1"), "toomanyrequests|429|Too Many"),
                                              ("an altered blob", blobs, bad.altered, "verif|checksum|digest|sha256"),
                                              ("a server error", manifests, bad.to_engine(bad.says(500, "UNKNOWN")), "500")]:
                with self.subTest(name):
                    self.forget_image()
                    self.front.strike(which, fault)
                    failed = self.result(4, "promote", self.new, "--to", "qa")
                    self.assertGreater(self.front.struck, 0)
                    self.assertEqual("1.0.1", failed["live"]["version"])
                    self.assertIn("pull on", failed["reasons"][0])
                    self.assertRegex(failed["reasons"][0], words)
                    self.assert_untouched()
                    self.assertEqual([], self.result(0, "status", "qa")["verified"][1:], "nothing new was verified")
        self.assertEqual(0, client.seen["failed"])
        self.forget_image()
        self.result(0, "promote", self.new, "--to", "qa")
        self.assertEqual(self.new, self.assert_settled("qa", {self.new}))

    def test_half_a_blob_and_a_failing_server_are_tried_again_by_the_engine(self) -> None:
        self.forget_image()
        first = threading.Event()

        def once(handler: bad.Handler, answer: bad.Answer) -> None:
            handler.give(answer) if first.is_set() else bad.half(handler, answer)
            first.set()

        self.front.strike(blobs, once)
        self.result(0, "promote", self.new, "--to", "qa")
        self.assertEqual(self.new, self.assert_settled("qa", {self.new}))

    def test_a_pull_that_never_ends_can_be_stopped_and_takes_nothing_with_it(self) -> None:
        self.forget_image()
        self.front.strike(blobs, bad.endless)
        process = subprocess.Popen(self.command("promote", self.new, "--to", "qa"), cwd=self.folder, stdout=subprocess.PIPE, text=True)
        self.wait_until(lambda: self.front.struck, 30)
        time.sleep(0.3)
        self.addCleanup(process.kill)
        process.terminate()
        begun = time.monotonic()
        output = process.communicate(timeout=60)[0]
        self.assertEqual(130, process.returncode, output[-2000:])
        self.assertLess(time.monotonic() - begun, 10)
        self.assert_untouched()


if __name__ == "__main__":
    unittest.main()
