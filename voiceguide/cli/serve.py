"""`serve`: the listening page."""

from __future__ import annotations

import logging
import threading
from functools import partial
from typing import TYPE_CHECKING, Final

import click

from voiceguide.cli.allowed import allow_engine
from voiceguide.cli.heap import give_back
from voiceguide.cli.hosted import asked_of_others, kept_key, run
from voiceguide.cli.journals import folder, roster, store_of
from voiceguide.errors import VoiceguideError
from voiceguide.listeners import NAMELESS

if TYPE_CHECKING:
    from voiceguide.listeners import ListenerFolder
    from voiceguide.server.service import Service

KEPT_IN: Final = "serve.env"
"""The file in the data folder with the page's token."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True)
@click.option(
    "--token", help="Asked of everybody; where one is needed and none is given, one is made and kept."
)
@click.option("--new-token", is_flag=True, help="Make another in place of the one that is kept.")
@click.option(
    "--new-key",
    is_flag=True,
    help="Make another key: every token link, signed address and cookie ends.",
)
@click.option(
    "--accel", type=click.Choice(["nginx"]), help="Leave sending finished files to the nginx in front."
)
@click.option(
    "--allow-origin",
    "allowed",
    multiple=True,
    metavar="ORIGIN",
    help="Let this website play what is here, such as http://homeassistant.local:8123; may be repeated.",
)
@allow_engine
def serve(
    host: str,
    port: int,
    token: str | None,
    new_token: bool,
    new_key: bool,
    accel: str | None,
    allowed: tuple[str, ...],
    engines: tuple[str, ...],
) -> None:
    """Serve the listening page: every exercise, to hear and to download, for any player."""
    from voiceguide.files.folders import user_data
    from voiceguide.server.key import KEY
    from voiceguide.server.limits import Limits
    from voiceguide.server.web import create_app, state_of
    from voiceguide.server.web.access import LOOPBACK, is_loopback
    from voiceguide.session import Studio

    give_back()
    # Behind nginx, any client may come, and under any Host name.
    local = is_loopback(host) and accel is None
    token = asked_of_others(user_data() / KEPT_IN, token, needed=not local, new=new_token)
    key = kept_key(user_data() / KEY, new=new_key)
    limits, stores = Limits(), folder()
    with Studio(clips=limits.clips, allowed=engines) as studio:
        hosts = LOOPBACK if local else None
        app = create_app(
            studio,
            token=token,
            hosts=hosts,
            accel=accel,
            limits=limits,
            allowed=allowed,
            listeners=stores,
            roster=roster(),
            key=key,
        )
        try:
            soon = threading.Thread(
                target=_prepare, args=(state_of(app).service, stores), name="prepare", daemon=True
            )
            run(app, host, port, token, lambda _: soon.start())
        finally:
            state_of(app).close()


def _prepare(service: Service, stores: ListenerFolder) -> None:
    """Take over bookmarks of earlier versions, and prepare what is asked for first: ground, and scripts."""
    for prepare in (partial(store_of, stores, NAMELESS), service.ground.prepare, service.playable.scripts):
        try:
            prepare()
        except VoiceguideError as error:
            logging.getLogger("voiceguide").warning("%s", error)


commands = (serve,)
