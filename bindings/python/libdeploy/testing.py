"""A pytest fixture: unit-test your own pipeline and policy in the simulator, without a host.

    def test_a_bad_release_does_not_stay(deploy_world):
        world = deploy_world("deploy.json")
        with world.open(actor="ci") as deployer:
            bad = deployer.add_release(world.publish("1.0.1", "unhealthy"), "1.0.1")
            assert deployer.promote(bad, to="staging").outcome == "rolled_back"

The fixture comes with the package (entry point `pytest11`); pytest itself is needed only by tests.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Callable, Union

import pytest

from libdeploy._config import Config
from libdeploy.simulation import World

__all__ = ["WorldOf", "deploy_world"]

WorldOf = Callable[[Union[Config, Mapping[str, Any], str, "os.PathLike[str]"]], World]


def _config(given: Config | Mapping[str, Any] | str | os.PathLike[str]) -> Config:
    if isinstance(given, Config):
        return given
    return Config.from_dict(given) if isinstance(given, Mapping) else Config.load(given)


@pytest.fixture
def deploy_world() -> WorldOf:
    """Makes a world of a configuration: a `Config`, what a deploy.json holds as a dict, or the path of one."""
    return lambda given: World(_config(given))
