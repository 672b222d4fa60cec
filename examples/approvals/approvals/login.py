"""Who is looking. A STUB: it believes whatever name is chosen. Replace `log_in` by your single sign-on.

A real one ends with `session["user"] = <the name that the identity provider vouches for>`, under the names that deploy.json lists as
approvers: an OpenID Connect callback, or a header that a proxy in front sets (and strips from what comes from outside).
"""

from __future__ import annotations

import hmac
import secrets

from flask import abort, request, session


def log_in(name: str, people: tuple[str, ...]) -> None:
    if name not in people:
        abort(403, "nobody of that name may log in here")
    session.clear()
    session["user"] = name


def user() -> str:
    return str(session.get("user", ""))


def csrf_token() -> str:
    """In every form; another site's form does not know it."""
    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(32)
    return str(session["csrf"])


def check_csrf() -> None:
    given, expected = request.form.get("csrf", ""), session.get("csrf", "")
    if not expected or not hmac.compare_digest(given.encode(), str(expected).encode()):
        abort(403, "this form did not come from this page, or your session has ended; nothing was done. Go back and load the page again")


def demand_user() -> str:
    return user() or abort(401, "log in first; nothing was done")
