"""The pipeline of the fault tests with hosts of their own behind qa, and the shared Engine behind live."""

from __future__ import annotations

import tempfile
import urllib.request
from pathlib import Path

from faults.machine import Machine
from faults.world import FaultCase
from pipeline import service


class MachineCase(FaultCase):
    """The machines are the class's: starting one takes seconds. A test finds them in order, and mends what it breaks."""

    names: tuple[str, ...] = ("alone",)
    machines: list[Machine]

    @classmethod
    def setUpClass(cls) -> None:
        folder = tempfile.mkdtemp(prefix="machines-", dir=service("TMP"))
        cls.machines = []
        for name in cls.names:
            cls.machines.append(cls.make_machine(Path(folder), name))
            cls.addClassCleanup(cls.machines[-1].remove)

    @classmethod
    def make_machine(cls, folder: Path, name: str) -> Machine:
        return Machine(folder, name)

    @property
    def machine(self) -> Machine:
        return self.machines[0]

    def setUp(self) -> None:
        super().setUp()
        known_hosts = self.folder / "known_hosts"
        known_hosts.write_text(Path(service("KNOWN_HOSTS")).read_text() + "".join(m.known_hosts_line() for m in self.machines))
        self.ssh_options["known_hosts"] = str(known_hosts)
        self.hosts["qa"] = self.machine.url
        for machine in self.machines:
            self.addCleanup(self.clear, machine)
        self.write()

    def clear(self, machine: Machine) -> None:
        machine.line.mend()
        machine.registry_line.mend()
        for container in machine.engine.get("/containers/json?all=1"):
            machine.engine.call("DELETE", f"/containers/{container['Id']}?force=1&v=1")

    def engines(self, environment: str) -> list[str]:
        return [m.engine.url for m in self.machines] if environment == "qa" else super().engines(environment)

    def environment(self, name: str, **more: object) -> dict:
        told = super().environment(name, **more)
        return {**told, "hosts": [m.url for m in self.machines]} if name == "qa" else told

    def versions_served(self) -> list[str]:
        url = f"http://127.0.0.1:{self.ports['qa']}/version"
        return [m.here(lambda: urllib.request.urlopen(url, timeout=5).read().decode().strip()) for m in self.machines]
