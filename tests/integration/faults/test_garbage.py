"""An Engine that answers nonsense: an error in bounded time and memory, and nothing is lost."""

from __future__ import annotations

import json
import resource
import subprocess
import time
import unittest

from faults import bad_engine as bad
from faults.bad_engine import JSON_HEAD, BadEngine
from faults.world import FaultCase
from pipeline import service

CHUNK = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
NONSENSE = [("no HTTP", bad.sends(b"\x00\xff\x16\x03\x01 this is no HTTP\r\n\r\n")),
            ("truncated JSON", bad.answers(b'{"Id":"abc","State":{"Status":"runn')),
            ("an answer cut in the middle", bad.sends(JSON_HEAD + b"Content-Length: 5000\r\n\r\n{")),
            ("another kind of JSON", bad.answers(b"[1,2,3]")),
            ("a page of some proxy", bad.answers(b"<html>welcome</html>", "text/html")),
            ("JSON nested too deep", bad.answers(b"[" * 200_000)),
            ("a header without end", bad.repeats(b"HTTP/1.1 200 OK\r\nX-Long: ", b"x" * 0x10000)),
            ("headers without end", bad.repeats(b"HTTP/1.1 200 OK\r\n", b"X-More: and more of them\r\n" * 1000)),
            ("a body without end", bad.repeats(JSON_HEAD + b"Transfer-Encoding: chunked\r\n\r\n", CHUNK)),
            ("a status that is none", bad.answers(b"{}", status="999 Hm"))]


class Garbage(FaultCase):
    def setUp(self) -> None:
        super().setUp()
        self.bad = BadEngine(self.folder / "engine.sock", service("DOCKER_SOCKET"))
        self.addCleanup(self.bad.close)
        self.hosts["qa"] = f"unix://{self.bad.path}"
        self.build()
        self.result(0, "promote", "1.0.1", "--to", "qa")
        self.new = self.build()

    def test_asked_before_anything_begins_nothing_is_changed(self) -> None:
        before = self.fingerprint("qa"), self.ledger_head()
        for name, nonsense in NONSENSE:
            with self.subTest(name):
                self.bad.strike(f"GET .*/containers/{self.name}-qa/json", nonsense)
                begun = time.monotonic()
                error = self.error(1, "promote", self.new, "--to", "qa")
                self.assertLess(time.monotonic() - begun, 20)
                self.assertIn(error["code"], ("protocol", "connection_lost", "refused"), error)
                self.assertIn(self.hosts["qa"], error["message"])
                self.assertIn("Nothing was changed", error["message"])
                self.assertLess(len(error["message"]), 2000)
                self.assertEqual(before, (self.fingerprint("qa"), self.ledger_head()))
        self.assertLess(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, 700 * 1024, "KiB; the sanitizers' own share is the most of it")

    def test_no_engine_at_all_behind_the_first_question(self) -> None:
        for name, nonsense in NONSENSE[:1] + NONSENSE[4:5]:
            with self.subTest(name):
                self.bad.strike("GET /_ping", nonsense)
                error = self.error(1, "promote", self.new, "--to", "qa")
                self.assertEqual("protocol", error["code"])

    def test_within_the_switch_the_old_version_is_back(self) -> None:
        old = self.identity("qa")[0]
        for name, nonsense in NONSENSE[:3]:
            with self.subTest(name):
                self.bad.strike("POST .*/start", bad_once(self.bad, nonsense))
                ended = subprocess.run(self.command("promote", self.new, "--to", "qa"), cwd=self.folder, capture_output=True, text=True, timeout=60)
                self.assertIn(ended.returncode, (0, 4), ended.stdout[-3000:])
                live = self.assert_settled("qa", {"1.0.1", self.new})
                self.assertEqual({0: self.new, 4: "1.0.1"}[ended.returncode], live)
                if live == "1.0.1":  # it said 200 and started nothing, which is no fault of the release: it may come again
                    self.assertRegex(ended.stdout.splitlines()[-1], "said that it had started|whether it took effect is unknown")
                    self.result(0, "promote", self.new, "--to", "qa")
                self.result(0, "rollback", "qa", "--no-quarantine")
                self.assertEqual(old, self.identity("qa")[0])

    def test_a_pull_that_says_200_and_then_failed_has_failed(self) -> None:
        subprocess.run(["docker", "-H", service("DOCKER_HOST"), "image", "rm", "-f", self.result(0, "releases")["releases"][0]["image"]], capture_output=True, check=False)
        before = self.fingerprint("qa")
        words = "write /var/lib/docker/tmp/GetImageBlob1: no space left on device"
        self.bad.strike(f"GET .*/images/.*{self.name}.*/json|POST .*/images/create", self.told_by_path(words))
        failed = self.result(4, "promote", self.new, "--to", "qa")
        self.assertIn(words, failed["reasons"][0])
        self.assertIn("free space there", failed["reasons"][0])
        self.assertEqual(before, self.fingerprint("qa"))

    def told_by_path(self, words: str) -> bad.Nonsense:
        """First the image is not there, then the pull reports an error in a stream that began well."""
        def nonsense(line) -> None:
            if self.bad.struck == 1:
                return bad.answers(b'{"message":"No such image"}', status="404 Not Found")(line)
            message = f'{{"status":"Pulling fs layer","id":"1"}}\r\n{{"errorDetail":{{"message":"{words}"}},"error":"{words}"}}\r\n'
            return bad.answers(message.encode())(line)
        return nonsense


def bad_once(engine: BadEngine, nonsense: bad.Nonsense) -> bad.Nonsense:
    def once(line) -> None:
        engine.behave()
        nonsense(line)
    return once


if __name__ == "__main__":
    unittest.main()
