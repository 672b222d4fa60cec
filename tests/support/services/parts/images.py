"""The test application: compiled, packed as a build context, built and pushed in two versions."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from .process import ServiceError

SOURCE = Path(__file__).resolve().parents[2] / "testapp"
VERSIONS = ["1.0.1", "1.0.2"]


def make_context(folder: Path, run: str) -> Path:
    """A folder that any builder can build: the static binary and a Dockerfile that carries the run's label."""
    context = folder / "app-context"
    context.mkdir()
    _run(["cc", "-std=c11", "-O2", "-static", "-pthread", "-Wall", "-Wextra", "-Werror", "-s",
          "-o", str(context / "testapp"), str(SOURCE / "testapp.c")])
    dockerfile = (SOURCE / "Dockerfile").read_text().replace("io.libdeploy.test=manual", f"io.libdeploy.test={run}")
    (context / "Dockerfile").write_text(dockerfile)
    return context


def push_versions(context: Path, repository: str, docker_host: str) -> None:
    env = {**os.environ, "DOCKER_HOST": docker_host, "DOCKER_BUILDKIT": "0", "DOCKER_CONFIG": str(context.parent / "docker-config")}
    docker = shutil.which("docker") or "docker"
    for version in VERSIONS:
        name = f"{repository}:{version}"
        _run([docker, "build", "-q", "--build-arg", f"VERSION={version}", "-t", name, str(context)], env)
        _run([docker, "push", "-q", name], env)


def _run(argv: list[str], env: dict[str, str] | None = None) -> None:
    done = subprocess.run(argv, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, check=False)
    if done.returncode != 0:
        raise ServiceError(f"status {done.returncode} of {' '.join(argv)}:\n{done.stdout}")
