"""Hostile names and values through every field of the configuration and the command line: into a real container byte for byte,
or a clear refusal. Never into a shell, never a crash, and in bounded time."""

from __future__ import annotations

import json
import os
import subprocess
import time
import unittest

from pipeline import PipelineCase, docker, service

SANITIZER = ("AddressSanitizer", "runtime error:", "terminate called", "LeakSanitizer")


class HostileCase(PipelineCase):
    def setUp(self) -> None:
        super().setUp()
        self.canary = self.folder / "pwned"
        c = self.canary
        self.values = {
            "quotes": "'it''s' \"quoted\" \\\" \\'",
            "newlines": "line one\nline two\r\n\ttabbed\n",
            "substitution": f"$(touch {c})",
            "semicolon": f"; touch {c} ;",
            "backticks": f"`touch {c}`",
            "chain": f"' && touch {c} || \" | touch {c} & > {c} #",
            "expansions": "$HOME ${IFS} ${PATH:0:1} %h %% ~root * ? [a] \\n \\",
            "unicode": "zażółć \u202e \u2028 \U0001f600",
            "controls": "\x1b[31mred\x1b]0;title\x07 \x7f",
            "option": "--privileged",
            "long": "x" * 60_000,
        }

    def tearDown(self) -> None:
        self.assertFalse(self.canary.exists(), "something ran a value as a command")
        super().tearDown()

    def try_command(self, *words: str | bytes, json_lines: bool = True) -> tuple[int, str]:
        """Exit code and output; a crash, a sanitizer's report or a hang fails here."""
        begun = time.monotonic()
        argv = self.command() if json_lines else [word for word in self.command() if word != "--json"]
        ended = subprocess.run([*argv, *words], cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)
        said = (ended.stdout + ended.stderr).decode(errors="replace")
        self.assertFalse([word for word in SANITIZER if word in said], said[-4000:])
        self.assertIn(ended.returncode, (0, 1, 2, 3, 4, 5, 6, 10), said[-2000:])
        self.assertLess(time.monotonic() - begun, 30, words)
        return ended.returncode, said

    def refused(self, config: str | bytes) -> dict:
        """The error about a configuration; nothing but the ledger is asked for."""
        (self.folder / "deploy.json").write_bytes(config.encode() if isinstance(config, str) else config)
        code, said = self.try_command("status")
        self.assertEqual(code, 2, said[:2000])
        error = next(line for line in map(json.loads, filter(None, said.split("\n"))) if line["type"] == "error")
        self.assertFalse([c for c in error["message"] if ord(c) < 32 and c != "\n"], "control characters would reach a terminal")
        self.assertLess(len(error["message"]), 65_536)
        return error


