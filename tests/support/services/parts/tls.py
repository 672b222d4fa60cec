"""Certificates made with the openssl program, and the Engine behind a port that demands one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from .process import Processes, accepts, free_port


def _openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, stdin=subprocess.DEVNULL, capture_output=True)


def _new_key(file: Path) -> None:
    _openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", str(file))
    file.chmod(0o600)


def _authority(folder: Path, name: str) -> None:
    _new_key(folder / f"{name}-key.pem")
    _openssl("req", "-x509", "-new", "-key", str(folder / f"{name}-key.pem"), "-days", "2", "-subj", f"/CN=libdeploy test {name}",
             "-addext", "keyUsage=critical,keyCertSign", "-out", str(folder / f"{name}.pem"))


def _leaf(folder: Path, authority: str, prefix: str, extensions: str) -> None:
    key, request, ext = folder / f"{prefix}key.pem", folder / f"{prefix}request.pem", folder / f"{prefix}ext.cnf"
    _new_key(key)
    ext.write_text(extensions)
    _openssl("req", "-new", "-key", str(key), "-subj", "/CN=libdeploy test", "-out", str(request))
    _openssl("x509", "-req", "-in", str(request), "-CA", str(folder / f"{authority}.pem"), "-CAkey", str(folder / f"{authority}-key.pem"),
             "-CAcreateserial", "-days", "2", "-extfile", str(ext), "-out", str(folder / f"{prefix}cert.pem"))
    request.unlink()
    ext.unlink()


def make_signer(folder: Path) -> tuple[Path, Path]:
    """The RSA key that signs registry tokens, and its certificate."""
    key, certificate = folder / "token-key.pem", folder / "token-cert.pem"
    _openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=libdeploy test tokens",
             "-keyout", str(key), "-out", str(certificate))
    return key, certificate


def start_relay(folder: Path, processes: Processes, socket_path: str) -> dict[str, str]:
    """The Engine as tcp:// with client certificates. Our side: server-*.pem; the client's: ca, cert, key."""
    certs = folder / "certs"
    certs.mkdir()
    _authority(certs, "ca")
    _authority(certs, "other-ca")
    _leaf(certs, "ca", "server-", "subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=serverAuth\n")
    _leaf(certs, "ca", "", "extendedKeyUsage=clientAuth\n")
    _leaf(certs, "other-ca", "other-", "extendedKeyUsage=clientAuth\n")
    port = free_port()
    relay = Path(__file__).with_name("tls_relay.py")
    processes.start("tls-relay", [sys.executable, str(relay), str(port), socket_path, str(certs)],
                    lambda: accepts("127.0.0.1", port))
    return {"DOCKER_TLS": f"tcp://127.0.0.1:{port}", "DOCKER_CERTS": str(certs)}
