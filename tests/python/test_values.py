"""Values: parsing, order, equality, copies."""

from __future__ import annotations

import copy
import pickle
import unittest

import libdeploy
from libdeploy import Digest, Host, Image, PortBinding, Tag, Version

HEX = "12" * 32


class Values(unittest.TestCase):
    ALL = [Digest(f"sha256:{HEX}"), Version("1.2.3-rc.1+x"), Image("flask:3"), Host("ssh://deploy@one.example:2222"), PortBinding("127.0.0.1:8080:80/udp"), Tag("build-42")]

    def test_each_survives_copy_pickle_and_its_own_repr(self) -> None:
        for value in self.ALL:
            self.assertEqual(value, copy.deepcopy(value))
            self.assertEqual(value, pickle.loads(pickle.dumps(value)))
            self.assertEqual(value, eval(repr(value), vars(libdeploy)))
            self.assertEqual(value, type(value).parse(str(value)))
            self.assertEqual(1, len({value, copy.copy(value)}))

    def test_none_can_be_changed(self) -> None:
        for value in self.ALL:
            with self.assertRaisesRegex(AttributeError, "does not change"):
                value._text = "other"
            with self.assertRaisesRegex(AttributeError, "does not change"):
                del value._text

    def test_values_of_different_kinds_are_different(self) -> None:
        self.assertNotEqual(Version("1.2.3"), Tag("1.2.3"))
        self.assertNotEqual(Version("1.2.3"), "1.2.3")

    def test_a_malformed_text_says_what_is_wrong(self) -> None:
        for make, text, words in [(Digest, "sha256:12", "64"), (Version, "v1.0.0", "leave the 'v' away"), (Image, "UPPER", "lower case"), (Host, "http://x", "http"),
                                  (PortBinding, "0:80", "0"), (Tag, "a b", "tag")]:
            with self.assertRaises(libdeploy.InvalidArgumentError, msg=text) as caught:
                make(text)
            self.assertIn(words, str(caught.exception))
            self.assertIsInstance(caught.exception, ValueError)

    def test_versions_are_ordered_by_precedence(self) -> None:
        texts = ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.10", "1.1.0", "10.0.0"]
        versions = [Version(text) for text in texts]
        self.assertEqual(versions, sorted(reversed(versions)))
        self.assertTrue(all(a < b and a <= b and b > a and b >= a for a, b in zip(versions, versions[1:])))
        with self.assertRaises(TypeError):
            _ = versions[0] < "1.0.0"  # type: ignore[operator]

    def test_build_metadata_does_not_count_in_the_order(self) -> None:
        a, b = Version("1.0.0+a"), Version("1.0.0+b")
        self.assertFalse(a < b or b < a)
        self.assertTrue(a <= b <= a)
        self.assertNotEqual(a, b)
        self.assertEqual(("1.0.0_a", "a", (), 1), (a.tag, a.build_metadata, a.prerelease, a.major))

    def test_an_image_has_its_parts(self) -> None:
        image = Image("flask:3")
        self.assertEqual(("docker.io", "library/flask", "3", None, "docker.io/library/flask", "flask:3"),
                         (image.registry, image.repository, image.tag, image.digest, image.name, image.familiar))
        digest = Digest(f"sha256:{HEX}")
        self.assertEqual(Image(f"flask@sha256:{HEX}"), image.with_digest(digest))
        self.assertEqual(digest, image.with_digest(digest).digest)
        self.assertEqual(Image("flask:4"), image.with_tag("4"))
        with self.assertRaises(libdeploy.InvalidArgumentError):
            image.with_tag("no tag")

    def test_tags_know_their_kind_and_order(self) -> None:
        self.assertEqual((libdeploy.TagKind.version, Version("1.0.42")), (Tag("1.0.42").kind, Tag("1.0.42").version))
        self.assertEqual(("build", 42, None), (Tag("build-42").kind, Tag("build-42").build, Tag("build-42").version))
        self.assertLess(Tag("build-9"), Tag("build-10"))
        self.assertLess(Tag("1.0.9"), Tag("1.0.10"))
        with self.assertRaisesRegex(TypeError, "no order"):
            _ = Tag("latest") < Tag("1.0.0")

    def test_a_host_and_its_ports_have_their_parts(self) -> None:
        host = Host("ssh://deploy@one.example")
        self.assertEqual(("ssh", "deploy", "one.example", 22), (host.kind, host.user, host.name, host.port))
        with self.assertRaises(libdeploy.InvalidArgumentError):
            Host("ssh://deploy:secret@one.example")
        ports = PortBinding("127.0.0.1:9000-9002:9000-9002")
        self.assertEqual(("127.0.0.1", 9000, 9002, "tcp"), (ports.address, ports.host_first, ports.host_last, ports.protocol))
        self.assertTrue(ports.overlaps(PortBinding("9001:80")))
        self.assertFalse(ports.overlaps(PortBinding("9003:80")))
        self.assertLess(Digest(f"sha256:{'0' * 64}"), Digest(f"sha256:{HEX}"))
        self.assertEqual((HEX, HEX[:12]), (Digest(f"sha256:{HEX}").hex, Digest(f"sha256:{HEX}").short))

    def test_small_texts(self) -> None:
        from datetime import timedelta

        self.assertEqual(timedelta(seconds=90), libdeploy.parse_duration("1m30s"))
        self.assertEqual("1m30s", libdeploy.format_duration(timedelta(seconds=90)))
        with self.assertRaisesRegex(ValueError, "whole milliseconds"):
            libdeploy.format_duration(timedelta(microseconds=1))
        self.assertEqual(256 << 20, libdeploy.parse_memory("256m"))
        self.assertEqual(4 * 1440 + 960, libdeploy.parse_week_minute("Fri 16:00"))
        self.assertEqual("1.0.7", libdeploy.expand_template("1.0.{build}", build="7"))
        self.assertEqual(("version", "commit"), libdeploy.template_fields("{version}-{commit}"))
        self.assertTrue(libdeploy.is_valid_tag("1.0") and libdeploy.is_valid_name("shop") and libdeploy.is_valid_container_name("shop.v1"))
        self.assertFalse(libdeploy.is_valid_tag("a b") or libdeploy.is_valid_name("-") or libdeploy.is_valid_container_name("/x"))
        self.assertEqual("env TOKEN", libdeploy.describe_secret(libdeploy.SecretFromEnv("TOKEN")))
