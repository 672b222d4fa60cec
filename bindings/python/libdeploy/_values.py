"""Values that are made from their text, checked as they are made, and never change."""

from __future__ import annotations

from functools import total_ordering
from typing import Any, TypeVar

from libdeploy import _core
from libdeploy._enums import HostKind, Protocol, TagKind

V = TypeVar("V", bound="Value")


class Value:
    """A checked text. Equal texts are equal values; `str()` gives the text back; copies and pickles are made from it."""

    __slots__ = ("_text", "__weakref__")
    _text: str

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a {type(self).__name__} does not change; make another one")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a {type(self).__name__} does not change; make another one")

    def _set(self, **parts: object) -> None:
        for name, part in parts.items():
            object.__setattr__(self, name, part)

    @classmethod
    def parse(cls: type[V], text: str) -> V:
        """The value of a text. Raises InvalidArgumentError that says what is wrong with it."""
        return cls(text)  # type: ignore[call-arg]

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._text!r})"

    def __eq__(self, other: object) -> bool:
        return self._text == other._text if isinstance(other, Value) and type(other) is type(self) else NotImplemented

    def __hash__(self) -> int:
        return hash((type(self), self._text))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._text,)


@total_ordering
class Digest(Value):
    """A content digest: `sha256:` and 64 lower-case hex digits. What moves between environments."""

    __slots__ = ()

    def __init__(self, text: str) -> None:
        self._set(_text=_core.parse_digest(text))

    @property
    def hex(self) -> str:
        """The 64 hex digits."""
        return self._text[7:]

    @property
    def short(self) -> str:
        """The first 12 hex digits, for people."""
        return self._text[7:19]

    def __lt__(self, other: object) -> bool:
        return self._text < other._text if isinstance(other, Digest) else NotImplemented


class Version(Value):
    """A SemVer 2.0.0 version, ordered by precedence (section 11).

    Build metadata is kept but does not count in the order: 1.0.0+a and 1.0.0+b are neither less nor greater, though not equal.
    """

    __slots__ = ("major", "minor", "patch", "prerelease", "build_metadata", "tag")
    major: int
    minor: int
    patch: int
    prerelease: tuple[str, ...]
    build_metadata: str
    tag: str
    """As an image tag or part of a container's name: `+` becomes `_`."""

    def __init__(self, text: str) -> None:
        text, major, minor, patch, prerelease, metadata, tag = _core.parse_version(text)
        self._set(_text=text, major=major, minor=minor, patch=patch, prerelease=prerelease, build_metadata=metadata, tag=tag)

    def _compared(self, other: Version) -> int:
        return _core.compare_versions(self._text, other._text)

    def __lt__(self, other: object) -> bool:
        return self._compared(other) < 0 if isinstance(other, Version) else NotImplemented

    def __le__(self, other: object) -> bool:
        return self._compared(other) <= 0 if isinstance(other, Version) else NotImplemented

    def __gt__(self, other: object) -> bool:
        return self._compared(other) > 0 if isinstance(other, Version) else NotImplemented

    def __ge__(self, other: object) -> bool:
        return self._compared(other) >= 0 if isinstance(other, Version) else NotImplemented


class Image(Value):
    """An image reference, `registry/repository[:tag][@digest]`, normalised: `flask` is `docker.io/library/flask`. No tag is invented."""

    __slots__ = ("registry", "repository", "tag", "digest", "familiar")
    registry: str
    repository: str
    tag: str | None
    digest: Digest | None
    familiar: str
    """As people write it: `flask:3` for docker.io/library/flask:3."""

    def __init__(self, text: str) -> None:
        text, registry, repository, tag, digest, familiar = _core.parse_image(text)
        self._set(_text=text, registry=registry, repository=repository, tag=tag, digest=digest, familiar=familiar)

    @property
    def name(self) -> str:
        """Without tag and digest."""
        return f"{self.registry}/{self.repository}"

    def with_tag(self, tag: str) -> Image:
        """Another one with this tag, and no digest. Raises InvalidArgumentError for a bad tag."""
        return Image(_core.image_with_tag(self._text, tag))

    def with_digest(self, digest: Digest) -> Image:
        """Another one with this digest, and no tag."""
        return Image(f"{self.name}@{digest}")


class Tag(Value):
    """A tag with its kind: `1.0.42` is a version, `build-42` a build, everything else is floating.

    Version tags are ordered by precedence, build tags by number; all else cannot be compared (TypeError).
    """

    __slots__ = ("kind", "build", "version")
    kind: TagKind
    build: int
    version: Version | None

    def __init__(self, text: str) -> None:
        text, kind, build, version = _core.parse_tag(text)
        self._set(_text=text, kind=kind, build=build, version=version)

    def _compared(self, other: Tag) -> int:
        order = _core.compare_tags(self._text, other._text)
        if order is None:
            raise TypeError(f"{self._text} and {other._text} have no order: they are {self.kind} and {other.kind} tags")
        return order

    def __lt__(self, other: object) -> bool:
        return self._compared(other) < 0 if isinstance(other, Tag) else NotImplemented

    def __le__(self, other: object) -> bool:
        return self._compared(other) <= 0 if isinstance(other, Tag) else NotImplemented

    def __gt__(self, other: object) -> bool:
        return self._compared(other) > 0 if isinstance(other, Tag) else NotImplemented

    def __ge__(self, other: object) -> bool:
        return self._compared(other) >= 0 if isinstance(other, Tag) else NotImplemented


@total_ordering
class Host(Value):
    """Where an Engine listens, as in DOCKER_HOST: `unix:///path`, `ssh://[user@]host[:port]`, `tcp://host:port`. Passwords are refused."""

    __slots__ = ("kind", "path", "user", "name", "port")
    kind: HostKind
    path: str
    user: str
    name: str
    port: int

    def __init__(self, url: str) -> None:
        url, kind, path, user, name, port = _core.parse_host(url)
        self._set(_text=url, kind=kind, path=path, user=user, name=name, port=port)

    @property
    def url(self) -> str:
        """Normalised; names the host everywhere."""
        return self._text

    def __lt__(self, other: object) -> bool:
        return self._text < other._text if isinstance(other, Host) else NotImplemented


class PortBinding(Value):
    """`[address:]host[-last]:container[-last][/protocol]`, e.g. `8080:80`, `127.0.0.1:8080:80/tcp`."""

    __slots__ = ("address", "host_first", "host_last", "container_first", "container_last", "protocol")
    address: str
    host_first: int
    host_last: int
    container_first: int
    container_last: int
    protocol: Protocol

    def __init__(self, text: str) -> None:
        text, address, host_first, host_last, container_first, container_last, protocol = _core.parse_port_binding(text)
        self._set(_text=text, address=address, host_first=host_first, host_last=host_last, container_first=container_first, container_last=container_last,
                  protocol=protocol)

    def overlaps(self, other: PortBinding) -> bool:
        """True when both would bind the same port of the same address on one host."""
        return _core.port_bindings_overlap(self._text, other._text)
