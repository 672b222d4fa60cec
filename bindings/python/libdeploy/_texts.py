"""Small questions that need no deployer."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta

from libdeploy import _core
from libdeploy._config import HealthProbe, SecretSource
from libdeploy._records import LedgerHead, ProbeReport, ProbeTry


def run_probe(probe: HealthProbe, address: str, *, on_try: Callable[[ProbeTry], None] | None = None) -> ProbeReport:
    """Runs one probe by itself: asks `address` (a name or IP address; the port is the probe's) from here until there is a verdict.

    Raises UnsupportedError for checks that only an Engine can answer, InvalidArgumentError for what is no address. Ctrl-C ends it."""
    return _core.run_probe(probe, address, on_try)


def verify_exported_ledger(path: str | os.PathLike[str], expected: LedgerHead | None = None) -> LedgerHead:
    """Checks a ledger that was exported to a file; returns its head. Raises CorruptError that names the first bad line, IoError."""
    return _core.verify_exported_ledger(os.fspath(path), expected)


def config_template(application: str) -> str:
    """A commented deploy.json that validates."""
    return _core.config_template(application)


def config_schema() -> str:
    """The JSON Schema of deploy.json."""
    return _core.config_schema()


def parse_duration(text: str) -> timedelta:
    """ "500ms", "30s", "5m", "24h", "7d"; also "1m30s". Raises InvalidArgumentError."""
    return _core.parse_duration(text)


def format_duration(duration: timedelta) -> str:
    """The shortest exact form that parse_duration() reads back."""
    return _core.format_duration(duration)


def parse_memory(text: str) -> int:
    """ "256m", "1g", "512k", plain bytes: in bytes. Raises InvalidArgumentError."""
    return _core.parse_memory(text)


def parse_week_minute(text: str) -> int:
    """Minutes since Monday 00:00 of a text such as "Fri 16:00". Raises InvalidArgumentError."""
    return _core.parse_week_minute(text)


def is_valid_tag(text: str) -> bool:
    """True for what can be an image tag."""
    return _core.is_valid_tag(text)


def is_valid_name(text: str) -> bool:
    """True for what can name an application or environment."""
    return _core.is_valid_name(text)


def is_valid_container_name(text: str) -> bool:
    """True for what can name a container, with room for the suffix of a retained version."""
    return _core.is_valid_container_name(text)


def expand_template(text: str, *, version: str = "", build: str = "", commit: str = "", environment: str = "") -> str:
    """Fills a template such as `1.0.{build}`. Raises InvalidArgumentError on an unknown field and on one that is empty here."""
    return _core.expand_template(text, version, build, commit, environment)


def template_fields(text: str) -> tuple[str, ...]:
    """The names of the fields that a template uses, in order."""
    return _core.template_fields(text)


def describe_secret(source: SecretSource) -> str:
    """Says where a secret comes from, never what it is: "env NAME"."""
    return _core.describe_secret(source)
