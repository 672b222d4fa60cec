"""A Docker Engine: the one that is there, else a private one in our folder."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import socket
import subprocess
from pathlib import Path
from urllib.parse import quote

from .process import Processes, ServiceError

DEFAULT_SOCKET = "/var/run/docker.sock"


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
    """dockerd by hand. Machines differ in their packet filter: tried as is, with the legacy one, and without."""
    home = folder / "engine"
    home.mkdir()
    (folder / "had_docker0").write_text("yes" if Path("/sys/class/net/docker0").exists() else "no")
    engine = Engine(str(home / "docker.sock"))
    attempts = [([], _path_with(None)), ([], _path_with(_legacy_filter(home))), (["--iptables=false", "--ip6tables=false"], _path_with(None))]
    complaints = []
    for extra, path in attempts:
        argv = ["dockerd", "--host", engine.url, "--data-root", str(home / "data"), "--exec-root", str(home / "exec"),
                "--pidfile", str(home / "docker.pid"), "--group", str(os.getgid()), *extra]
        try:
            processes.start("dockerd", _as_root(argv), engine.answers, 60, {**os.environ, "PATH": path})
            return engine
        except ServiceError as error:
            complaints.append(str(error))
    raise ServiceError("\n\n".join(complaints))


def _as_root(argv: list[str]) -> list[str]:
    return argv if os.geteuid() == 0 else ["sudo", "-n", "--preserve-env=PATH", *argv]


def _path_with(first: Path | None) -> str:
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    return f"{first}:{path}" if first else path


def _legacy_filter(home: Path) -> Path:
    """A folder whose `iptables` is the legacy one, for kernels without nf_tables."""
    folder = home / "legacy-filter"
    folder.mkdir()
    for name in ["iptables", "ip6tables"]:
        legacy = shutil.which(f"{name}-legacy", path=_path_with(None))
        if legacy:
            (folder / name).symlink_to(legacy)
    return folder


def sweep_private(folder: Path) -> None:
    """What a stopped dockerd leaves: mounts, its bridge, its packet filter rules, its files."""
    home = folder / "engine"
    for mount in reversed(Path("/proc/self/mountinfo").read_text().splitlines()):
        where = mount.split()[4]
        if where.startswith(f"{home}/"):
            subprocess.run(_as_root(["umount", "-l", where]), check=False)
    if (folder / "had_docker0").read_text() == "no":
        _remove_bridge()
    subprocess.run(_as_root(["rm", "-rf", str(home)]), check=True)


def _remove_bridge() -> None:
    for tool in ["iptables", "iptables-legacy", "ip6tables", "ip6tables-legacy"]:
        save, restore = (shutil.which(f"{tool}-{verb}", path=_path_with(None)) for verb in ["save", "restore"])
        if not save or not restore:
            continue
        rules = subprocess.run(_as_root([save]), capture_output=True, text=True, check=False).stdout
        kept = [line for line in rules.splitlines() if "DOCKER" not in line and "docker0" not in line]
        if "DOCKER" in rules:
            subprocess.run(_as_root([restore]), input="\n".join(kept) + "\n", text=True, check=False)
    if Path("/sys/class/net/docker0").exists() and shutil.which("ip", path=_path_with(None)):
        subprocess.run(_as_root(["ip", "link", "delete", "docker0"]), check=False)
