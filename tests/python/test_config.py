"""Configurations: read, checked, compared, copied."""

from __future__ import annotations

import dataclasses
import json
import pickle
import tempfile
import unittest
from datetime import timedelta
from pathlib import Path

import libdeploy
from libdeploy import Config, _core, _models
from places import PIPELINE, pipeline


class Configurations(unittest.TestCase):
    def test_a_file_a_text_and_a_dict_say_the_same(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "deploy.json")
            path.write_text("// with a comment\n" + json.dumps(PIPELINE))
            loaded = Config.load(path)
            self.assertEqual(str(path), loaded.file)
            self.assertEqual(dataclasses.replace(loaded, file=""), Config.from_dict(PIPELINE, folder))
            self.assertEqual(Config.parse(path.read_text(), folder), Config.from_dict(PIPELINE, folder))

    def test_what_was_written_is_there(self) -> None:
        config = pipeline()
        production = config.environment("production")
        self.assertEqual("staging", production.after)
        self.assertEqual((libdeploy.Host("ssh://deploy@one.example"), libdeploy.Host("ssh://deploy@two.example")), production.hosts)
        self.assertEqual({"MODE": "live", "KEY": libdeploy.SecretFromEnv("SHOP_KEY")}, production.container.env)
        self.assertEqual(libdeploy.HttpCheck(path="/health", port=8080), production.probe.check)
        self.assertEqual(timedelta(seconds=1), production.rollback.bake)
        assert production.approval is not None
        self.assertEqual((("alice", "bob"), 1), (production.approval.approvers, production.approval.required))
        self.assertEqual(("Fri 16:00", "Europe/Berlin"), (production.freeze[0].from_, production.freeze[0].timezone))
        self.assertIsNone(config.environment("staging").approval)

    def test_every_other_part_is_carried_over_too(self) -> None:
        probes = [{"tcp": {"port": 8081}}, {"exec": {"command": ["true"]}}, {"engine": {}}]
        for probe, check in zip(probes, (libdeploy.TcpCheck(8081), libdeploy.ExecCheck(("true",)), libdeploy.EngineCheck())):
            config = pipeline(staging={"probe": probe}, git={"push": "origin"}, ssh={"client": "openssh", "jump": "ssh://j.example", "passphrase": {"file": "/x"}},
                              registry={"username": {"command": ["who"]}, "password": {"env": "P"}})
            self.assertEqual(check, config.environment("staging").probe.check)
            self.assertEqual(("openssh", libdeploy.Host("ssh://j.example"), libdeploy.SecretFromFile("/x")), (config.ssh.client, config.ssh.jump, config.ssh.passphrase))
            self.assertEqual((libdeploy.SecretFromCommand(("who",)), libdeploy.SecretFromEnv("P")), (config.registry.username, config.registry.password))
            assert config.git is not None
            self.assertEqual("origin", config.git.push)
            with libdeploy.simulation.World(config).open() as deployer:  # goes back into the library, and comes out as it was
                self.assertEqual(check, deployer.config.environment("staging").probe.check)

    def test_a_copy_is_equal_and_a_changed_one_is_not(self) -> None:
        config = pipeline()
        self.assertEqual(config, pickle.loads(pickle.dumps(config)))
        self.assertEqual(hash(config), hash(pipeline()))
        self.assertNotEqual(config, dataclasses.replace(config, application="other"))
        with self.assertRaises(dataclasses.FrozenInstanceError):
            config.application = "other"  # type: ignore[misc]

    def test_faults_name_line_and_pointer(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "deploy.json")
            path.write_text('{\n  "application": "shop",\n  "imag": {}\n}')
            with self.assertRaises(libdeploy.InvalidConfigError) as caught:
                Config.load(path)
            error = caught.exception
            self.assertEqual(("invalid_config", "config", str(path)), (error.code, error.area, error.details["file"]))
            self.assertIn(f'{path}:3:3: /imag: unknown key "imag"', str(error))
            with self.assertRaises(libdeploy.IoError) as missing:
                Config.load(Path(folder, "none.json"))
            self.assertIsInstance(missing.exception, OSError)

    def test_an_unknown_environment_suggests_the_nearest(self) -> None:
        with self.assertRaisesRegex(libdeploy.NotFoundError, 'did you mean "staging"'):
            pipeline().environment("stagin")

    def test_a_wrong_type_names_the_field(self) -> None:
        config = pipeline()
        for changes, words in [({"application": 7}, "Config.application is a str, and was given as int"), ({"environments": "x"}, "Config.environments is a tuple or list"),
                               ({"tls": None}, "Config.tls is TlsConfig"), ({"engine": 1}, "Config.engine is a Host or its text")]:
            with self.assertRaisesRegex(TypeError, words):
                libdeploy.simulation.World(dataclasses.replace(config, **changes))
        wrong = dataclasses.replace(config.environment("staging"), soak=timedelta(microseconds=1))
        with self.assertRaisesRegex(ValueError, "Environment.soak.*whole milliseconds"):
            libdeploy.simulation.World(dataclasses.replace(config, environments=(wrong,)))
        for port in (-1, 65536):
            probe = libdeploy.HealthProbe(libdeploy.TcpCheck(port))
            with self.assertRaisesRegex(ValueError, "TcpCheck.port: .* not within 0 ... 65535"):
                libdeploy.run_probe(probe, "127.0.0.1")

    def test_template_and_schema_are_those_of_the_library(self) -> None:
        self.assertEqual("shop", Config.parse(libdeploy.config_template("shop")).application)
        self.assertEqual("object", json.loads(libdeploy.config_schema())["type"])


class Classes(unittest.TestCase):
    """The dataclasses are written by hand: they have the fields of the C++ structs, in their order, and the words of its enumerations."""

    def test_fields_are_those_of_the_library(self) -> None:
        shapes = _core.shapes()
        self.assertGreater(len(shapes), 50)
        for name, members in shapes.items():
            self.assertEqual(members, tuple(field.name for field in dataclasses.fields(getattr(_models, name))), name)

    def test_words_are_those_of_the_library(self) -> None:
        words = _core.words()
        self.assertGreater(len(words), 15)
        for name, values in words.items():
            self.assertEqual(values, tuple(word.value for word in getattr(_models, name)), name)

    def test_a_word_is_a_text(self) -> None:
        self.assertEqual("rolled_back", libdeploy.Outcome.rolled_back)
        self.assertEqual("it was rolled_back", f"it was {libdeploy.Outcome.rolled_back}")
        self.assertIs(libdeploy.Outcome.held, pickle.loads(pickle.dumps(libdeploy.Outcome.held)))

    def test_every_code_has_an_error_of_its_own(self) -> None:
        for code in libdeploy.ErrorCode:
            error = libdeploy.errors.make_error(code, "engine", "no", {"host": "ssh://one", "environment": "staging"})
            self.assertNotEqual(libdeploy.Error, type(error), code)
            self.assertEqual((code, "engine", "no", "ssh://one", "staging"), (error.code, error.area, str(error), error.host, error.environment))
            copy = pickle.loads(pickle.dumps(error))
            self.assertEqual((type(error), str(error), error.details, error.code), (type(copy), str(copy), copy.details, copy.code))
            self.assertIn(type(error).__name__, libdeploy.__all__)
