"""The application: routes translate between the web and the service, and nothing more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from flask import Flask

from voiceguide.data import shipped
from voiceguide.server.limits import Limits
from voiceguide.server.remote import SpeakerClient, find
from voiceguide.server.service import Service
from voiceguide.server.web import aloud, api, audio, errors, feeds, origins, pages, safety, voices
from voiceguide.server.web.forwarded import Forwarded
from voiceguide.server.web.fresh import CHANGES, Changes
from voiceguide.server.web.quick import Quick
from voiceguide.server.web.tokens import Tokens
from voiceguide.session import Studio

LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
"""What a Host header may say where only this machine can ask: other names are somebody else's page."""


def create_app(
    studio: Studio,
    *,
    token: str | None = None,
    folder: Path | None = None,
    limits: Limits | None = None,
    hosts: Sequence[str] | None = LOOPBACK,
    accel: str | None = None,
    today: Callable[[], date] = date.today,
    speaker: Callable[[], SpeakerClient | None] = find,
    allowed: Sequence[str] = (),
) -> Flask:
    """Return the application for *studio*'s scripts.

    *token* is asked of everybody (None: of nobody). *folder* keeps finished sessions (the person's cache
    unless given). *hosts* are the names it may be called by (None: any). *accel* ``nginx`` leaves the sending
    of finished files to the nginx in front. *today* seeds what varies from day to day. Websites of the
    origins *allowed* may play what is here.

    The service behind it is ``app.extensions["voiceguide"]``: `close` it at the end.
    """
    web = shipped("web")
    app = Flask("voiceguide", template_folder=str(web / "templates"), static_folder=str(web / "static"))
    app.config.update(MAX_CONTENT_LENGTH=4096, SEND_FILE_MAX_AGE_DEFAULT=3600)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    service = Service(studio, folder, limits, today)
    app.extensions["voiceguide"] = service
    app.extensions["voiceguide.tokens"] = Tokens(token)
    app.extensions["voiceguide.accel"] = accel
    app.extensions[CHANGES] = Changes()
    app.extensions["voiceguide.speaker"] = speaker
    safety.install(app, hosts)
    origins.install(app, frozenset(map(origins.origin, allowed)))
    errors.install(app)
    for part in (pages, voices, audio, feeds, api, aloud):
        app.register_blueprint(part.routes)
    app.wsgi_app = Quick(Forwarded(app.wsgi_app))  # type: ignore[assignment,method-assign]  # how Flask says to wrap it
    return app