class IntoContainers(HostileCase):
    def test_values_arrive_byte_for_byte_and_are_never_run(self) -> None:
        odd = {name: value for name, value in self.values.items() if name != "long"}
        dockerfile = self.source / "Dockerfile"
        dockerfile.write_text(dockerfile.read_text() + 'ARG ODD=none\nLABEL odd="$ODD"\n')
        self.git("-c", "user.name=T", "-c", "user.email=t@example.invalid", "commit", "-qam", "a label")
        volume = f"{self.name}-v"
        self.addCleanup(lambda: (self.remove_containers(), docker("volume", "rm", "-f", volume)))
        mount = f"/data'\"$(touch {self.canary});`id`"
        env = {**self.values, **{f"N'\";$(touch {self.canary}) {name}": name for name in odd}}
        labels = {**self.values, **{f"l.'\";`touch {self.canary}` {name}": name for name in odd}}
        self.more_of["qa"] = {"env": env, "labels": labels, "command": list(odd.values()), "volumes": [f"{volume}:{mount}"]}
        self.probe = {"http": {"path": f"/health?a='\";$(touch%20{self.canary});`id`|&<>\\", "port": self.ports["qa"],
                               "headers": {"X-Odd": f"'\";$(touch {self.canary})`id`", "Host": "a'b\";$(id)"}, "body": "\"status\":\"ok\""}}
        approver = f"ann '\";$(touch {self.canary})`id`|&\u202e"
        self.more = {"git": {"tag": f"rel-{{version}}-'\";$(touch$IFS$9{self.canary});`id`&|", "push": "origin", "after": "qa"}}
        self.write(ODD=odd["chain"], **{"odd'\";$(id)": odd["substitution"]})
        config = json.loads((self.folder / "deploy.json").read_text())
        config["environments"][1]["approval"]["approvers"].append(approver)
        config["environments"][1]["probe"] = {"http": {"path": "/health", "port": self.ports["live"]}}
        (self.folder / "deploy.json").write_text(json.dumps(config))

        self.result(3, "run")
        found = self.inspect("qa")
        self.assertLessEqual({f"{name}={value}" for name, value in env.items()}, set(found["Config"]["Env"]))
        self.assertLessEqual(labels.items(), found["Config"]["Labels"].items())
        self.assertEqual(found["Config"]["Labels"]["odd"], odd["chain"])
        self.assertEqual(found["Config"]["Cmd"], list(odd.values()))
        self.assertEqual([m["Destination"] for m in found["Mounts"]], [mount])
        tags = self.git("ls-remote", "--tags", "origin")
        self.assertIn(f"refs/tags/rel-1.0.1-'\";$(touch$IFS$9{self.canary});`id`&|", tags)

        self.people_say_hostile_things(approver)

    def people_say_hostile_things(self, approver: str) -> None:
        comment = "".join(value for name, value in self.values.items() if name != "long")
        self.result(0, "approve", "1.0.1", "--to", "live", "--as", approver, "--comment", comment)
        self.result(0, "freeze", "live", "--reason", comment, "--as", approver)
        self.assertEqual(self.result(0, "status", "live")["frozen_reason"], comment)
        self.result(0, "unfreeze", "live", "--as", approver)
        self.assertEqual(self.result(0, "promote", "1.0.1", "--to", "live")["outcome"], "succeeded")
        told = [line for line in self.lines(0, "ledger", "export") if line.get("kind") == "approval_granted"]
        self.assertEqual([(line["actor"], line["data"]["comment"]) for line in told], [(approver, comment)])
        self.result(0, "ledger", "verify")
        for words in (["status"], ["history"], ["releases"], ["plan", "1.0.1", "--to", "live"]):
            shown = self.try_command(*words, json_lines=False)[1]
            self.assertFalse([c for c in shown if ord(c) < 32 and c not in "\n"] + [c for c in shown if c == "\x7f"], f"{words}: a value reaches the terminal as it is")

    def test_what_only_the_engine_can_refuse_ends_with_its_words(self) -> None:
        self.more_of["qa"] = {"user": f"$(touch {self.canary}):'\";`id`"}
        self.write()
        failed = self.result(4, "run")
        self.assertEqual((failed["outcome"], failed["live"]), ("rolled_back", None))
        self.assertIn("user", " ".join(failed["reasons"]))
        self.assertEqual(self.names("qa"), [])


