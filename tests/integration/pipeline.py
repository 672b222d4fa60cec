"""One application, staging and production on two SSH hosts, driven through deployctl alone."""

from __future__ import annotations

import json
import os
import random
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.request
from pathlib import Path


def service(name: str) -> str:
    value = os.environ.get(f"LIBDEPLOY_TEST_{name}")
    if not value:
        raise RuntimeError(f"LIBDEPLOY_TEST_{name} is not set: start the services as tests/README.md says")
    return value


def program() -> str:
    return str(Path(service("BUILD")) / "examples" / "deployctl" / "deployctl")


def free_port() -> int:
    """Not one of those that outgoing connections get: one of them could take it before it is used."""
    while True:
        try:
            with socket.create_server(("127.0.0.1", random.randrange(10_000, 32_000))) as listener:
                return listener.getsockname()[1]
        except OSError:
            continue


def docker(*words: str) -> str:
    return subprocess.run(["docker", "-H", service("DOCKER_HOST"), *words], capture_output=True, text=True, check=True).stdout.strip()


def manifest(registry: str, repository: str, reference: str) -> tuple[bytes, str, str]:
    """Bytes, content type and digest of a manifest."""
    kind = "application/vnd.docker.distribution.manifest.v2+json"
    request = urllib.request.Request(f"http://{registry}/v2/{repository}/manifests/{reference}", headers={"Accept": kind})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.read(), answer.headers["Content-Type"], answer.headers["Docker-Content-Digest"]


def put_tag(registry: str, repository: str, tag: str, body: bytes, kind: str) -> None:
    request = urllib.request.Request(f"http://{registry}/v2/{repository}/manifests/{tag}", data=body, method="PUT", headers={"Content-Type": kind})
    urllib.request.urlopen(request, timeout=20).close()


