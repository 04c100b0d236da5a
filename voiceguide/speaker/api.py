"""The speaker's addresses: each translates between HTTP and the speaker, and nothing more."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from importlib.metadata import version
from typing import Any, Final

from flask import Blueprint, Flask, Response, current_app, jsonify, request
from msgspec import Struct
from werkzeug.exceptions import Forbidden, UnsupportedMediaType

from voiceguide.playback.commands import ROWS
from voiceguide.server.query import Asked
from voiceguide.server.sessions import Sessions
from voiceguide.server.signing import Signer
from voiceguide.server.tokens import Tokens
from voiceguide.server.web import access, errors
from voiceguide.server.web.access import LOOPBACK
from voiceguide.server.web.context import gone, keep, kept
from voiceguide.server.web.doors import Doors, authorization
from voiceguide.speaker import request_body
from voiceguide.speaker.queue_item import QueueItem, queue_item
from voiceguide.speaker.scheduler import Scheduler
from voiceguide.speaker.speaker import Speaker
from voiceguide.speaker.state import HEARTBEAT_SECONDS, State

routes = Blueprint("speaker", __name__)

PLAIN: Final = {row.address[1:]: row.command for row in ROWS if row.address and row.name}
"""Addresses that take no body, and the command of each."""

_OBEY_SECONDS: Final = 0.5
"""The longest wait for a command to take effect before the answer is sent."""


class _ApiState(Struct, frozen=True):
    """The state of an application of `create_api`; `heartbeat` is in seconds."""

    speaker: Speaker
    scheduler: Scheduler
    sessions: Sessions
    heartbeat: float
    tokens: Tokens


def create_api(
    speaker: Speaker,
    scheduler: Scheduler,
    sessions: Sessions,
    *,
    token: str | None = None,
    hosts: Sequence[str] | None = LOOPBACK,
    heartbeat: float = HEARTBEAT_SECONDS,
) -> Flask:
    """Return the application for *speaker*; *sessions* makes its sessions, *scheduler* plays those planned.

    *token* is required of every client (None: of none), and *hosts* are the accepted Host names (None: any),
    as on the page. A client of ``/events`` receives something at least every *heartbeat* seconds.
    """
    app = Flask("voiceguide.speaker", static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=4096)
    tokens = Tokens(token)
    keep(app, _ApiState(speaker, scheduler, sessions, heartbeat, tokens))
    # A cookie lives as long as the token.
    key = secrets.token_bytes(32) if token is None else hashlib.sha256(f"speaker {token}".encode()).digest()
    access.install(app, Doors(tokens, Signer(key)), hosts)
    errors.install(app)
    app.before_request(_only_programs_change_things)
    app.register_blueprint(routes)
    return app


def _only_programs_change_things() -> None:
    """Refuse what a foreign page can make a browser send: it has no token and is not JSON."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise Forbidden("another site may not ask for that")
    if request.method == "POST" and not request.is_json and not _by_token():
        raise UnsupportedMediaType("send this with Content-Type: application/json")


def _by_token() -> bool:
    kind, shown = authorization()
    return kind == "bearer" and _here().tokens.right(shown)


def _here() -> _ApiState:
    return kept(current_app, _ApiState)


def _speaker() -> Speaker:
    return _here().speaker


def _wanted(given: dict[str, Any]) -> QueueItem:
    script = request_body.text(given, "script", "body-scan")
    resume = request_body.switch(given, "resume")
    sessions = _here().sessions
    asked = request_body.asked(given)
    if resume and asked == Asked():
        asked = _speaker().left(sessions.get(script, asked).session.script) or asked
    return queue_item(sessions, script, asked, resume=resume)


def _done() -> Response:
    return jsonify(_speaker().state.plain())


@routes.get("/healthz")
def healthz() -> Response:
    return jsonify(status="ok", speaker=True)


@routes.get("/")
def index() -> Response:
    """Tell a person who opens the address what this is."""
    rules = {str(rule) for rule in current_app.url_map.iter_rules() if "<" not in str(rule)}
    addresses = sorted(rules.union(f"/{word}" for word in PLAIN))
    return jsonify(voiceguide="speaker", version=version("voiceguide"), addresses=addresses)


@routes.get("/now")
def now() -> Response:
    return _done()


@routes.get("/events")
def events() -> Response:
    """Send the speaker's state, now and whenever it changes, until the client has gone."""
    kept = ExitStack()
    kept.enter_context(_speaker().news.seat())
    states = _speaker().follow(gone(), _here().heartbeat)
    response = Response(_written(states, kept), mimetype="text/event-stream")
    response.call_on_close(kept.close)
    response.headers["Cache-Control"] = "no-store"
    return response


def _written(states: Iterator[State | None], kept: ExitStack) -> Iterator[bytes]:
    with kept:
        for state in states:
            if state is None:
                yield b": still here\n\n"
            else:
                yield f"event: now\ndata: {json.dumps(state.plain())}\n\n".encode()


@routes.post("/play")
def play() -> tuple[Response, int]:
    wanted = _wanted(request_body.body())
    _speaker().play(wanted)
    return jsonify(wanted.plain()), 202


@routes.post("/<any(pause, resume, stop, 'ground-me'):word>")
def plain(word: str) -> Response:
    request_body.nothing_else(request_body.body())
    _speaker().do(PLAIN[word])
    _speaker().news.wait(lambda state: _obeyed(word, state.seen(0.0)), _OBEY_SECONDS)
    return _done()


def _obeyed(word: str, state: State) -> bool:
    """Return whether the command *word* has taken effect, or nothing plays that could obey it."""
    status = state.now.status
    if state.playing is None:
        return word != "resume" or not state.queue
    if word == "stop" or status == "lost":
        return True
    if word == "resume":
        return status not in ("paused", "grounding")
    return status == ("paused" if word == "pause" else "grounding") or status == "starting"


@routes.post("/command")
def command() -> Response:
    given = request_body.body()
    wanted = request_body.text(given, "command", "stay")
    request_body.nothing_else(given)
    _speaker().do(wanted)
    return _done()


@routes.post("/volume")
def volume() -> Response:
    given = request_body.body()
    wanted = request_body.volume(given)
    request_body.nothing_else(given)
    _speaker().volume(wanted)
    return _done()


@routes.post("/sleep")
def sleep() -> Response:
    given = request_body.body()
    after = request_body.after(given)
    request_body.nothing_else(given)
    _speaker().sleep(after)
    return _done()


@routes.get("/queue")
def queue() -> Response:
    return jsonify(queue=_speaker().state.plain()["queue"])


@routes.post("/queue")
def add() -> tuple[Response, int]:
    wanted = _wanted(request_body.body())
    _speaker().add(wanted)
    return jsonify(wanted.plain()), 202


@routes.post("/queue/clear")
def clear() -> Response:
    request_body.nothing_else(request_body.body())
    _speaker().clear()
    return queue()


@routes.post("/queue/next")
def skip() -> Response:
    request_body.nothing_else(request_body.body())
    _speaker().skip()
    return queue()


@routes.get("/schedule")
def schedule() -> Response:
    return jsonify(_here().scheduler.plain())


@routes.post("/schedule")
def at() -> tuple[Response, int]:
    given = request_body.body()
    time = request_body.text(given, "at", "21:30")
    wanted = _wanted(given)
    return jsonify(_here().scheduler.once(time, wanted)), 202


@routes.post("/schedule/clear")
def forget() -> Response:
    request_body.nothing_else(request_body.body())
    _here().scheduler.clear()
    return schedule()
