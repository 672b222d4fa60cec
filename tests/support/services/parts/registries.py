"""Three registries: open, with basic authentication, with bearer tokens."""

from __future__ import annotations

import ctypes
import json
import secrets
import subprocess
import sys
from pathlib import Path

from .process import Processes, accepts, free_port
from .tls import make_signer

USER = "deployer"


def start_open(folder: Path, processes: Processes) -> dict[str, str]:
    return {"REGISTRY": _start(folder, processes, "registry", None)}


def start_basic(folder: Path, processes: Processes) -> dict[str, str]:
    password = secrets.token_urlsafe(12)
    htpasswd = folder / "htpasswd"
    htpasswd.write_text(f"{USER}:{_bcrypt(password)}\n")
    address = _start(folder, processes, "registry-basic", {"htpasswd": {"realm": "libdeploy test", "path": str(htpasswd)}})
    return {"REGISTRY_BASIC": address, "REGISTRY_BASIC_USER": USER, "REGISTRY_BASIC_PASSWORD": password}


def start_token(folder: Path, processes: Processes) -> dict[str, str]:
    password = secrets.token_urlsafe(12)
    key, certificate = make_signer(folder)
    port = free_port()
    given = folder / "log" / "tokens-given.log"
    given.touch()
    settings = folder / "token-server.json"
    settings.write_text(json.dumps({"port": port, "user": USER, "password": password, "key": str(key),
                                    "certificate": str(certificate), "given": str(given)}))
    settings.chmod(0o600)
    processes.start("token-server", [sys.executable, str(Path(__file__).with_name("token_server.py")), str(settings)],
                    lambda: accepts("127.0.0.1", port))
    address = _start(folder, processes, "registry-token", {"token": {
        "realm": f"http://127.0.0.1:{port}/token", "service": "libdeploy-test", "issuer": "libdeploy-test-issuer",
        "rootcertbundle": str(certificate)}})
    return {"REGISTRY_TOKEN": address, "REGISTRY_TOKEN_USER": USER, "REGISTRY_TOKEN_PASSWORD": password,
            "REGISTRY_TOKEN_LOG": str(given)}


def _start(folder: Path, processes: Processes, name: str, auth: dict | None) -> str:
    port = free_port()
    config = {"version": "0.1", "log": {"level": "warn"},
              "storage": {"filesystem": {"rootdirectory": str(folder / f"{name}-data")}, "delete": {"enabled": True}},
              "http": {"addr": f"127.0.0.1:{port}", "secret": secrets.token_hex(16)}}
    if auth:
        config["auth"] = auth
    file = folder / f"{name}.yml"
    file.write_text(json.dumps(config))  # JSON is YAML
    processes.start(name, ["docker-registry", "serve", str(file)], lambda: accepts("127.0.0.1", port))
    return f"127.0.0.1:{port}"


def _bcrypt(password: str) -> str:
    """The one kind of hash that the registry reads, made by the C library's crypt (no htpasswd program needed)."""
    crypt = ctypes.CDLL("libcrypt.so.1").crypt
    crypt.restype = ctypes.c_char_p
    alphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    salt = "".join(secrets.choice(alphabet) for _ in range(21)) + "u"
    hashed = crypt(password.encode(), f"$2b$05${salt}".encode())
    return hashed.decode().replace("$2b$", "$2y$", 1)