class Relay:
    """A door to the registry that can be shut."""

    def __init__(self, target: str) -> None:
        host, _, port = target.rpartition(":")
        self.target = (host, int(port))
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.listener.getsockname()[1]
        self.open: list[socket.socket] = []
        self.thread = threading.Thread(target=self._accept, daemon=True)
        self.thread.start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            far = socket.create_connection(self.target)
            self.open += [near, far]
            for a, b in ((near, far), (far, near)):
                threading.Thread(target=self._pump, args=(a, b), daemon=True).start()

    @staticmethod
    def _pump(source: socket.socket, sink: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def shut(self) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for each in self.open:
            each.close()


def copy_app(to: Path, name: str) -> None:
    """The test application, as an image that shares no layer with another case's: where one removes its images, an Engine takes
    the layers of a build that goes on beside it as well."""
    shutil.copytree(service("APP_CONTEXT"), to, dirs_exist_ok=True)
    first, rest = (to / "Dockerfile").read_text().split("\n", 1)
    (to / "Dockerfile").write_text(f"{first}\nLABEL io.libdeploy.case={name}\n{rest}")


class PipelineCase(unittest.TestCase):
    registry: str

    def setUp(self) -> None:
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        self.name = f"pipe-{os.getpid()}-{self.id().rpartition('.')[2][5:25].strip('_')}"
        self.ports = {"qa": free_port(), "live": free_port()}
        self.registry = service("REGISTRY")
        self.hosts = {"qa": self.ssh("127.0.0.1"), "live": self.ssh("127.0.0.2")}
        self.ssh_options: dict = {"identity": service("SSH_KEY_ED25519"), "known_hosts": service("KNOWN_HOSTS")}
        self.more: dict = {}
        self.more_of: dict[str, dict] = {"qa": {}, "live": {}}
        self.probe: dict = {}
        self.bake = "300ms"
        self.make_source()
        self.write()
        self.addCleanup(self.remove_containers)

    @staticmethod
    def ssh(address: str) -> str:
        return f"ssh://{service('SSH_USER')}@{address}:{service('SSH_PORT')}"

    def make_source(self) -> None:
        self.remote = self.folder / "remote.git"
        subprocess.run(["git", "clone", "-q", "--bare", service("GIT_REMOTE"), self.remote], check=True)
        self.source = self.folder / "source"
        subprocess.run(["git", "clone", "-q", self.remote, self.source], check=True, capture_output=True)
        copy_app(self.source, self.name)
        (self.source / ".dockerignore").write_text(".git\n")
        self.git("add", "-A")
        self.git("-c", "user.name=T", "-c", "user.email=t@example.invalid", "commit", "-q", "-m", "app")

    def git(self, *words: str) -> str:
        return subprocess.run(["git", "-C", self.source, *words], check=True, capture_output=True, text=True).stdout

    def environment(self, name: str, **more: object) -> dict:
        port = self.ports[name]
        return {"name": name, "hosts": [self.hosts[name]],
                "container": {"name": f"{self.name}-{name}", "ports": [f"127.0.0.1:{port}:8080"], "stop_timeout": "3s", **self.more_of[name]},
                "probe": {"http": {"path": "/health", "port": port}, "interval": "200ms", "deadline": "20s", **self.probe},
                "rollback": {"bake": self.bake}, **more}

    def write(self, **build_args: str) -> None:
        approval = {"approvers": ["ann", "ben"]}
        config = {"application": self.name, "engine": service("DOCKER_HOST"), "ssh": self.ssh_options,
                  "image": {"repository": f"{self.registry}/{self.name}", "context": "source", "floating_tags": ["latest"],
                            "build_args": {"VERSION": "{version}", **build_args}},
                  "git": {"tag": "rel-{version}", "push": "origin", "after": "qa"},
                  "environments": [self.environment("qa"), self.environment("live", after="qa", approval=approval)], **self.more}
        (self.folder / "deploy.json").write_text(json.dumps(config))

    def remove_containers(self) -> None:
        if ids := docker("ps", "-aq", "--filter", f"label=io.libdeploy.application={self.name}").split():
            docker("rm", "-f", *ids)

    def command(self, *words: str) -> list[str]:
        return [program(), "--as", "bot", "--json", *words]

    def lines(self, exit_code: int, *words: str) -> list[dict]:
        ended = subprocess.run(self.command(*words), cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
        self.assertEqual(ended.returncode, exit_code, ended.stdout[-4000:] + ended.stderr)
        return [json.loads(line) for line in ended.stdout.split("\n") if line]  # splitlines() would split at U+2028 within a text as well

    def result(self, exit_code: int, *words: str) -> dict:
        return self.lines(exit_code, *words)[-1]

    def error(self, exit_code: int, *words: str) -> dict:
        return [line for line in self.lines(exit_code, *words) if line["type"] == "error"][-1]

    def bring_live(self) -> dict:
        """A good release, in both environments."""
        self.write()
        release = self.result(3, "run")
        self.result(0, "approve", release["release"], "--to", "live", "--as", "ann")
        return self.result(0, "promote", release["release"], "--to", "live")

    def inspect(self, environment: str) -> dict:
        return json.loads(docker("inspect", f"{self.name}-{environment}"))[0]

    def identity(self, environment: str) -> tuple[str, str]:
        found = self.inspect(environment)
        return found["Id"], found["State"]["StartedAt"]

    def serves(self, environment: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.ports[environment]}/version", timeout=5) as answer:
            return answer.read().decode().strip()

    def names(self, environment: str) -> list[str]:
        prefix = f"{self.name}-{environment}"
        listed = docker("ps", "-a", "--format", "{{.Names}}", "--filter", f"label=io.libdeploy.application={self.name}").split()
        return sorted(name for name in listed if name.startswith(prefix))

    def killed_at(self, event: str, step: str, *words: str) -> None:
        """Starts deployctl and kills it without mercy when this event comes."""
        process = subprocess.Popen(self.command(*words), cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert process.stdout
        with process.stdout as stdout:
            for line in stdout:
                told = json.loads(line)
                if told.get("event") == event and told.get("step", "") == step:
                    process.kill()
                    process.wait()
                    return
        process.wait()
        self.fail(f"it ended before {event} {step}")

    def wait_until(self, what, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not what():
            self.assertLess(time.monotonic(), end, "it did not happen in time")
            time.sleep(0.05)
