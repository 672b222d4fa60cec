"""A bare repository and a clone of it with one commit."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path


def make(folder: Path, ssh_url: str) -> dict[str, str]:
    remote, work = folder / "git" / "remote.git", folder / "git" / "work"
    remote.parent.mkdir()
    _git(folder, "init", "-q", "--bare", "-b", "main", str(remote))
    _git(folder, "init", "-q", "-b", "main", str(work))
    _git(work, "config", "user.name", "Test Person")
    _git(work, "config", "user.email", "test@example.com")
    _git(work, "remote", "add", "origin", str(remote))
    (work / "README").write_text("a repository of the tests\n")
    _git(work, "add", "README")
    _git(work, "commit", "-q", "-m", "The first commit")
    _git(work, "push", "-q", "-u", "origin", "main")
    return {"GIT_REMOTE": str(remote), "GIT_REMOTE_SSH": f"{ssh_url}{remote}", "GIT_WORK": str(work),
            "GIT_COMMIT": _git(work, "rev-parse", "HEAD").strip()}


def _git(folder: Path, *arguments: str) -> str:
    """git without the person's own configuration, which may sign commits or run hooks."""
    env = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}
    for name in [name for name in env if name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")]:
        del env[name]
    return subprocess.run(["git", *arguments], cwd=folder, env=env, check=True, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True).stdout
