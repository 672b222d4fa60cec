"""Words of the library. Each is a `str` as well: `Outcome.succeeded == "succeeded"`."""

from __future__ import annotations

from enum import Enum


class Word(str, Enum):
    """A word out of a list; prints as itself."""

    def __str__(self) -> str:
        return str(self.value)


class ErrorCode(Word):
    """Why a call could not be carried out. Each code has a subclass of `Error`."""

    invalid_argument = "invalid_argument"
    invalid_config = "invalid_config"
    not_found = "not_found"
    already_exists = "already_exists"
    conflict = "conflict"
    unauthorized = "unauthorized"
    unreachable = "unreachable"
    connection_lost = "connection_lost"
    timeout = "timeout"
    refused = "refused"
    protocol = "protocol"
    host_key_unknown = "host_key_unknown"
    host_key_changed = "host_key_changed"
    tag_moved = "tag_moved"
    lease_held = "lease_held"
    fenced = "fenced"
    corrupt = "corrupt"
    cancelled = "cancelled"
    io = "io"
    unsupported = "unsupported"
    no_rollback_target = "no_rollback_target"
    internal = "internal"


class Outcome(Word):
    """How a deployment ended."""

    succeeded = "succeeded"
    rolled_back = "rolled_back"
    """Failed; the last verified version is back and was probed healthy (or the environment is empty again, as it was)."""
    held = "held"
    """Failed; the policy says not to go back."""
    stranded = "stranded"
    """Failed, and the way back failed or could not be verified: a person is needed."""
    blocked = "blocked"
    """A gate said no; nothing was changed."""
    cancelled = "cancelled"
    """Stopped on request; as before."""


class EventKind(Word):
    """What an event tells."""

    warning = "warning"
    build_started = "build_started"
    build_output = "build_output"
    build_finished = "build_finished"
    image_pushed = "image_pushed"
    release_registered = "release_registered"
    gate_answered = "gate_answered"
    deployment_started = "deployment_started"
    step_started = "step_started"
    step_progress = "step_progress"
    step_finished = "step_finished"
    step_failed = "step_failed"
    step_undone = "step_undone"
    probe_tried = "probe_tried"
    baking = "baking"
    verified = "verified"
    quarantined = "quarantined"
    approval_recorded = "approval_recorded"
    deployment_finished = "deployment_finished"


class StepKind(Word):
    """Acts on one host, in the order in which the strategy `recreate` takes them."""

    preflight = "preflight"
    pull = "pull"
    create = "create"
    retain = "retain"
    adopt_name = "adopt_name"
    stop = "stop"
    start = "start"
    probe = "probe"


class PlanKind(Word):
    """What a plan is for."""

    promotion = "promotion"
    rollback = "rollback"


class ProbeAnswer(Word):
    """What one try of a probe found."""

    success = "success"
    failure = "failure"
    unknown = "unknown"
    """Nobody could be asked: says nothing about the service."""


class Verdict(Word):
    """What a probe has come to."""

    healthy = "healthy"
    unhealthy = "unhealthy"
    unknown = "unknown"


class LeaseCondition(Word):
    """What has become of a lease."""

    held = "held"
    expired = "expired"
    gone = "gone"


class DoctorLevel(Word):
    """How bad what was found is."""

    ok = "ok"
    warning = "warning"
    failure = "failure"


class Protocol(Word):
    """Of a published port."""

    tcp = "tcp"
    udp = "udp"
    sctp = "sctp"


class HostKind(Word):
    """How an Engine is reached."""

    unix_socket = "unix"
    ssh = "ssh"
    tcp = "tcp"


class TagKind(Word):
    """What a tag is for: versions and builds never move, floating ones move after a release is verified."""

    version = "version"
    build = "build"
    floating = "floating"


class SshClient(Word):
    """What speaks SSH."""

    libssh2 = "libssh2"
    openssh = "openssh"


class StrategyType(Word):
    """How the new version takes over; only `recreate` can be planned yet."""

    recreate = "recreate"
    blue_green = "blue_green"
    canary = "canary"


class OnUnknown(Word):
    """What an unknown verdict leads to."""

    hold = "hold"
    rollback = "rollback"


class ProbeFrom(Word):
    """From where a probe asks."""

    host = "host"
    controller = "controller"


class AppendStatus(Word):
    """A ledger store's answer to `append`."""

    done = "done"
    conflict = "conflict"
    """The head is another by now."""
    fenced = "fenced"
    """The lease was taken over or released."""
