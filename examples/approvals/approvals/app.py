"""The routes. What changes something is a POST with the session's token; a decision changes the ledger alone, a promotion runs in the background."""

from __future__ import annotations

import threading
from datetime import datetime, timezone

import libdeploy
from flask import Flask, Response, abort, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from approvals import board, login, timeline
from approvals.pipeline import Busy, Pipeline

POLICY = "default-src 'self'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'"


def create_app(pipeline: Pipeline, people: tuple[str, ...], secret: str) -> Flask:
    app = Flask(__name__)
    app.config.update(SECRET_KEY=secret, SESSION_COOKIE_SAMESITE="Lax", SESSION_COOKIE_HTTPONLY=True, MAX_CONTENT_LENGTH=64 * 1024)
    app.jinja_env.globals.update(csrf_token=login.csrf_token, user=login.user, people=people, pipeline=pipeline)
    app.jinja_env.filters.update(when=_when, words=lambda word: str(word).replace("_", " "), seconds=lambda span: f"{span.total_seconds():.1f} s")
    boards = Boards(pipeline)
    _add_pages(app, pipeline, boards)
    _add_acts(app, pipeline, boards, people)
    app.register_error_handler(HTTPException, _explain)
    app.register_error_handler(libdeploy.Error, _explain_error)
    app.after_request(_harden)
    return app


class Boards:
    """The newest board. While a promotion runs its deployer has the turn, in the simulator of the whole world: the page shows what was gathered before."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._lock = threading.Lock()
        self._kept: board.Board | None = None

    def newest(self, person: str) -> board.Board:
        with self._lock:
            if self._kept is None or not self._pipeline.is_running():
                with self._pipeline.open("visitor") as visitor, self._pipeline.open(person or "visitor") as looking:
                    self._kept = board.gather(visitor, looking)
            return self._kept


def _add_pages(app: Flask, pipeline: Pipeline, boards: Boards) -> None:
    @app.get("/")
    def index() -> str:
        shown = boards.newest(login.user())
        picture = timeline.draw([status.environment for status in shown.environments], shown.history)
        return render_template("index.html", board=shown, timeline=Markup(picture), newest=pipeline.hub.newest)

    @app.get("/history")
    def history() -> str:
        return render_template("history.html", history=boards.newest(login.user()).history)

    @app.get("/deployments/<identity>")
    def deployment(identity: str) -> str:
        found = [done for done in boards.newest(login.user()).history if done.id == identity]
        return render_template("deployment.html", done=found[0]) if found else abort(404, "there is no such deployment")

    @app.get("/events")
    def events() -> Response:
        after = request.headers.get("Last-Event-ID") or request.args.get("after", "0")
        stream = pipeline.hub.follow(int(after) if after.isdigit() else 0)
        return Response(stream, mimetype="text/event-stream", headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})


def _add_acts(app: Flask, pipeline: Pipeline, boards: Boards, people: tuple[str, ...]) -> None:
    @app.post("/login")
    def log_in() -> AnyResponse:
        login.check_csrf()
        login.log_in(request.form.get("name", ""), people)
        return redirect(url_for("index"))

    @app.post("/decide")
    def decide() -> AnyResponse:
        person = _begin()
        granted = {"approve": True, "deny": False}.get(request.form.get("decision", ""))
        if granted is None:
            abort(400, "neither approved nor denied; nothing was recorded")
        environment, comment = request.form.get("environment", ""), request.form.get("comment", "").strip()
        with pipeline.open(person) as deployer:
            _refuse_what_is_stale(deployer, environment)
            deployer.decide(request.form["digest"], to=environment, granted=granted, comment=comment)
        pipeline.hub.say("decided", {"environment": environment, "message": f"{person} {'approved' if granted else 'denied'}"})
        return redirect(url_for("index"), 303)

    @app.post("/promote")
    def promote() -> AnyResponse:
        person = _begin()
        environment = request.form.get("environment", "")
        with pipeline.open(person) as deployer:
            live = deployer.status(environment).live
            if request.form.get("replaces", "") != (live.digest if live else ""):
                _stale(environment, [f"what is live is {live.version if live else 'nothing'} now"])
        boards.newest(person)
        pipeline.promote(person, request.form.get("digest", ""), environment)
        return redirect(url_for("index"), 303)

    def _begin() -> str:
        login.check_csrf()
        person = login.demand_user()
        if pipeline.is_running():
            raise Busy(pipeline.what_runs)
        return person

    @app.errorhandler(Busy)
    def busy(error: Busy) -> tuple[str, int]:
        return render_template("refused.html", title="Not now", why=f"There is a {error} under way; nothing was done."), 409


def _refuse_what_is_stale(deployer: libdeploy.Deployer, environment: str) -> None:
    """A person decides on what the page showed. What changed since voids the form, not silently the decision."""
    now = board.seen(deployer.draft_decision(request.form.get("digest", ""), to=environment))
    names = {"digest": "the digest", "replaces": "what is live", "policy": "the policy"}
    changed = [f"{names[key]} is {value[:19] or 'nothing'} now" for key, value in now.items() if request.form.get(key, "") != value]
    if changed:
        _stale(environment, changed)


def _stale(environment: str, changed: list[str]) -> None:
    abort(409, f"{environment} has changed since you loaded the page: {', '.join(changed)}. Nothing was recorded or done; look again, and decide again")


def _when(time: datetime) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(time.isoformat(), f"{time.astimezone(timezone.utc):%Y-%m-%d %H:%M} UTC")


def _explain(error: HTTPException) -> tuple[str, int]:
    return render_template("refused.html", title=error.name, why=error.description), error.code or 500


def _explain_error(error: libdeploy.Error) -> tuple[str, int]:
    status = {"unauthorized": 403, "not_found": 404, "invalid_argument": 400}.get(error.code, 409)
    return render_template("refused.html", title=str(error.code).replace("_", " "), why=str(error)), status


def _harden(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers.setdefault("Cache-Control", "no-store")
    return response
