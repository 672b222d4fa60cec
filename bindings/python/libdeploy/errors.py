"""What could not be carried out. What ended otherwise than hoped is a value: a `Deployment` with its outcome."""

from __future__ import annotations

import builtins
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from libdeploy._enums import ErrorCode

if TYPE_CHECKING:
    from libdeploy._records import Deployment


class Error(Exception):
    """Base of every error of the library.

    code: the same word as in C, the CLI and the docs.
    area: which part spoke: "config", "engine", "registry", "ssh", "probe", "ledger", "promotion" ...
    details: for machines: `host`, `step`, `status` (HTTP), `exit_code`, `stderr` ... No secret ever stands in it.
    deployment: the record of the deployment that an exception of your own port ended (see ports), else None.
    """

    code: ErrorCode = ErrorCode.internal
    deployment: Deployment | None = None

    def __init__(self, message: str, *, code: ErrorCode | None = None, area: str = "python", details: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = ErrorCode(code)
        self.area = area
        self.details = dict(details or {})

    @property
    def environment(self) -> str | None:
        """The environment it happened in, where that is known."""
        return self.details.get("environment")

    @property
    def host(self) -> str | None:
        """The host it happened on, where that is known."""
        return self.details.get("host")

    @property
    def outcome_unknown(self) -> bool:
        """True when the act may or may not have taken effect (connection_lost, timeout)."""
        return self.code in (ErrorCode.connection_lost, ErrorCode.timeout)

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), self.message, self.code, self.area, self.details)


def _restore(kind: type[Error], message: str, code: ErrorCode, area: str, details: Mapping[str, str]) -> Error:
    return kind(message, code=code, area=area, details=details)


class InvalidArgumentError(Error, ValueError):
    """An argument is malformed: a reference, a version, a selector ..."""

    code = ErrorCode.invalid_argument


class InvalidConfigError(Error, ValueError):
    """The configuration is wrong; details: `file`, `line`, `column`, `pointer`. The message lists every fault, one per line."""

    code = ErrorCode.invalid_config


class NotFoundError(Error, LookupError):
    """The named thing does not exist."""

    code = ErrorCode.not_found


class AlreadyExistsError(Error):
    """The name is taken."""

    code = ErrorCode.already_exists


class ConflictError(Error):
    """Somebody else changed it at the same time; nothing was written."""

    code = ErrorCode.conflict


class UnauthorizedError(Error, PermissionError):
    """Credentials are missing, wrong or do not suffice; or who decides may not decide."""

    code = ErrorCode.unauthorized


class UnreachableError(Error, ConnectionError):
    """No connection was made: the peer has seen nothing."""

    code = ErrorCode.unreachable


class ConnectionLostError(Error, ConnectionError):
    """The link dropped in the middle: whether it took effect is *unknown*."""

    code = ErrorCode.connection_lost


class TimeoutError(Error, builtins.TimeoutError):
    """No answer within the deadline: whether it took effect is *unknown*."""

    code = ErrorCode.timeout


class RefusedError(Error):
    """The peer understood and said no."""

    code = ErrorCode.refused


class ProtocolError(Error):
    """The peer's answer makes no sense."""

    code = ErrorCode.protocol


class HostKeyUnknownError(Error):
    """SSH: no entry for this host in known_hosts."""

    code = ErrorCode.host_key_unknown


class HostKeyChangedError(Error):
    """SSH: the key differs from known_hosts, or is revoked there."""

    code = ErrorCode.host_key_changed


class TagMovedError(Error):
    """A version tag already names another digest (or git commit)."""

    code = ErrorCode.tag_moved


class LeaseHeldError(Error):
    """Another run holds the environment."""

    code = ErrorCode.lease_held


class FencedError(Error):
    """Our lease was taken over; this process must not act any more."""

    code = ErrorCode.fenced


class CorruptError(Error):
    """The ledger's chain is broken, or a stored value makes no sense."""

    code = ErrorCode.corrupt


class CancelledError(Error):
    """Stopped on request."""

    code = ErrorCode.cancelled


class IoError(Error, OSError):
    """The local file system or operating system said no."""

    code = ErrorCode.io


class UnsupportedError(Error, NotImplementedError):
    """Understood, but this build or this peer cannot do it."""

    code = ErrorCode.unsupported


class NoRollbackTargetError(Error):
    """Nothing verified, unquarantined and obtainable to go back to."""

    code = ErrorCode.no_rollback_target


class InternalError(Error):
    """A bug in libdeploy, or in a port that raised something else than a libdeploy.Error."""

    code = ErrorCode.internal


_BY_CODE: dict[ErrorCode, type[Error]] = {kind.code: kind for kind in Error.__subclasses__()}


def make_error(code: ErrorCode, area: str, message: str, details: Mapping[str, str]) -> Error:
    """The error of the subclass that its code names."""
    return _BY_CODE.get(code, Error)(message, code=code, area=area, details=details)


def note_ending(raised: BaseException, ended: object) -> None:
    """Tells who catches a port's own exception how the deployment ended: `exception.deployment`, and a note where Python has notes."""
    deployment = ended[-1] if isinstance(ended, tuple) else ended
    try:
        raised.deployment = deployment  # type: ignore[attr-defined]
    except AttributeError:  # an exception with __slots__
        pass
    if hasattr(raised, "add_note"):
        raised.add_note(f"the deployment ended meanwhile: {deployment}")
