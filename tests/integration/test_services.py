"""The services that the other tests stand on are what tests/README.md says they are."""

from __future__ import annotations

import base64
import http.client
import json
import os
import re
import ssl
import subprocess
import time
import unittest
import urllib.error
import urllib.request
from pathlib import Path

README = Path(__file__).resolve().parents[1] / "README.md"


def value(name: str) -> str:
    try:
        return os.environ[f"LIBDEPLOY_TEST_{name}"]
    except KeyError as missing:
        raise AssertionError(f"{missing} is not set: run this by `tests/run integration`, or start the services as tests/README.md says") from None


def status_of(url: str, user: str = "", password: str = "") -> int:
    request = urllib.request.Request(url)
    if user:
        request.add_header("Authorization", "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode())
    try:
        return urllib.request.urlopen(request, timeout=10).status
    except urllib.error.HTTPError as error:
        return error.code


def ssh(host: str, command: str, known_hosts: str = "KNOWN_HOSTS", *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["ssh", "-F", value("SSH_CONFIG"), "-o", f"UserKnownHostsFile={value(known_hosts)}", *options, host, command],
                          capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=30, check=False)


def docker(*arguments: str) -> str:
    env = {**os.environ, "DOCKER_HOST": value("DOCKER_HOST")}
    return subprocess.run(["docker", *arguments], env=env, capture_output=True, text=True, check=True, timeout=60).stdout.strip()


class Described(unittest.TestCase):
    def test_the_readme_names_every_variable(self) -> None:
        told = set(re.findall(r"`([A-Z0-9_]+)`", README.read_text()))
        told |= {f"KNOWN_HOSTS{name}" for name in told if name.startswith("_")}
        given = {name.removeprefix("LIBDEPLOY_TEST_") for name in os.environ if name.startswith("LIBDEPLOY_TEST_")}
        self.assertEqual(set(), given - told, "tests/README.md does not name these variables")


class Registries(unittest.TestCase):
    def test_the_open_one_has_both_versions_of_the_application(self) -> None:
        tags = json.load(urllib.request.urlopen(f"http://{value('REGISTRY')}/v2/testapp/tags/list", timeout=10))["tags"]
        self.assertLessEqual({"1.0.1", "1.0.2"}, set(tags))

    def test_the_basic_one_wants_its_user(self) -> None:
        url = f"http://{value('REGISTRY_BASIC')}/v2/"
        user, password = value("REGISTRY_BASIC_USER"), value("REGISTRY_BASIC_PASSWORD")
        self.assertEqual([401, 401, 200], [status_of(url), status_of(url, user, "wrong"), status_of(url, user, password)])

    def test_the_token_one_names_its_token_server_and_takes_its_tokens(self) -> None:
        base = f"http://{value('REGISTRY_TOKEN')}/v2"
        with self.assertRaises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{base}/private/app/tags/list", timeout=10)
        realm, service, scope = re.findall(r'"([^"]*)"', refused.exception.headers["WWW-Authenticate"])[:3]
        self.assertEqual(404, self._with_token(base, f"{realm}?service={service}&scope={scope}", True))
        self.assertEqual(401, self._with_token(base, f"{realm}?service={service}&scope={scope}", False))

    def _with_token(self, base: str, realm: str, as_user: bool) -> int:
        """404: let in, and nothing there; 401: not let in."""
        request = urllib.request.Request(realm)
        if as_user:
            pair = f"{value('REGISTRY_TOKEN_USER')}:{value('REGISTRY_TOKEN_PASSWORD')}"
            request.add_header("Authorization", "Basic " + base64.b64encode(pair.encode()).decode())
        token = json.load(urllib.request.urlopen(request, timeout=10))["token"]
        answer = urllib.request.Request(f"{base}/private/app/tags/list", headers={"Authorization": f"Bearer {token}"})
        try:
            return urllib.request.urlopen(answer, timeout=10).status
        except urllib.error.HTTPError as error:
            return error.code


class Ssh(unittest.TestCase):
    def test_every_host_reaches_the_engine(self) -> None:
        for host in [*value("SSH_HOSTS").split(), "jumped"]:
            with self.subTest(host=host):
                done = ssh(host, "docker version -f '{{.Server.Version}}'")
                self.assertRegex(done.stdout, r"^\d+\.\d+", done.stderr)

    def test_a_command_is_not_slowed_by_a_login_shell(self) -> None:
        took = []
        for _ in range(3):
            begun = time.monotonic()
            self.assertEqual(0, ssh("one", "true").returncode)
            took.append(time.monotonic() - begun)
        self.assertLess(min(took), 1.0)

    def test_right_known_hosts_are_let_through(self) -> None:
        for name in ["KNOWN_HOSTS_HASHED", "KNOWN_HOSTS_ED25519", "KNOWN_HOSTS_ODD"]:
            with self.subTest(file=name):
                self.assertEqual("", ssh("one", "true", name).stderr)

    def test_wrong_known_hosts_are_refused(self) -> None:
        for name in ["KNOWN_HOSTS_WRONG", "KNOWN_HOSTS_REVOKED", "KNOWN_HOSTS_EMPTY"]:
            with self.subTest(file=name):
                self.assertIn("Host key verification failed", ssh("one", "true", name).stderr)

    def test_keys_are_let_in_and_a_stranger_is_not(self) -> None:
        for name, status in [("ED25519", 0), ("ECDSA", 0), ("RSA", 0), ("STRANGER", 255)]:
            with self.subTest(key=name):
                done = subprocess.run(["ssh", "-F", "/dev/null", "-o", "BatchMode=yes", "-o", "IdentitiesOnly=yes", "-i", value(f"SSH_KEY_{name}"),
                                       "-o", f"UserKnownHostsFile={value('KNOWN_HOSTS')}", "-p", value("SSH_PORT"),
                                       f"{value('SSH_USER')}@{value('SSH_HOST')}", "true"], capture_output=True, text=True, timeout=30, check=False)
                self.assertEqual(status, done.returncode, done.stderr)


class Others(unittest.TestCase):
    def engine_over_tls(self, certificate: str, key: str) -> int:
        certs = value("DOCKER_CERTS")
        context = ssl.create_default_context(cafile=f"{certs}/ca.pem")
        context.load_cert_chain(f"{certs}/{certificate}", f"{certs}/{key}")
        host, port = value("DOCKER_TLS").removeprefix("tcp://").split(":")
        connection = http.client.HTTPSConnection(host, int(port), context=context, timeout=10)
        connection.request("GET", "/_ping")
        return connection.getresponse().status

    def test_the_engine_answers_by_tls_to_the_right_certificate_alone(self) -> None:
        self.assertEqual(200, self.engine_over_tls("cert.pem", "key.pem"))
        with self.assertRaises((ssl.SSLError, ConnectionError, http.client.HTTPException)):
            self.engine_over_tls("other-cert.pem", "other-key.pem")

    def test_the_git_remote_has_the_commit(self) -> None:
        env = {**os.environ, "GIT_SSH_COMMAND": f"ssh -F {value('SSH_CONFIG')}"}
        for remote in [value("GIT_REMOTE"), value("GIT_REMOTE_SSH")]:
            with self.subTest(remote=remote):
                heads = subprocess.run(["git", "ls-remote", remote, "refs/heads/main"], env=env, capture_output=True, text=True, timeout=30, check=True)
                self.assertEqual(value("GIT_COMMIT"), heads.stdout.split()[0])


class Application(unittest.TestCase):
    def start(self, **switches: str) -> str:
        """A container of the test application; answers its id."""
        options = [part for name, text in switches.items() for part in ("-e", f"{name}={text}")]
        container = docker("run", "-d", "-p", "127.0.0.1::8080", *options, f"{value('APP_IMAGE')}:1.0.1")
        self.addCleanup(docker, "rm", "-f", container)
        return container

    def serve(self, **switches: str) -> tuple[str, str]:
        """One that stays up; answers its id and its base URL."""
        container = self.start(**switches)
        return container, "http://" + docker("port", container, "8080")

    def wait_for(self, url: str, status: int) -> bool:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                if status_of(url) == status:
                    return True
            except OSError:
                pass  # not listening yet
            time.sleep(0.02)
        return False

    def test_it_is_healthy_and_says_its_version(self) -> None:
        _, url = self.serve()
        self.assertTrue(self.wait_for(f"{url}/health", 200))
        self.assertEqual("1.0.1\n", urllib.request.urlopen(f"{url}/version", timeout=5).read().decode())

    def test_it_leaves_at_once_when_asked(self) -> None:
        container, url = self.serve()
        self.assertTrue(self.wait_for(f"{url}/health", 200))
        begun = time.monotonic()
        docker("stop", "-t", "20", container)
        self.assertLess(time.monotonic() - begun, 5)

    def test_its_switches_break_it_as_asked(self) -> None:
        _, unhealthy = self.serve(UNHEALTHY="1")
        self.assertTrue(self.wait_for(f"{unhealthy}/health", 503))
        demanding = self.start(REQUIRE_ENV="DATABASE")
        self.assertEqual("78", docker("wait", demanding))
        crashing = self.start(CRASH_AFTER_S="0", EXIT_CODE="3")
        self.assertEqual("3", docker("wait", crashing))

    def test_a_gap_in_service_is_seen_as_long_as_it_was(self) -> None:
        container, url = self.serve()
        self.assertTrue(self.wait_for(f"{url}/health", 200))
        load = subprocess.Popen([value("LOAD"), "--url", f"{url}/version", "--rate", "100", "--seconds", "3"], stdout=subprocess.PIPE, text=True)
        time.sleep(1)
        docker("pause", container)
        time.sleep(1)
        docker("unpause", container)
        report = json.loads(load.communicate(timeout=30)[0])
        self.assertEqual(300, report["sent"])
        self.assertGreater(report["longest_gap_ms"], 900)


if __name__ == "__main__":
    unittest.main()
