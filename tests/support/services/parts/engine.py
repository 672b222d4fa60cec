"""A Docker Engine: the one that is there, else a private one in our folder."""

from __future__ import annotations

import http.client
import json
import os
import random
import socket
import subprocess
from pathlib import Path
from urllib.parse import quote

from .process import Processes, ServiceError, as_root

DEFAULT_SOCKET = "/var/run/docker.sock"
_PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str, timeout: float) -> None:
        super().__init__("engine", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


class Engine:
    """The few calls that starting and cleaning up need."""

    def __init__(self, path: str) -> None:
        self.path = path

    @property
    def url(self) -> str:
        return f"unix://{self.path}"

    def call(self, method: str, target: str, timeout: float = 60) -> tuple[int, bytes]:
        connection = _UnixConnection(self.path, timeout)
        try:
            connection.request(method, target)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def get(self, target: str) -> list[dict]:
        status, body = self.call("GET", target)
        if status != 200:
            raise ServiceError(f"the Engine at {self.url} answered {status} to GET {target}: {body.decode(errors='replace')}")
        return json.loads(body)

    def answers(self) -> bool:
        try:
            return self.call("GET", "/_ping", timeout=5)[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    def remove_all(self) -> None:
        """What would outlive a private Engine: its containers, and the bridges of its networks."""
        for container in self.get("/containers/json?all=1"):
            self.call("DELETE", f"/containers/{container['Id']}?force=1&v=1")
        self.call("POST", "/networks/prune")

    def remove_what_this_run_made(self, label: str, registries: list[str]) -> None:
        """Containers, images, networks and volumes with the run's label or from one of its registries."""
        def ours(thing: dict, *names: str) -> bool:
            key, _, value = label.partition("=")
            labelled = (thing.get("Labels") or {}).get(key) == value
            return labelled or any(name.startswith(f"{registry}/") for name in names for registry in registries)

        for container in self.get("/containers/json?all=1"):
            if ours(container, container["Image"]):
                self.call("DELETE", f"/containers/{container['Id']}?force=1&v=1")
        for image in self.get("/images/json?all=1"):
            names = (image.get("RepoTags") or []) + (image.get("RepoDigests") or [])
            if ours(image, *names):
                self._remove_image(image["Id"], names)
        networks = [n["Id"] for n in self.get("/networks") if ours(n)]
        volumes = [v["Name"] for v in json.loads(self.call("GET", "/volumes")[1])["Volumes"] or [] if ours(v)]
        for target in [f"/networks/{n}" for n in networks] + [f"/volumes/{v}" for v in volumes]:
            self.call("DELETE", target)

    def _remove_image(self, image: str, names: list[str]) -> None:
        for name in names:
            if not name.startswith("<none>"):
                self.call("DELETE", f"/images/{quote(name, safe='/:@')}?noprune=0")
        self.call("DELETE", f"/images/{image}?force=1")


def existing() -> Engine | None:
    """The Engine that answers at DOCKER_HOST or at the default socket."""
    host = os.environ.get("DOCKER_HOST", "")
    for path in [host.removeprefix("unix://") if host.startswith("unix://") else "", DEFAULT_SOCKET]:
        if path and Engine(path).answers():
            return Engine(path)
    return None


def start_private(folder: Path, processes: Processes) -> Engine:
    """dockerd by hand, on a bridge of its own and without packet filter rules: published ports are then served by
    Docker's userland proxy, the kind of filter that the machine has does not matter, and two may run at once."""
    home = folder / "engine"
    home.mkdir()
    engine = Engine(str(home / "docker.sock"))
    bridge = f"ldt{os.urandom(3).hex()}"
    (folder / "bridge").write_text(bridge)
    _add_bridge(bridge)
    argv = ["dockerd", "--host", engine.url, "--data-root", str(home / "data"), "--exec-root", str(home / "exec"),
            "--pidfile", str(home / "docker.pid"), "--group", str(os.getgid()), "--bridge", bridge,
            "--iptables=false", "--ip6tables=false", "--ip-masq=false"]
    processes.start("dockerd", as_root(argv), engine.answers, 60, {**os.environ, "PATH": _PATH})
    return engine


def sweep_private(folder: Path) -> None:
    """What a stopped dockerd leaves: mounts, its bridge, its files."""
    home = folder / "engine"
    for mount in reversed(Path("/proc/self/mountinfo").read_text().splitlines()):
        where = mount.split()[4]
        if where.startswith(f"{home}/"):
            subprocess.run(as_root(["umount", "-l", where]), check=False)
    bridge = (folder / "bridge").read_text()
    if f"{bridge}:" in Path("/proc/net/dev").read_text():
        subprocess.run(as_root(["ip", "link", "delete", bridge]), check=True, env={**os.environ, "PATH": _PATH})
    subprocess.run(as_root(["rm", "-rf", str(home)]), check=True)


def _add_bridge(name: str) -> None:
    taken = {line.split()[1] for line in Path("/proc/net/route").read_text().splitlines()[1:]}
    third = next(n for n in random.sample(range(1, 255), 254) if f"00{n:02X}C90A" not in taken)  # 10.201.n.0, as the kernel writes it
    for command in [["ip", "link", "add", name, "type", "bridge"], ["ip", "addr", "add", f"10.201.{third}.1/24", "dev", name],
                    ["ip", "link", "set", name, "up"]]:
        done = subprocess.run(as_root(command), env={**os.environ, "PATH": _PATH}, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise ServiceError(f"{' '.join(command)} ended with status {done.returncode}: {done.stderr.strip()}; a private Engine "
                               "needs the right to make a network bridge. Where an Engine runs already, name it in DOCKER_HOST")
