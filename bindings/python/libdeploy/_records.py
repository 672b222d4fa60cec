"""What the library answers with. Times are aware datetimes in UTC, durations are timedeltas, both in whole milliseconds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from libdeploy import _core
from libdeploy._enums import (
    AppendStatus,
    DoctorLevel,
    EventKind,
    LeaseCondition,
    Outcome,
    PlanKind,
    ProbeAnswer,
    StepKind,
    Verdict,
)
from libdeploy._values import Digest, Image, Version

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


class Record:
    """What has a JSON form: the same as `deployctl --json` prints."""

    def to_json(self) -> str:
        return _core.to_json(self)

    def to_dict(self) -> dict[str, Any]:
        """The JSON form, read."""
        read: dict[str, Any] = json.loads(self.to_json())
        return read


@dataclass(frozen=True)
class Release(Record):
    """One immutable artifact; registered once, never changed."""

    application: str
    version: Version
    build: int
    """0 when something else built it."""
    image: Image
    """name@digest: what is pulled."""
    digest: Digest
    commit: str
    """Source commit, "" when unknown; ends in "-dirty" for a dirty tree."""
    creator: str
    created: datetime
    rollback_never: bool = False
    """Marked `rollback: never` (a migrated schema ...): nothing goes back from it by itself."""


@dataclass(frozen=True)
class LiveVersion:
    version: str
    digest: str


@dataclass(frozen=True)
class ProbeTry:
    """What one try of a probe found. A prober of your own may leave `time` out: the library fills it."""

    time: datetime = EPOCH
    latency: timedelta = timedelta()
    answer: ProbeAnswer = ProbeAnswer.unknown
    detail: str = ""


@dataclass(frozen=True)
class ProbeReport(Record):
    """A verdict with its trace: the newest 50 tries, oldest first."""

    verdict: Verdict
    reason: str
    tries: tuple[ProbeTry, ...]
    waited: timedelta


@dataclass(frozen=True)
class HostEvidence:
    """What was found on one host when a deployment failed, taken before anything was removed."""

    host: str
    container: str
    status: str
    exit_code: int
    oom_killed: bool
    restart_count: int
    error: str
    logs: str
    """The last lines, bounded."""
    probe: ProbeReport


@dataclass(frozen=True)
class GateAnswer:
    """One gate's answer to a promotion."""

    gate: str
    allowed: bool
    reason: str
    """One sentence; says what would open it."""
    opens: datetime | None
    """When it opens by itself, where known."""
    signed_by: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Deployment(Record):
    """The record of one deployment, with its outcome and evidence."""

    id: str
    environment: str
    kind: str
    """"promotion" or "rollback"."""
    version: str
    digest: str
    outcome: Outcome
    live: LiveVersion | None
    """What is live now; None: the environment is empty."""
    gap: timedelta | None
    """Longest time a host had nobody serving; None when nothing was switched."""
    duration: timedelta
    reasons: tuple[str, ...]
    """Why it did not succeed; one sentence each."""
    warnings: tuple[str, ...]
    unfinished: tuple[str, ...]
    gates: tuple[GateAnswer, ...]
    evidence: tuple[HostEvidence, ...]
    stop_ms: Mapping[str, int] = field(hash=False)
    """Host -> how many milliseconds its old container took to stop."""
    actor: str
    started: datetime
    finished: datetime

    @property
    def succeeded(self) -> bool:
        return self.outcome is Outcome.succeeded

    def __str__(self) -> str:
        live = self.live.version if self.live else "nothing"
        why = "".join(f"; {reason}" for reason in self.reasons)
        return f"{self.kind} of {self.version} to {self.environment}: {self.outcome}, {live} is live{why}"


@dataclass(frozen=True)
class VerifiedVersion:
    version: str
    digest: str
    verified: datetime
    quarantined: bool


@dataclass(frozen=True)
class PendingApproval:
    """A release that waits for approval, with who has decided so far."""

    version: str
    digest: str
    granted_by: tuple[str, ...]
    denied_by: tuple[str, ...]
    required: int
    signatures_required: bool
    signed_by: Mapping[str, str] = field(hash=False)
    not_counted: tuple[str, ...]
    """Recorded decisions that count for nothing, and why; a sentence each."""


@dataclass(frozen=True)
class QuarantinedDigest:
    version: str
    digest: str
    reason: str
    by: str
    since: datetime


@dataclass(frozen=True)
class Interrupted:
    """A deployment that `resume` will finish or undo."""

    deployment: str
    version: str
    last_step: str
    started: datetime


