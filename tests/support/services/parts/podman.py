"""podman's Docker-compatible API on a socket of its own: the other program that serves the Engine API."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from .engine import Engine
from .process import Processes, as_root

# runc and the limits, because crun and podman's own limits need more of the machine than a container in CI has.
_CONTAINERS = """[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
cgroups = "enabled"
[engine]
cgroup_manager = "cgroupfs"
runtime = "runc"
events_logger = "file"
tmp_dir = "{home}/tmp"
[network]
network_backend = "netavark"
network_config_dir = "{home}/networks"
"""
_STORAGE = '[storage]\ndriver = "vfs"\nrunroot = "{home}/run"\ngraphroot = "{home}/data"\n'
_REGISTRIES = '[[registry]]\nlocation = "{registry}"\ninsecure = true\n'


def start(folder: Path, processes: Processes, registry: str) -> dict[str, str]:
    home = folder / "podman"
    for name in ["tmp", "networks"]:
        (home / name).mkdir(parents=True)
    (home / "containers.conf").write_text(_CONTAINERS.format(home=home))
    (home / "storage.conf").write_text(_STORAGE.format(home=home))
    (home / "registries.conf").write_text(_REGISTRIES.format(registry=registry))
    engine = Engine(str(home / "podman.sock"))
    processes.start("podman", as_root(["podman", "system", "service", "--time", "0", engine.url]), engine.answers, 30, _environment(home))
    return {"PODMAN_HOST": engine.url, "PODMAN_SOCKET": engine.path}


def sweep(folder: Path) -> None:
    """Containers end and mounts go with `podman system reset`; what it leaves are files."""
    home = folder / "podman"
    if not home.exists():
        return
    subprocess.run(as_root(["podman", "system", "reset", "--force"]), check=True, env=_environment(home), stdin=subprocess.DEVNULL, capture_output=True)
    if home.exists():
        subprocess.run(as_root(["rm", "-rf", str(home)]), check=True)


def _environment(home: Path) -> dict[str, str]:
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    return {"PATH": path, "HOME": str(home), "CONTAINERS_CONF": str(home / "containers.conf"), "CONTAINERS_STORAGE_CONF": str(home / "storage.conf"),
            "CONTAINERS_REGISTRIES_CONF": str(home / "registries.conf"), "TMPDIR": str(home / "tmp")}
