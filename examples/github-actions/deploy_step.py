#!/usr/bin/env python3
"""One step of a pipeline in a CI job: build, promote, approve or resume.

Writes what came of it to $GITHUB_OUTPUT and $GITHUB_STEP_SUMMARY where GitHub asks for them, to --dotenv for GitLab. Ends as deployctl does:
0 as asked, 1 could not be carried out, 2 usage or configuration, 3 blocked by a gate, 4 failed and rolled back, 5 a person is needed, 130 cancelled.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys

import libdeploy

CODES = {"succeeded": 0, "blocked": 3, "rolled_back": 4, "held": 5, "stranded": 5, "cancelled": 130}


def main() -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a cancelled job undoes what it has begun, as with Ctrl-C
    arguments = parse()
    try:
        config = libdeploy.Config.load(arguments.config)
        with libdeploy.Deployer(config, actor=arguments.actor, on_event=tell) as deployer:
            return {"build": build, "promote": promote, "approve": approve, "resume": resume}[arguments.command](deployer, arguments)
    except libdeploy.InvalidConfigError as error:
        print(error, file=sys.stderr)
        return 2
    except libdeploy.Error as error:
        print(f"{error.code}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("cancelled; what had begun is undone", file=sys.stderr)
        return 130


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["build", "promote", "approve", "resume"])
    parser.add_argument("--config", default="deploy.json")
    parser.add_argument("--release", default="", help="digest, version or build number; without it the newest")
    parser.add_argument("--to", default="", metavar="ENVIRONMENT")
    parser.add_argument("--actor", default="ci", help="who acts; for approve: the person who approved")
    parser.add_argument("--comment", default="")
    parser.add_argument("--dotenv", help="a file for VERSION, DIGEST and OUTCOME")
    arguments = parser.parse_args()
    if arguments.command in ("promote", "approve") and not arguments.to:
        parser.error(f"{arguments.command} needs --to ENVIRONMENT")
    return arguments


def tell(event: libdeploy.Event) -> None:
    if event.kind not in ("gate_answered", "probe_tried", "step_progress", "step_finished"):
        where = f"{event.environment}: " if event.environment else ""
        print(f"{where}{event.message}{f' [{event.host}]' if event.host else ''}", flush=True)


def build(deployer: libdeploy.Deployer, arguments: argparse.Namespace) -> int:
    release = deployer.build()
    write(arguments, {"version": str(release.version), "digest": str(release.digest)})
    summarise("Built", [("Version", str(release.version)), ("Digest", str(release.digest)), ("Commit", release.commit or "unknown")])
    return 0


def promote(deployer: libdeploy.Deployer, arguments: argparse.Namespace) -> int:
    deployer.resume(arguments.to)  # what a killed job left here is finished or undone first
    return report(deployer.promote(arguments.release, to=arguments.to), arguments)


def approve(deployer: libdeploy.Deployer, arguments: argparse.Namespace) -> int:
    decision = deployer.approve(arguments.release, to=arguments.to, comment=arguments.comment)
    print(f"{decision.approver} approved {decision.version} ({decision.digest[7:19]}) for {decision.environment}")
    return 0


def resume(deployer: libdeploy.Deployer, arguments: argparse.Namespace) -> int:
    return max((report(done, arguments) for done in deployer.resume(arguments.to)), default=0)


def report(done: libdeploy.Deployment, arguments: argparse.Namespace) -> int:
    print(done)
    for found in done.evidence:
        print(f"{found.host}: {found.status}, exit code {found.exit_code}; {found.probe.reason}\n{found.logs}")
    write(arguments, {"version": done.version, "digest": done.digest, "outcome": done.outcome})
    live = done.live.version if done.live else "nothing"
    gap = f"{done.gap.total_seconds():.1f} s" if done.gap is not None else "none"
    reasons = [("Why", reason) for reason in done.reasons]
    summarise(f"{done.environment}: {done.outcome}", [("Version", done.version), ("Digest", done.digest), ("Live now", live), ("Gap", gap), *reasons])
    return CODES[done.outcome]


def write(arguments: argparse.Namespace, values: dict[str, str]) -> None:
    """Values are versions, digests and words of the library: one line each."""
    if "GITHUB_OUTPUT" in os.environ:
        with open(os.environ["GITHUB_OUTPUT"], "a", encoding="utf-8") as file:
            file.writelines(f"{name}={value}\n" for name, value in values.items())
    if arguments.dotenv:
        with open(arguments.dotenv, "w", encoding="utf-8") as file:
            file.writelines(f"{name.upper()}={value}\n" for name, value in values.items())


def summarise(title: str, rows: list[tuple[str, str]]) -> None:
    if "GITHUB_STEP_SUMMARY" not in os.environ:
        return
    with open(os.environ["GITHUB_STEP_SUMMARY"], "a", encoding="utf-8") as file:
        file.write(f"### {plain(title)}\n\n| | |\n|---|---|\n")
        file.writelines(f"| {name} | {plain(value)} |\n" for name, value in rows)


def plain(text: str) -> str:
    """A container's words stay words in a table of Markdown."""
    return " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(main())
