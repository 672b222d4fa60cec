"""python -m approvals [--demo | --config deploy.json]"""

from __future__ import annotations

import argparse
import secrets
from pathlib import Path

import libdeploy

from approvals.app import create_app
from approvals.demo import demo_pipeline
from approvals.pipeline import Pipeline


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m approvals", description=__doc__)
    parser.add_argument("--config", default="deploy.json", help="the configuration (default: deploy.json)")
    parser.add_argument("--demo", action="store_true", help="everything in the simulator, with a story that has begun")
    parser.add_argument("--people", default="", help="who may log in at the stub, with commas between; default: the configuration's approvers, and ci")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5000)
    parser.add_argument("--secret-file", help="signs the sessions; without it they end with this process")
    arguments = parser.parse_args()
    pipeline = demo_pipeline() if arguments.demo else Pipeline.of_config(libdeploy.Config.load(arguments.config))
    secret = Path(arguments.secret_file).read_text().strip() if arguments.secret_file else secrets.token_hex(32)
    people = tuple(arguments.people.split(",")) if arguments.people else pipeline.people()
    app = create_app(pipeline, people, secret)
    app.run(arguments.host, arguments.port, threaded=True)


if __name__ == "__main__":
    main()
