"""Configurations that the tests play on, and where the sources are."""

from __future__ import annotations

import copy
import os
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import libdeploy
from libdeploy.simulation import World

SOURCE = Path(os.environ["LIBDEPLOY_TEST_SOURCE"])
BINDINGS = SOURCE / "bindings" / "python"

PIPELINE: dict[str, Any] = {
    "application": "shop",
    "image": {"repository": "registry.example.com/acme/shop"},
    "environments": [
        {"name": "staging", "hosts": ["ssh://deploy@staging.example"], "container": {"name": "shop-staging", "ports": ["8081:80"]},
         "probe": {"http": {"path": "/health", "port": 8081}}, "rollback": {"bake": "1s"}},
        {"name": "production", "after": "staging", "hosts": ["ssh://deploy@one.example", "ssh://deploy@two.example"],
         "container": {"name": "shop", "ports": ["8080:80"], "env": {"MODE": "live", "KEY": {"env": "SHOP_KEY"}}},
         "probe": {"http": {"path": "/health", "port": 8080}}, "rollback": {"bake": "1s"}, "approval": {"approvers": ["alice", "bob"]},
         "freeze": [{"from": "Fri 16:00", "to": "Mon 08:00", "timezone": "Europe/Berlin"}]},
    ],
}


def pipeline(**changes: Any) -> libdeploy.Config:
    """The usual configuration; `staging={...}` changes that environment."""
    values = copy.deepcopy(PIPELINE)
    for environment in values["environments"]:
        environment.update(changes.pop(environment["name"], {}))
    values.update(changes)
    return libdeploy.Config.from_dict(values)


def shipped(world: World, deployer: libdeploy.Deployer, version: str, behaviour: str = "good") -> libdeploy.Release:
    return deployer.add_release(world.publish(version, behaviour), version)


def raised_by(call: Callable[[], object]) -> BaseException:
    """With its traceback, which assertRaises takes away."""
    try:
        call()
    except BaseException as raised:
        return raised
    raise AssertionError("nothing was raised")


def function_names(error: BaseException) -> list[str]:
    return [frame.name for frame in traceback.extract_tb(error.__traceback__)]
