"""deploy.json as a value."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Union

from libdeploy import _core
from libdeploy._enums import OnUnknown, ProbeFrom, SshClient, StrategyType
from libdeploy._values import Host, Image, PortBinding


@dataclass(frozen=True)
class SecretFromEnv:
    """The secret is in an environment variable."""

    name: str


@dataclass(frozen=True)
class SecretFromFile:
    """The secret is in a file."""

    path: str


@dataclass(frozen=True)
class SecretFromCommand:
    """A program prints the secret."""

    argv: tuple[str, ...]


SecretSource = Union[SecretFromEnv, SecretFromFile, SecretFromCommand]


@dataclass(frozen=True)
class ContainerSpec:
    """What runs on a host."""

    name: str
    ports: tuple[PortBinding, ...] = ()
    env: Mapping[str, str | SecretSource] = field(default_factory=dict, hash=False)
    volumes: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    restart: str = "unless-stopped"
    stop_timeout: timedelta = timedelta(seconds=10)
    labels: Mapping[str, str] = field(default_factory=dict, hash=False)
    memory: int = 0
    """Bytes; 0 is unlimited."""
    cpus: float = 0
    command: tuple[str, ...] | None = None
    user: str | None = None
    read_only: bool = False


@dataclass(frozen=True)
class JsonExpectation:
    """A JSON pointer into the answer, and the JSON text that must stand there."""

    pointer: str
    equals: str


@dataclass(frozen=True)
class HttpCheck:
    """Healthy when status, body and JSON are as expected. Redirects are not followed."""

    path: str = "/"
    port: int = 80
    status: tuple[int, ...] = (200,)
    body: str | None = None
    """A part of the answer; a text between slashes is a regular expression (ECMAScript)."""
    json: tuple[JsonExpectation, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict, hash=False)
    tls: bool = False
    ca: str = ""


@dataclass(frozen=True)
class TcpCheck:
    """Healthy when a connection is accepted."""

    port: int


@dataclass(frozen=True)
class ExecCheck:
    """Healthy when the command exits 0 in the container."""

    command: tuple[str, ...]


@dataclass(frozen=True)
class EngineCheck:
    """Healthy when the image's HEALTHCHECK says so."""


@dataclass(frozen=True)
class HealthProbe:
    """How health is asked for. `from_` is `from` in deploy.json."""

    check: HttpCheck | TcpCheck | ExecCheck | EngineCheck = EngineCheck()
    from_: ProbeFrom = ProbeFrom.host
    interval: timedelta = timedelta(seconds=1)
    timeout: timedelta = timedelta(seconds=5)
    """Of one try."""
    start_period: timedelta = timedelta()
    """The deadline counts after it."""
    deadline: timedelta = timedelta(seconds=60)
    success_threshold: int = 2
    failure_threshold: int = 3


@dataclass(frozen=True)
class Strategy:
    type: StrategyType = StrategyType.recreate
    max_parallel: int = 1
    """Hosts worked on at the same time."""


@dataclass(frozen=True)
class RollbackPolicy:
    """What happens when a deployment fails."""

    automatic: bool = True
    """False: outcome `held` instead of going back."""
    on_unknown: OnUnknown = OnUnknown.hold
    bake: timedelta = timedelta(seconds=30)
    keep: int = 5
    """Verified earlier versions whose containers are retained."""


@dataclass(frozen=True)
class ApprovalPolicy:
    """Who must agree before a release goes here."""

    approvers: tuple[str, ...]
    required: int = 1
    allow_requester: bool = False
    expires: timedelta = timedelta(days=1)
    allowed_signers: str = ""
    revoked_keys: str = ""


@dataclass(frozen=True)
class FreezeWindow:
    """A weekly window in which nothing is promoted. Minutes since Monday 00:00; `from_` and `to` as written: "Fri 16:00"."""

    from_minute: int
    to_minute: int
    from_: str
    to: str
    timezone: str = "UTC"


@dataclass(frozen=True)
class Environment:
    """Hosts, container, probe, rollback, strategy and gates."""

    name: str
    after: str
    """Upstream environment; "" for a first one."""
    soak: timedelta
    max_age: timedelta
    stop_the_line: bool
    hosts: tuple[Host, ...]
    container: ContainerSpec
    probe: HealthProbe
    strategy: Strategy
    rollback: RollbackPolicy
    approval: ApprovalPolicy | None
    freeze: tuple[FreezeWindow, ...]
    allow_downgrade: bool


@dataclass(frozen=True)
class ImageConfig:
    repository: Image
    context: str
    dockerfile: str
    target: str
    build_args: Mapping[str, str] = field(hash=False)
    version: str
    tags: tuple[str, ...]
    floating_tags: tuple[str, ...]
    floating_after: str


@dataclass(frozen=True)
class RegistryConfig:
    username: SecretSource | None = None
    password: SecretSource | None = None
    insecure: bool = False


@dataclass(frozen=True)
class GitConfig:
    tag: str
    push: str
    after: str


@dataclass(frozen=True)
class SshConfig:
    client: SshClient = SshClient.libssh2
    identity: str = ""
    passphrase: SecretSource | None = None
    known_hosts: str = ""
    jump: Host | None = None
    agent: SecretSource | None = None
    config: str = ""


@dataclass(frozen=True)
class TlsConfig:
    ca: str = ""
    cert: str = ""
    key: str = ""


@dataclass(frozen=True)
class Config:
    """The whole configuration. Make it with `load`, `parse` or `from_dict`, which check everything; paths are absolute afterwards."""

    application: str
    state: str
    image: ImageConfig
    engine: Host
    registry: RegistryConfig
    git: GitConfig | None
    ssh: SshConfig
    tls: TlsConfig
    environments: tuple[Environment, ...]
    """An upstream stands before its downstream."""
    directory: str
    """Relative paths are relative to it."""
    file: str
    """"" when it came from text."""

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Config:
        """Reads and checks a file. Raises InvalidConfigError (details `file`, `line`, `column`, `pointer`; the message lists every fault) and IoError."""
        return _core.load_config(os.fspath(path))

    @classmethod
    def parse(cls, text: str, directory: str | os.PathLike[str] = ".") -> Config:
        """The same from text; relative paths are relative to `directory`."""
        return _core.parse_config(text, os.path.abspath(directory))

    @classmethod
    def from_dict(cls, values: Mapping[str, Any], directory: str | os.PathLike[str] = ".") -> Config:
        """The same from what `json.load` would give for a deploy.json."""
        return cls.parse(json.dumps(values), directory)

    def environment(self, name: str) -> Environment:
        """Raises NotFoundError that lists the known names and suggests the nearest."""
        return _core.config_environment(self, name)
