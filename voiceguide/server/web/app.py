"""The application: routes translate between the web and the service, and nothing more."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from flask import Flask

from voiceguide.errors import StoreError
from voiceguide.files.folders import shipped, user_cache, user_data
from voiceguide.listeners.folder import ListenerStores, MemoryListenerStores
from voiceguide.listeners.roster import Listener, Roster
from voiceguide.server.limits import Limits
from voiceguide.server.remote import SpeakerClient, find
from voiceguide.server.service import Service
from voiceguide.server.signing import Signer
from voiceguide.server.tokens import Tokens
from voiceguide.server.warn_once import WarnOnce
from voiceguide.server.web import (
    access,
    admin,
    api,
    audio,
    errors,
    feeds,
    local_speaker,
    me,
    me_all,
    mine,
    own,
    pages,
    switching,
    voices,
)
from voiceguide.server.web.access import LOOPBACK, Forwarded
from voiceguide.server.web.conditional import Changes
from voiceguide.server.web.context import AppState, keep
from voiceguide.server.web.doors import Doors
from voiceguide.server.web.pins import PinDesk
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
    roster: Roster | None = None,
    key: bytes | None = None,
) -> Flask:
    """Return the application for *studio*'s scripts.

    *token* is required of every client (None: of none). *folder* stores finished sessions (default: the
    user's cache). *hosts* are the accepted Host names (None: any). *accel* ``nginx`` lets the nginx in front
    send finished files. *today* seeds what varies from day to day. *speaker* finds the speaker on this
    computer. Websites of the origins *allowed* may play what is here. *listeners* has the records of the
    listeners; without it they are lost when the process ends. *roster* has their names; without it there is
    one, without a name. *key* signs what is handed out; without it nothing signed outlives the process.

    The caller closes the application's `state_of` at the end.
    """
    web = shipped("web")
    app = Flask("voiceguide", template_folder=str(web / "templates"), static_folder=str(web / "static"))
    app.config.update(MAX_CONTENT_LENGTH=4096, SEND_FILE_MAX_AGE_DEFAULT=3600)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    service = Service(studio, folder, limits, today)
    doors = Doors(Tokens(token), Signer(key or secrets.token_bytes(32)), _named(roster, service.warnings))
    stores = listeners or MemoryListenerStores()
    keep(app, AppState(service, doors, accel, Changes(), speaker, stores, roster, PinDesk()))
    access.install(app, doors, hosts, frozenset(map(access.origin, allowed)))
    errors.install(
        app,
        lambda: {script.name: script.title for script in service.catalogue.scripts()},
        {
            service.cache.folder: "the server's cache folder",
            user_cache(): "the server's cache folder",
            user_data(): "the server's data folder",
        },
        service.warnings,
    )
    switching.install(app)
    parts = (pages, mine, voices, audio, feeds, api, me, me_all, local_speaker, switching, own, admin)
    for part in parts:
        app.register_blueprint(part.routes)
    app.wsgi_app = RecentAnswers(Forwarded(app.wsgi_app))  # type: ignore[assignment,method-assign]  # how Flask says to wrap it
    return app


def _named(roster: Roster | None, warnings: WarnOnce) -> Callable[[], tuple[Listener, ...]]:
    """Return a function that returns the listeners of *roster*, with errors that name no folder."""

    def all_of_them() -> tuple[Listener, ...]:
        try:
            return () if roster is None else roster.all()
        except StoreError as error:
            warnings.warn(str(error))
            raise StoreError("the listeners' names cannot be read; the server's log says why") from error

    return all_of_them
