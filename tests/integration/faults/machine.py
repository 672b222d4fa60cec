"""A host of its own: a network namespace with an Engine and an sshd in it. The controller's SSH and the Engine's way to the
registry go through relays, so that lines can be broken; Engine and sshd can be killed and started again."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from faults.relay import Relay, in_network_of
from pipeline import service

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "support" / "services"))
from parts.engine import Engine, sweep_private  # noqa: E402
from parts.process import Processes  # noqa: E402

T = TypeVar("T")
SSHD_PORT = 2222  # in the machine's own network
IPTABLES = shutil.which("iptables", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin") or "iptables"


class Machine:
    def __init__(self, folder: Path, name: str, engine_options: tuple[str, ...] = ()) -> None:
        self.folder = folder / name
        self.home = self.folder / "engine"
        self.home.mkdir(parents=True, exist_ok=True)
        (self.folder / "session").mkdir()
        (self.folder / "bridge").write_text("none")
        self.processes = Processes(self.folder)
        self.engine = Engine(str(self.home / "docker.sock"))
        self.engine_options = engine_options
        self.network = self.processes.start("network", ["unshare", "-n", "sleep", "infinity"], lambda: True)
        self._await_network()
        self.start_engine()
        self.start_sshd()
        self.line = Relay(lambda: self.here(self._connect_to_sshd))
        host, _, port = service("REGISTRY").rpartition(":")
        self.registry_line = Relay(lambda: socket.create_connection((host, int(port))),
                                   self.here(lambda: socket.create_server(("127.0.0.1", int(port)))))
        self.url = f"ssh://{pwd.getpwuid(os.getuid()).pw_name}@127.0.0.1:{self.line.port}"

    def _await_network(self) -> None:
        """unshare has moved, and loopback is up."""
        own = os.stat("/proc/self/ns/net").st_ino
        while os.stat(f"/proc/{self.network}/ns/net").st_ino == own:
            threading.Event().wait(0.005)
        subprocess.run([*self.prefix, "ip", "link", "set", "lo", "up"], check=True)

    @property
    def prefix(self) -> tuple[str, ...]:
        """Runs a program in the machine's network."""
        return ("nsenter", f"--net=/proc/{self.network}/ns/net")

    def here(self, work: Callable[[], T]) -> T:
        return in_network_of(self.network, work)

    def add_registry(self, address: str) -> Relay:
        """Another registry of the controller's loopback, at the same address as seen from here."""
        host, _, port = address.rpartition(":")
        return Relay(lambda: socket.create_connection((host, int(port))), self.here(lambda: socket.create_server(("127.0.0.1", int(port)))))

    # The Engine -------------------------------------------------------------------------------------------------------

    def start_engine(self) -> None:
        argv = ["dockerd", "--host", self.engine.url, "--data-root", str(self.home / "data"), "--exec-root", str(self.home / "exec"),
                "--pidfile", str(self.home / "docker.pid"), "--group", str(os.getgid()),
                "--iptables=false", "--ip6tables=false", "--ip-masq=false", *self.engine_options]
        env = {**os.environ, "PATH": os.environ.get("PATH", "") + ":/usr/sbin:/sbin"}
        self.engine_pid = self.processes.start("dockerd", [*self.prefix, *argv], self.engine.answers, 60, env)

    def kill_engine(self) -> None:
        os.kill(self.engine_pid, signal.SIGKILL)
        os.waitpid(self.engine_pid, 0)
        (self.processes.pids / "dockerd").unlink()
        # Its containerd dies with it. Where nobody reaps that, its number looks alive to the next dockerd.
        for left in (self.home / "docker.pid", self.home / "exec" / "containerd" / "containerd.pid"):
            left.unlink(missing_ok=True)

    # The line's own packets -------------------------------------------------------------------------------------------

    def drop_packets(self, share: float) -> None:
        """So many of sshd's packets are lost, each way, at random."""
        for end in ("--dport", "--sport"):
            subprocess.run([*self.prefix, IPTABLES, "-A", "INPUT", "-p", "tcp", end, str(SSHD_PORT), "-m", "statistic", "--mode", "random",
                            "--probability", str(share), "-j", "DROP"], check=True)

    def packets_dropped(self) -> int:
        counted = subprocess.run([*self.prefix, IPTABLES, "-vnxL", "INPUT"], check=True, capture_output=True, text=True).stdout
        return sum(int(line.split()[0]) for line in counted.splitlines() if " DROP " in line)

    def keep_packets(self) -> None:
        subprocess.run([*self.prefix, IPTABLES, "-F", "INPUT"], check=True)

    # sshd -------------------------------------------------------------------------------------------------------------

    def start_sshd(self) -> None:
        shared = Path(service("DIR")) / "ssh"
        lines = [f"ListenAddress 127.0.0.1:{SSHD_PORT}", f"HostKey {shared}/host_ed25519", f"PidFile {self.folder}/sshd.pid",
                 f"AuthorizedKeysFile {shared}/authorized_keys", "UsePAM no", "StrictModes no", "PasswordAuthentication no", "PermitRootLogin yes",
                 "UseDNS no", "PrintMotd no", "PrintLastLog no", "AllowTcpForwarding yes", "MaxStartups 200:30:400", "MaxSessions 200", "LogLevel VERBOSE",
                 f"SetEnv DOCKER_HOST={self.engine.url} HOME={self.folder}/session ENV= BASH_ENV="]
        config = self.folder / "sshd.conf"
        config.write_text("\n".join(lines) + "\n")
        program = shutil.which("sshd", path=os.environ.get("PATH", "") + ":/usr/sbin")
        self.sshd_pid = self.processes.start("sshd", [*self.prefix, program, "-D", "-e", "-f", str(config)], self._sshd_answers)

    @staticmethod
    def _connect_to_sshd() -> socket.socket:
        line = socket.create_connection(("127.0.0.1", SSHD_PORT), timeout=20)
        line.settimeout(None)
        return line

    def _sshd_answers(self) -> bool:
        try:
            self.here(lambda: socket.create_connection(("127.0.0.1", SSHD_PORT), timeout=1)).close()
            return True
        except OSError:
            return False

    def kill_sshd(self, daemon: bool = True, sessions: bool = True) -> None:
        """The daemon, the sessions that it has begun, or both."""
        children = Path(f"/proc/{self.sshd_pid}/task/{self.sshd_pid}/children").read_text().split()
        doomed = []
        for child in children:  # a session is a listener's child and, for an unprivileged user, that one's child
            doomed += [int(child), *map(int, Path(f"/proc/{child}/task/{child}/children").read_text().split())] if sessions else []
        if daemon:
            os.kill(self.sshd_pid, signal.SIGKILL)
            os.waitpid(self.sshd_pid, 0)
            (self.processes.pids / "sshd").unlink()
        for pid in doomed:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def known_hosts_line(self) -> str:
        kind, key = (Path(service("DIR")) / "ssh" / "host_ed25519.pub").read_text().split()[:2]
        return f"[127.0.0.1]:{self.line.port} {kind} {key}\n"

    def remove(self) -> None:
        for relay in (self.line, self.registry_line):
            relay.close()
        if self.engine.answers():
            self.engine.remove_all()
        self.processes.stop_all()
        sweep_private(self.folder)