@dataclass(frozen=True)
class LeaseHolder:
    actor: str
    machine: str
    process: int
    process_start: str


@dataclass(frozen=True)
class Lease:
    name: str
    holder: LeaseHolder
    token: int
    since: datetime
    expires: datetime


@dataclass(frozen=True)
class LeaseClaim:
    """The right under which entries are appended."""

    name: str
    token: int


@dataclass(frozen=True)
class EnvironmentStatus(Record):
    """What the ledger says of an environment."""

    environment: str
    live: LiveVersion | None
    live_since: datetime | None
    live_deployment: str
    verified: tuple[VerifiedVersion, ...]
    """Newest first; what can be gone back to."""
    rollback_target: str
    pending: tuple[PendingApproval, ...]
    frozen: bool
    frozen_by: str
    frozen_reason: str
    interrupted: Interrupted | None
    lease: Lease | None
    lease_condition: LeaseCondition
    last_outcome: Outcome | None
    stranded: bool
    """The last deployment left it for a person."""
    stopped_by: str
    stopped_reason: str
    closed_until: datetime | None
    """Inside a freeze window."""
    rollback_barrier: str
    candidate: str
    """The newest release that could come here next; "" when there is none."""
    candidate_digest: str
    waiting_for: tuple[GateAnswer, ...]
    """The gates that deny it now."""
    quarantined: tuple[QuarantinedDigest, ...]


@dataclass(frozen=True)
class Drift:
    """One difference between host and ledger."""

    host: str
    what: str
    expected: str
    found: str


@dataclass(frozen=True)
class DriftReport(Record):
    environment: str
    drift: tuple[Drift, ...]
    """Empty: as recorded."""


@dataclass(frozen=True)
class DoctorCheck(Record):
    name: str
    subject: str
    level: DoctorLevel
    message: str
    advice: str
    """What to do, "" when ok."""


@dataclass(frozen=True)
class Step:
    index: int
    kind: StepKind
    host: str
    batch: int
    description: str
    undo: str


@dataclass(frozen=True)
class Plan:
    """The ordered steps of a promotion, as data."""

    kind: PlanKind
    environment: str
    release: Release
    live_version: str
    live_digest: str
    policy_hash: str
    container_hash: str
    quarantine_live: bool
    steps: tuple[Step, ...]
    """Empty: nothing to do."""
    hash: str


@dataclass(frozen=True)
class PlanReport(Record):
    """A plan together with the gates' answers."""

    plan: Plan
    gates: tuple[GateAnswer, ...]

    @property
    def blocked(self) -> bool:
        return not all(answer.allowed for answer in self.gates)

    @property
    def nothing_to_do(self) -> bool:
        return not self.plan.steps


@dataclass(frozen=True)
class Decision(Record):
    """An approval or a denial, bound to digest, environment and policy; any change of them voids it."""

    granted: bool
    application: str
    environment: str
    version: str
    digest: str
    replaces: LiveVersion | None
    """What was live there when it was decided; None: nothing."""
    policy_hash: str
    creator: str
    approver: str
    issued: datetime
    expires: datetime | None
    """None: a denial holds until its author withdraws it."""
    nonce: str
    comment: str
    text: str
    """All of the above in the form that is signed."""
    signature: str
    key: str
    key_type: str


@dataclass(frozen=True)
class Event(Record):
    """What happens, as it happens. Fields that do not apply are ""."""

    kind: EventKind
    time: datetime
    environment: str
    deployment: str
    host: str
    step: str
    message: str
    """One line for people."""
    details: Mapping[str, str] = field(hash=False)
    """For machines; `current`, `total` (bytes) on step_progress."""


@dataclass(frozen=True)
class LedgerHead:
    """The newest entry of a ledger; `str()` gives "SEQ:HASH"."""

    seq: int = 0
    hash: str = "0" * 64

    @classmethod
    def parse(cls, text: str) -> LedgerHead:
        return _core.parse_ledger_head(text)

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"


@dataclass(frozen=True)
class LedgerEntry:
    """One line of the ledger."""

    seq: int
    time: str
    """RFC 3339 UTC, milliseconds: the very text that is hashed."""
    kind: str
    actor: str
    environment: str
    deployment: str
    token: int
    data: str
    """Canonical JSON object."""
    prev: str
    hash: str


@dataclass(frozen=True)
class AppendResult:
    status: AppendStatus
    head: LedgerHead


@dataclass(frozen=True)
class Checkpoint:
    """An opaque text that folds the entries up to `head`."""

    head: LedgerHead
    state: str
