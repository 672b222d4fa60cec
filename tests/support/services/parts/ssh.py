"""sshd on four loopback addresses, keys of every kind, and known_hosts files right and wrong."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import subprocess
from pathlib import Path

from .process import Processes, ServiceError, accepts, free_port

HOSTS = {"one": "127.0.0.1", "two": "127.0.0.2", "three": "127.0.0.3", "four": "127.0.0.4"}
KINDS = ["ed25519", "ecdsa", "rsa"]


def start(folder: Path, processes: Processes, docker_host: str) -> dict[str, str]:
    home = folder / "ssh"
    home.mkdir(mode=0o700)
    passphrase = secrets.token_urlsafe(12)
    _make_keys(home, passphrase)
    port = _start_sshd(home, processes, "sshd", list(HOSTS.values()), ["ed25519", "ecdsa"], docker_host)
    rsa_port = _start_sshd(home, processes, "sshd-rsa", ["127.0.0.1"], ["rsa"], docker_host)
    user = pwd.getpwuid(os.getuid()).pw_name
    values = {"SSH_HOST": "127.0.0.1", "SSH_HOSTS": " ".join(HOSTS.values()), "SSH_PORT": str(port), "SSH_USER": user,
              "SSH_URL": f"ssh://{user}@127.0.0.1:{port}", "SSH_RSA_PORT": str(rsa_port),
              "SSH_KEY_PASSPHRASE": str(home / "id_passphrase"), "SSH_PASSPHRASE": passphrase,
              "SSH_LOG": str(processes.log("sshd")), "SSH_PID": (processes.pids / "sshd").read_text().split()[0]}
    values |= {f"SSH_KEY_{kind.upper()}": str(home / f"id_{kind}") for kind in [*KINDS, "stranger"]}
    values |= _write_known_hosts(home, port, rsa_port)
    values["SSH_CONFIG"] = str(_write_client_config(home, port, user))
    return values


def _keygen(file: Path, kind: str, passphrase: str = "") -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", passphrase, "-C", f"libdeploy-test-{file.name}", "-f", str(file)],
                   check=True, stdin=subprocess.DEVNULL, capture_output=True)


def _make_keys(home: Path, passphrase: str) -> None:
    for kind in KINDS:
        _keygen(home / f"host_{kind}", kind)
        _keygen(home / f"id_{kind}", kind)
    _keygen(home / "id_passphrase", "ed25519", passphrase)
    _keygen(home / "id_stranger", "ed25519")
    for kind in ["ed25519", "ecdsa"]:
        _keygen(home / f"wrong_host_{kind}", kind)
    allowed = [*KINDS, "passphrase"]
    (home / "authorized_keys").write_text("".join((home / f"id_{name}.pub").read_text() for name in allowed))


def _start_sshd(home: Path, processes: Processes, name: str, addresses: list[str], kinds: list[str], docker_host: str) -> int:
    # The session's home is an empty folder of ours: rc files of the user's own shell would cost up to seconds per command.
    session_home = home / "home"
    session_home.mkdir(exist_ok=True)
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    port = free_port(addresses)
    lines = [f"ListenAddress {address}:{port}" for address in addresses] + [f"HostKey {home}/host_{kind}" for kind in kinds]
    lines += [f"PidFile {home}/{name}.pid", f"AuthorizedKeysFile {home}/authorized_keys",
              "UsePAM no", "StrictModes no", "PasswordAuthentication no", "KbdInteractiveAuthentication no", "PermitRootLogin yes",
              "MaxStartups 200:30:400", "MaxSessions 200", "LoginGraceTime 30", "UseDNS no", "PrintMotd no", "PrintLastLog no",
              "AllowTcpForwarding yes", "AllowStreamLocalForwarding yes", "LogLevel VERBOSE",
              f"SetEnv DOCKER_HOST={docker_host} HOME={session_home} ENV= BASH_ENV="]
    config = home / f"{name}.conf"
    config.write_text("\n".join(lines) + "\n")
    program = shutil.which("sshd", path=os.environ.get("PATH", "") + ":/usr/sbin")
    if not program:
        raise ServiceError("sshd was not found; install openssh-server")
    processes.start(name, [program, "-D", "-e", "-f", str(config)], lambda: accepts(addresses[-1], port))
    return port


def _line(address: str, port: int, public_key: Path) -> str:
    kind, key = public_key.read_text().split()[:2]
    return f"[{address}]:{port} {kind} {key}\n"


def _lines(home: Path, port: int, prefix: str, kinds: list[str]) -> str:
    return "".join(_line(address, port, home / f"{prefix}_{kind}.pub") for address in HOSTS.values() for kind in kinds)


def _write_known_hosts(home: Path, port: int, rsa_port: int) -> dict[str, str]:
    right = _lines(home, port, "host", ["ed25519", "ecdsa"]) + _line("127.0.0.1", rsa_port, home / "host_rsa.pub")
    key = (home / "id_stranger.pub").read_text().split()[1]
    revoked = "".join(f"@revoked {line}\n" for line in _lines(home, port, "host", ["ed25519", "ecdsa"]).splitlines())
    odd = (f"# a comment\n\n   \n@cert-authority *.example.com ssh-ed25519 {key}\n*.internal,!bad.internal ssh-ed25519 {key}\n"
           f"@revoked gone.example.com ssh-ed25519 {key}\nthis is not a known hosts line\nshort\n"
           f"sk.example.com sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAIA==\n"
           f"@unknown-marker 127.0.0.1 ssh-ed25519 {key}\n|1|broken|hash ssh-ed25519 {key}\n"
           f"broken.example.com ssh-ed25519 !!!!\n{'long' * 4000}.example.com ssh-ed25519 {key}\n")
    texts = {"": right, "_HASHED": right, "_ED25519": _lines(home, port, "host", ["ed25519"]), "_ODD": odd + right + "# the end",
             "_WRONG": _lines(home, port, "wrong_host", ["ed25519", "ecdsa"]), "_REVOKED": revoked + right, "_EMPTY": ""}
    files = {suffix: home / f"known_hosts{suffix.lower()}" for suffix in texts}
    for suffix, file in files.items():
        file.write_text(texts[suffix])
    subprocess.run(["ssh-keygen", "-q", "-H", "-f", str(files["_HASHED"])], check=True, capture_output=True)
    Path(f"{files['_HASHED']}.old").unlink()
    return {f"KNOWN_HOSTS{suffix}": str(file) for suffix, file in files.items()}


def _write_client_config(home: Path, port: int, user: str) -> Path:
    blocks = [f"Host {name}\n  HostName {address}\n" for name, address in HOSTS.items()]
    blocks.append("Host jumped\n  HostName 127.0.0.2\n  ProxyJump one\n")
    blocks.append(f"Host {' '.join([*HOSTS, *HOSTS.values(), 'jumped'])}\n  Port {port}\n  User {user}\n"
                  f"  IdentityFile {home}/id_ed25519\n  IdentitiesOnly yes\n  UserKnownHostsFile {home}/known_hosts\n"
                  "  GlobalKnownHostsFile /dev/null\n  StrictHostKeyChecking yes\n  BatchMode yes\n")
    file = home / "config"
    file.write_text("".join(blocks))
    return file
