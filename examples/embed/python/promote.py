#!/usr/bin/env python3
"""Promotes a good release and a bad one in the simulator, and says how each ended. The secrets of the containers come from here.

    python3 promote.py ../deploy.json

Threads: the library calls back on the thread that called it, or on threads of its own; ctypes takes the GIL for each callback.
Ownership: the library keeps pointers to our callbacks and copies of our tables, not the Python objects: whoever makes a callback keeps it
alive until the deployer is freed (here `Vault` and `on_event` do).
"""

from __future__ import annotations

import ctypes as c
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import deploy


@deploy.EventFn
def on_event(event: int, _user_data: int) -> None:
    """One at a time. The event is lent: what is to stay is copied before this returns."""
    info = deploy.fetch(deploy.event_get_info, event, deploy.EventInfo())
    if not info.host and info.kind != deploy.EVENT_GATE_ANSWERED:
        print(f"  {deploy.text(info.kind_name)}: {deploy.text(info.message)}")


class Vault:
    """A port of our own: where the secrets that the configuration names are to be had. An exception in it reaches the caller of promote."""

    def __init__(self, secrets: dict[str, str]) -> None:
        self._secrets = secrets
        self.table = deploy.Secrets(resolve=deploy.ResolveFn(self._resolve))

    def _resolve(self, _user_data: int, source: c._Pointer, call: int, out_error: c._Pointer) -> int:
        name = deploy.text(source.contents.name)

        def answer() -> None:
            if name not in self._secrets:
                raise deploy.DeployError(deploy.NOT_FOUND, "vault", f"the vault has no {name}; nothing was started with it. Put it there and promote again")
            value = self._secrets[name].encode()
            deploy.call_give_text(call, value, len(value))  # copied

        return deploy.answering(answer, out_error)


@contextmanager
def freed(handle: c.c_void_p, free: Callable[[c.c_void_p], None]) -> Iterator[c.c_void_p]:
    try:
        yield handle
    finally:
        free(handle)


def show(deployment: c.c_void_p) -> None:
    info = deploy.fetch(deploy.deployment_get_info, deployment, deploy.DeploymentInfo())
    print(f"{deploy.text(info.version)} to {deploy.text(info.environment)}: {deploy.text(info.outcome_name)}; live: {deploy.text(info.live_version) or 'nothing'}")
    index = 0
    while reason := deploy.deployment_get_reason(deployment, index):
        print(f"  because {deploy.text(reason)}")
        index += 1
    for evidence in deploy.walk(deploy.deployment_get_evidence, deployment, deploy.Evidence):
        print(f"  found on {deploy.text(evidence.host)}: {deploy.text(evidence.container_status)}, {deploy.text(evidence.verdict_reason)}")


def ship(world: c.c_void_p, deployer: c.c_void_p, version: str, behaviour: str) -> None:
    """Somebody pushes an image; we register and promote it."""
    image = c.c_char_p()
    deploy.check(deploy.simulation_publish, world, version.encode(), behaviour.encode(), c.byref(image))
    deploy.release_free(deploy.give(deploy.deployer_add_release, deployer, image, version.encode(), None))
    with freed(deploy.give(deploy.deployer_promote, deployer, version.encode(), b"staging", None), deploy.deployment_free) as deployment:
        show(deployment)


def main(path: str) -> None:
    vault = Vault({"SHOP_DB_PASSWORD": "correct horse"})
    options = deploy.DeployerOptions(actor=b"embed-python", on_event=on_event, secrets=c.pointer(vault.table))
    with freed(deploy.give(deploy.config_load, path.encode()), deploy.config_free) as config, \
         freed(deploy.give(deploy.simulation_new, config), deploy.simulation_free) as world, \
         freed(deploy.give(deploy.simulation_open, world, c.byref(options)), deploy.deployer_free) as deployer:
        ship(world, deployer, "1.0.0", "good")
        ship(world, deployer, "1.1.0", "unhealthy")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(f"usage: {sys.argv[0]} CONFIG")
    try:
        main(sys.argv[1])
    except deploy.DeployError as error:
        sys.exit(str(error))