class Refusals(HostileCase):
    def spoiled(self, value: object) -> tuple[dict, list[str]]:
        """A configuration with the value in every field of a fixed grammar, and where that is."""
        config = json.loads((self.folder / "deploy.json").read_text())
        first = config["environments"][0]
        spots: list[tuple[dict | list, str | int, str]] = [
            (config, "application", "/application"), (config, "state", "/state"), (config, "engine", "/engine"),
            (config["image"], "repository", "/image/repository"), (config["image"], "version", "/image/version"),
            (config["image"]["floating_tags"], 0, "/image/floating_tags/0"), (config["image"], "floating_after", "/image/floating_after"),
            (config["git"], "tag", "/git/tag"), (config["git"], "after", "/git/after"), (config["ssh"], "jump", "/ssh/jump"), (config["ssh"], "client", "/ssh/client"),
            (first, "name", "/environments/0/name"), (first["hosts"], 0, "/environments/0/hosts/0"), (first, "strategy", "/environments/0/strategy"),
            (first["container"], "name", "/environments/0/container/name"), (first["container"]["ports"], 0, "/environments/0/container/ports/0"),
            (first["container"], "restart", "/environments/0/container/restart"), (first["container"], "stop_timeout", "/environments/0/container/stop_timeout"),
            (first["container"], "memory", "/environments/0/container/memory"), (first["probe"]["http"], "path", "/environments/0/probe/http/path"),
            (first["probe"], "interval", "/environments/0/probe/interval"), (first["rollback"], "bake", "/environments/0/rollback/bake"),
        ]
        first["container"].update(volumes=[value], networks=[value])
        first["approval"] = {"approvers": [f"ann\x1b[31m\n{value}"]}
        first.update(freeze=[{"from": value, "to": "Mon 08:00", "timezone": value}])
        config["image"]["tags"] = [value]
        config["registry"] = {"username": value, "password": value}
        for holder, key, _ in spots:
            holder[key] = value  # type: ignore[index]
        config["image"]["floating_after"] = config["git"]["after"] = f"{value}?"  # not the name of the environment above
        more = ["container/volumes/0", "container/networks/0", "freeze/0/from", "freeze/0/timezone", "approval/approvers/0"]
        return config, [pointer for *_, pointer in spots] + [f"/environments/0/{name}" for name in more] + ["/image/tags/0", "/registry/username", "/registry/password"]

    def test_each_field_of_a_fixed_grammar_is_named_where_it_is_refused(self) -> None:
        for name in ("quotes", "newlines", "substitution", "semicolon", "backticks", "chain", "controls"):
            with self.subTest(value=name):
                self.write()
                config, pointers = self.spoiled(self.values[name])
                message = self.refused(json.dumps(config))["message"]
                self.assertEqual([pointer for pointer in pointers if f": {pointer}" not in message], [], message)

    def test_lengths_bytes_and_depths_that_no_configuration_has(self) -> None:
        self.write()
        good = (self.folder / "deploy.json").read_text()
        marked = good.replace(self.name, "@@@", 1)
        for text, words in ((marked.replace("@@@", "x" * (1 << 20)), "at most"), (marked.replace("@@@", "x" * 100_000), "at most 65536"),
                            (marked.replace("@@@", "a\\u0000b"), "NUL"), (marked.encode().replace(b"@@@", b"a\xff\xfeb"), "not UTF-8"),
                            (marked.encode().replace(b"@@@", b"a\0b"), "NUL"), ("[" * 200_000, "nested deeper"), ('{"a":' * 100_000, "nested deeper"),
                            ('{"environments":[' + "1," * 300_000 + "1]}", "more than 1000"), ("\x1b]0;title\x07", "not valid JSON"), ("", "not valid JSON")):
            with self.subTest(words=words, length=len(text)):
                self.assertIn(words, self.refused(text)["message"])

    def test_host_names_are_no_options_and_no_commands(self) -> None:
        for host in (f"ssh://-oProxyCommand=touch$IFS$9{self.canary}", f"ssh://h;touch {self.canary}", f"ssh://$(touch {self.canary})@h", f"ssh://-l@h",
                     f"ssh://a`touch {self.canary}`", "ssh://h:22;id", "unix://relative", "tcp://h:0", "ssh://u:password@h", "ext::sh -c id"):
            with self.subTest(host=host):
                self.hosts["qa"] = host
                self.write()
                self.assertIn("/environments/0/hosts/0", self.refused((self.folder / "deploy.json").read_text())["message"])

    def test_paths_that_the_ssh_program_would_read_as_something_else(self) -> None:
        for path in ('/keys/"quoted"', "/keys/${HOME}/id", "/keys/a\nProxyCommand id"):
            with self.subTest(path=path):
                self.ssh_options = {"client": "openssh", "identity": path, "known_hosts": service("KNOWN_HOSTS")}
                self.write()
                (self.folder / "deploy.json").write_text((self.folder / "deploy.json").read_text())
                code, said = self.try_command("verify", "qa")
                self.assertTrue("cannot be told to the ssh program" in said or "cannot be read" in said or code == 2, said[-1500:])

    def test_arguments_of_commands(self) -> None:
        self.write()
        for value in (self.values["chain"], self.values["controls"], b"\xff\xfe", "x" * 100_000, self.values["option"], ""):
            commands = [["promote", value, "--to", "qa"], ["show", value], ["release", "add", value, "--version", "1.0.0"]]
            if value in (self.values["chain"], b"\xff\xfe"):
                commands += [["promote", "--to", value], ["rollback", value], ["release", "add", "scratch", "--version", value],
                             ["quarantine", "lift", value, "--reason", "r"], ["logs", value], ["approve", value, "--to", "live", "--as", "ann"]]
            for words in commands:
                with self.subTest(value=value[:100], words=[word for word in words if word is not value]):
                    code, said = self.try_command(*words)
                    self.assertIn(code, (1, 2), said[-1000:])
        for words in (["freeze", "live", "--reason", b"\xff\xfe"], ["freeze", "live", "--reason", "r", "--as", b"a\xffb"]):
            with self.subTest(words=words):
                code, said = self.try_command(*words)
                self.assertIn(code, (1, 2), said[-1000:])
                self.assertIn("UTF-8", said)


if __name__ == "__main__":
    unittest.main()
