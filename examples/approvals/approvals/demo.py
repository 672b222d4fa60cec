"""A pipeline in the simulator, with a story that has begun: nothing outside this process is touched."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import libdeploy
from libdeploy.simulation import World

from approvals.pipeline import Pipeline

CONFIG = {
    "application": "shop",
    "image": {"repository": "registry.example.com/acme/shop"},
    "git": {"push": "origin"},
    "environments": [
        {"name": "staging", "hosts": ["ssh://deploy@staging.example"], "container": {"name": "shop-staging", "ports": ["8081:80"]},
         "probe": {"http": {"path": "/health", "port": 8081}}, "rollback": {"bake": "10s"}},
        {"name": "production", "after": "staging", "hosts": ["ssh://deploy@one.example", "ssh://deploy@two.example"],
         "container": {"name": "shop", "ports": ["8080:80"]}, "probe": {"http": {"path": "/health", "port": 8080}}, "rollback": {"bake": "10s"},
         "approval": {"approvers": ["alice", "bob"], "required": 1}},
    ],
}
PACE = 0.1  # seconds of real time for each event, so that there is something to see


def demo_pipeline(required: int = 1, pace: float = PACE) -> Pipeline:
    config = libdeploy.Config.from_dict({**CONFIG, "environments": [CONFIG["environments"][0], _with_quorum(CONFIG["environments"][1], required)]})  # type: ignore[index]
    world = World(config)
    _begin(world, required)

    def open_deployer(actor: str, listener: Callable[[libdeploy.Event], None]) -> libdeploy.Deployer:
        def paced(event: libdeploy.Event) -> None:
            listener(event)
            if event.kind == "step_started":
                time.sleep(pace)

        return world.open(actor=actor, on_event=paced)

    return Pipeline(config, open_deployer)


def _with_quorum(environment: dict[str, object], required: int) -> dict[str, object]:
    return {**environment, "approval": {"approvers": ["alice", "bob"], "required": required}}


def _begin(world: World, required: int) -> None:
    with world.open(actor="ci") as ci:
        first = ci.build()
        ci.promote(first, to="staging")
        for approver in ("alice", "bob")[:required]:
            with world.open(actor=approver) as person:
                person.approve(first, to="production", comment="the first one")
        ci.promote(first, to="production")
        world.advance(timedelta(hours=20))
        world.prepare_build("unhealthy")
        ci.promote(ci.build(), to="staging")
        world.advance(timedelta(hours=2))
        ci.promote(ci.build(), to="staging")
        world.advance(timedelta(minutes=40))
