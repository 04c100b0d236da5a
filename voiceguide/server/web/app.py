"""The application: routes translate between the web and the service, and nothing more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from flask import Flask

from voiceguide.files.folders import shipped
from voiceguide.listeners.folder import ListenerStores, MemoryListenerStores
from voiceguide.server.limits import Limits
from voiceguide.server.remote import SpeakerClient, find
from voiceguide.server.service import Service
from voiceguide.server.web import access, api, audio, errors, feeds, local_speaker, pages, voices
from voiceguide.server.web.access import LOOPBACK, Forwarded, Tokens
from voiceguide.server.web.conditional import Changes
from voiceguide.server.web.context import AppState, keep
from voiceguide.server.web.recent import RecentAnswers
from voiceguide.session import Studio


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
    listeners: ListenerStores | None = None,
) -> Flask:
    """Return the application for *studio*'s scripts.

    *token* is required of every client (None: of none). *folder* stores finished sessions (default: the
    user's cache). *hosts* are the accepted Host names (None: any). *accel* ``nginx`` lets the nginx in front
    send finished files. *today* seeds what varies from day to day. *speaker* finds the speaker on this
    computer. Websites of the origins *allowed* may play what is here. *listeners* has the records of the
    listeners; without it they are lost when the process ends.

    The caller closes the application's `state_of` at the end.
    """
    web = shipped("web")
    app = Flask("voiceguide", template_folder=str(web / "templates"), static_folder=str(web / "static"))
    app.config.update(MAX_CONTENT_LENGTH=4096, SEND_FILE_MAX_AGE_DEFAULT=3600)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    service, tokens = Service(studio, folder, limits, today), Tokens(token)
    keep(app, AppState(service, tokens, accel, Changes(), speaker, listeners or MemoryListenerStores()))
    access.install(app, tokens, hosts, frozenset(map(access.origin, allowed)))
    errors.install(app, lambda: {script.name: script.title for script in service.catalogue.scripts()})
    for part in (pages, voices, audio, feeds, api, local_speaker):
        app.register_blueprint(part.routes)
    app.wsgi_app = RecentAnswers(Forwarded(app.wsgi_app))  # type: ignore[assignment,method-assign]  # how Flask says to wrap it
    return app
