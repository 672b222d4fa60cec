"""What the page shows, gathered from the ledger."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

import libdeploy


@dataclass(frozen=True)
class Evidence:
    """Why a release counts as verified in the environment before."""

    environment: str
    deployment: str
    verified: datetime
    probes: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    what: str
    live: str
    new: str

    @property
    def differs(self) -> bool:
        return self.live != self.new


@dataclass(frozen=True)
class Waiting:
    """A release that waits before an environment."""

    environment: libdeploy.Environment
    release: libdeploy.Release
    pending: libdeploy.PendingApproval | None
    changes: tuple[Change, ...]
    gates: tuple[libdeploy.GateAnswer, ...]
    evidence: Evidence | None
    seen: dict[str, str]
    """What the person who decides has seen: the decision is refused when any of it changed since."""
    may_decide: bool
    why_not: str
    may_promote: bool

    @property
    def ready(self) -> bool:
        return all(gate.allowed for gate in self.gates)


@dataclass(frozen=True)
class Board:
    environments: tuple[libdeploy.EnvironmentStatus, ...]
    waiting: tuple[Waiting, ...]
    history: tuple[libdeploy.Deployment, ...]


def seen(draft: libdeploy.Decision) -> dict[str, str]:
    return {"digest": draft.digest, "replaces": draft.replaces.digest if draft.replaces else "", "policy": draft.policy_hash}


def gather(visitor: libdeploy.Deployer, person: libdeploy.Deployer) -> Board:
    """Who asks for a promotion does not approve it: the gates answer a visitor who has decided nothing, and the person who looks separately."""
    statuses = tuple(visitor.status(environment.name) for environment in visitor.config.environments)
    waiting = [found for status in statuses for found in _waiting_before(visitor, person, status)]
    return Board(statuses, tuple(waiting), visitor.history())


def _waiting_before(visitor: libdeploy.Deployer, person: libdeploy.Deployer, status: libdeploy.EnvironmentStatus) -> list[Waiting]:
    pending = {one.digest: one for one in status.pending}
    digests = list(pending)
    if status.candidate_digest and status.candidate_digest not in pending:
        digests.append(status.candidate_digest)
    return [_waiting(visitor, person, status, digest, pending.get(digest)) for digest in digests]


def _waiting(deployer: libdeploy.Deployer, person: libdeploy.Deployer, status: libdeploy.EnvironmentStatus, digest: str,
             pending: libdeploy.PendingApproval | None) -> Waiting:
    release = deployer.find_release(digest)
    environment = deployer.config.environment(status.environment)
    what_is_seen, why_not = {"digest": digest, "replaces": status.live.digest if status.live else "", "policy": ""}, ""
    try:
        what_is_seen = seen(person.draft_decision(release, to=status.environment))
    except libdeploy.Error as error:  # the library says who may decide: the page repeats it
        why_not = str(error)
    may_promote = all(gate.allowed for gate in person.gates(release, to=status.environment))
    return Waiting(environment, release, pending, _changes(deployer, status, release), deployer.gates(release, to=status.environment),
                   _evidence(deployer, environment.after, digest), what_is_seen, pending is not None and not why_not, why_not, may_promote)


def _changes(deployer: libdeploy.Deployer, status: libdeploy.EnvironmentStatus, new: libdeploy.Release) -> tuple[Change, ...]:
    live = deployer.find_release(status.live.digest) if status.live else None

    def pair(what: str, of_live: str, of_new: str) -> Change:
        return Change(what, of_live if live else "nothing", of_new)

    return (pair("Version", str(live.version) if live else "", str(new.version)), pair("Digest", live.digest.short if live else "", new.digest.short),
            pair("Commit", live.commit[:12] if live else "", new.commit[:12] or "unknown"), pair("Made by", live.creator if live else "", new.creator),
            pair("Made", f"{live.created:%Y-%m-%d %H:%M}" if live else "", f"{new.created:%Y-%m-%d %H:%M}"))


def _evidence(deployer: libdeploy.Deployer, upstream: str, digest: str) -> Evidence | None:
    if not upstream:
        return None
    for done in deployer.history(upstream):
        if done.digest == digest and done.succeeded:
            return Evidence(upstream, done.id, done.finished, tuple(_probes(deployer, done.id)))
    return None


def _probes(deployer: libdeploy.Deployer, deployment: str) -> list[str]:
    """The ledger has each step's host in its intent, and the probe's verdict in its outcome."""
    hosts: dict[int, str] = {}
    found = []
    for entry in deployer.ledger_entries():
        if entry.deployment != deployment:
            continue
        data = json.loads(entry.data)
        if entry.kind == "step_intended":
            hosts[data["step"]] = data["host"]
        elif entry.kind == "step_done" and "verdict" in data["result"]:
            found.append(f"{hosts.get(data['step'], '?')}: {data['result']['verdict']} after {data['result']['waited_ms']} ms")
    return found
