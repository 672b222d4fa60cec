"""A page where people approve: an embedding of libdeploy in a small Flask application."""

from approvals.app import create_app

__all__ = ["create_app"]
