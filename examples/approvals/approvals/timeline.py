"""Deployments as a picture: a lane for each environment, a column for each deployment, in order of time."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

import libdeploy

LEFT, COLUMN, LANE, TOP = 110, 92, 84, 16
SHOWN = 12

# Told apart by shape as well as by colour.
MARKS = {
    "succeeded": '<circle r="9"/>',
    "rolled_back": '<path d="M0 -11 L11 8 L-11 8 Z"/>',
    "held": '<path d="M0 -11 L11 0 L0 11 L-11 0 Z"/>',
    "stranded": '<path d="M0 -11 L11 0 L0 11 L-11 0 Z"/>',
    "cancelled": '<rect x="-8" y="-8" width="16" height="16"/>',
}


def draw(environments: Sequence[str], history: Sequence[libdeploy.Deployment]) -> str:
    """`history` is newest first. Blocked ones changed nothing, and are not drawn."""
    shown = [done for done in reversed(history) if done.outcome != "blocked"][-SHOWN:]
    width, height = LEFT + COLUMN * max(1, len(shown)) + 20, TOP + LANE * len(environments) + 28
    parts = [f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-labelledby="timeline-title timeline-text">',
             '<title id="timeline-title">Deployments in order of time</title>', f'<desc id="timeline-text">{escape(_in_words(shown))}</desc>']
    for row, environment in enumerate(environments):
        y = TOP + LANE * row + LANE // 2
        parts.append(f'<text class="lane" x="0" y="{y + 4}">{escape(environment)}</text><line class="lane" x1="{LEFT}" y1="{y}" x2="{width - 10}" y2="{y}"/>')
    for column, done in enumerate(shown):
        if done.environment in environments:
            parts.append(_mark(done, LEFT + COLUMN * column + COLUMN // 2, TOP + LANE * environments.index(done.environment) + LANE // 2))
    for column, done in enumerate(shown):
        parts.append(f'<text class="time" x="{LEFT + COLUMN * column + COLUMN // 2}" y="{height - 6}">{done.started:%d.%m. %H:%M}</text>')
    return "".join(parts) + "</svg>"


def _mark(done: libdeploy.Deployment, x: int, y: int) -> str:
    kind = "back" if done.kind == "rollback" and done.succeeded else done.outcome
    gap = ""
    if done.gap is not None:
        seconds = done.gap.total_seconds()
        gap = f'<text class="gap" x="{x}" y="{y + 28}">gap {seconds:.1f} s</text>'
    return (f'<a href="/deployments/{escape(done.id)}"><title>{escape(str(done))}</title><g class="mark {kind}" transform="translate({x} {y})">{MARKS[done.outcome]}</g>'
            f'<text class="version" x="{x}" y="{y - 16}">{escape(("↩ " if done.kind == "rollback" else "") + done.version)}</text>{gap}</a>')


def _in_words(shown: Sequence[libdeploy.Deployment]) -> str:
    return "; ".join(f"{done.environment}: {done.kind} of {done.version} {done.outcome.replace('_', ' ')}" for done in shown) or "no deployment yet"
