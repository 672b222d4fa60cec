"""A small web application, as somebody would write it: one page, and a health check that means something."""

import os

from flask import Flask, jsonify
from markupsafe import escape

GREETING = "Hello from version {version}, build {build}"

app = Flask(__name__)


def version() -> str:
    return os.environ.get("APP_VERSION", "0.0.0")


def page() -> str:
    text = GREETING.format(version=version(), build=version().rpartition(".")[2])
    return f"<!doctype html>\n<title>Sample</title>\n<h1>{escape(text)}</h1>\n"


@app.get("/")
def index() -> str:
    return page()


@app.get("/health")
def health():
    """Healthy is who can make the page, not who can answer a constant."""
    page()
    return jsonify(status="ok", version=version())
