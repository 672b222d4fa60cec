"""Lays out what a package-lock.json pins for this machine, as `npm ci` would: Debian's npm is hundreds of packages, this is two archives.

Nothing of it is run on the way: no install scripts.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import platform
import tarfile
import time
import urllib.request
from pathlib import Path

REGISTRY = "https://registry.npmjs.org"
CPUS = {"x86_64": "x64", "aarch64": "arm64"}
SECONDS = 60
PAUSES = (0, 2, 5)  # before each attempt


def lay_out(lock: Path, folder: Path) -> None:
    """Into folder/node_modules; what is there already stays."""
    for place, package in json.loads(lock.read_text(encoding="utf-8"))["packages"].items():
        if place and _is_for_this_machine(package) and not (folder / place / "package.json").exists():
            _unpack(_fetch(place.removeprefix("node_modules/"), package["version"], package["integrity"]), folder / place)


def _is_for_this_machine(package: dict) -> bool:
    machine = platform.machine()
    return "linux" in package.get("os", ["linux"]) and CPUS.get(machine, machine) in package.get("cpu", [CPUS.get(machine, machine)])


def _fetch(name: str, version: str, integrity: str) -> bytes:
    url = f"{REGISTRY}/{name}/-/{name.rpartition('/')[2]}-{version}.tgz"
    archive = _download(url)
    found = f"sha512-{base64.b64encode(hashlib.sha512(archive).digest()).decode()}"
    if found != integrity:
        raise RuntimeError(f"{url} is not what package-lock.json pins: {found}, expected {integrity}; nothing was unpacked")
    return archive


def _download(url: str) -> bytes:
    for pause in PAUSES:
        time.sleep(pause)
        try:
            with urllib.request.urlopen(url, timeout=SECONDS) as answer:
                return answer.read()
        except OSError as error:
            last = error
    raise RuntimeError(f"{url} cannot be had: {last}; the example for Node.js needs it once") from last


def _unpack(archive: bytes, folder: Path) -> None:
    """An archive of npm has everything in one folder, called `package` as a rule."""
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as members:
        for member in members:
            path = (folder / Path(*Path(member.name).parts[1:])).resolve()
            if member.isfile() and path.is_relative_to(folder.resolve()):
                path.parent.mkdir(parents=True, exist_ok=True)
                content = members.extractfile(member)
                assert content is not None
                path.write_bytes(content.read())
