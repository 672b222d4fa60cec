#!/usr/bin/env python3
"""Records in the ledger what people decided about this run at a protected environment of GitHub: each decision as that person's own.

The library then asks for it as for any other: who may approve is in deploy.json, and who made the release does not count. Reads GITHUB_TOKEN,
GITHUB_API_URL, GITHUB_REPOSITORY and GITHUB_RUN_ID; the token goes into a header and nowhere else.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import urllib.error
import urllib.request
from typing import Any

import libdeploy


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", default="deploy.json")
    parser.add_argument("--release", default="")
    parser.add_argument("--to", required=True, metavar="ENVIRONMENT")
    arguments = parser.parse_args()
    config = libdeploy.Config.load(arguments.config)
    try:
        decisions = [one for one in reviews() if arguments.to in {environment["name"] for environment in one["environments"]}]
    except (urllib.error.URLError, TimeoutError, ValueError, KeyError) as error:
        print(f"who approved {arguments.to} cannot be had from {os.environ.get('GITHUB_API_URL')}: {error}; nothing was recorded", file=sys.stderr)
        return 1
    recorded = [record(config, arguments, one) for one in decisions if one["state"] in ("approved", "rejected")]
    if not any(recorded):
        print(f"nobody's decision on {arguments.to} was recorded; is the environment protected by required reviewers, and are they among its approvers?", file=sys.stderr)
        return 1
    return 0


def reviews() -> list[dict[str, Any]]:
    url = f"{os.environ['GITHUB_API_URL']}/repos/{os.environ['GITHUB_REPOSITORY']}/actions/runs/{os.environ['GITHUB_RUN_ID']}/approvals"
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {os.environ['GITHUB_TOKEN']}", "Accept": "application/vnd.github+json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        found: list[dict[str, Any]] = json.load(answer)
    return found


def record(config: libdeploy.Config, arguments: argparse.Namespace, review: dict[str, Any]) -> bool:
    person, granted = review["user"]["login"], review["state"] == "approved"
    try:
        with libdeploy.Deployer(config, actor=person) as deployer:
            decision = deployer.decide(arguments.release, to=arguments.to, granted=granted, comment=review.get("comment") or "")
    except libdeploy.UnauthorizedError as error:
        print(error, file=sys.stderr)
        return False
    print(f"{person} {'approved' if granted else 'denied'} {decision.version} ({decision.digest[7:19]}) for {arguments.to}")
    return True


if __name__ == "__main__":
    sys.exit(main())
