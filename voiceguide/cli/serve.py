"""`serve`: the listening page."""

from __future__ import annotations

import ipaddress
import logging
import secrets
import signal
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from voiceguide.cli.allowed import allow_engine
from voiceguide.cli.ended import asked_to_end
from voiceguide.cli.heap import give_back
from voiceguide.errors import SinkError, VoiceguideError

if TYPE_CHECKING:
    from flask import Flask

THREADS: Final = 64
"""Threads that answer. Finished files need none while they are sent; who listens to a session that is still
being made keeps one, which `Limits.listeners` bounds below this."""

GROUND_THREADS: Final = 4
"""Threads for the way back to the ground, for when all others are held up."""

WATERMARK: Final = 256 * 1024
"""Bytes given to a slow client before its thread waits: more would run making far ahead of who has gone."""

SEND_BUFFER: Final = 128 * 1024
"""Bytes on their way to one client: eight seconds of MP3."""

STALLED_SECONDS: Final = 600
"""A client that takes nothing for so long is let go; a player that was paused asks again with a range."""


IDLE_SECONDS: Final = 300
"""A connection on which nothing is sent either way is closed then."""

KEPT_IN: Final = "serve.env"
"""In the data folder: the token of the page."""

MOST_BODY: Final = 64 * 1024
"""Bytes of a body that are taken; an application refuses what is longer than it wants, in its own form."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True)
@click.option(
    "--token", help="Asked of everybody; where one is needed and none is given, one is made and kept."
)
@click.option("--new-token", is_flag=True, help="Make another in place of the one that is kept.")
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
    accel: str | None,
    allowed: tuple[str, ...],
    engines: tuple[str, ...],
) -> None:
    """Serve the listening page: every exercise, to hear and to download, for any player."""
    from voiceguide.data import user_cache, user_data
    from voiceguide.server.limits import Limits
    from voiceguide.server.web import create_app
    from voiceguide.server.web.app import LOOPBACK
    from voiceguide.session import Studio
    from voiceguide.store import FolderStore

    give_back()
    # Behind nginx everybody may ask, and under any name.
    local = is_loopback(host) and accel is None
    token = asked_of_others(user_data() / KEPT_IN, token, needed=not local, new=new_token)
    limits = Limits()
    with Studio(store=FolderStore(user_cache(), limits.clips), allowed=engines) as studio:
        hosts = LOOPBACK if local else None
        app = create_app(studio, token=token, hosts=hosts, accel=accel, limits=limits, allowed=allowed)
        try:
            soon = threading.Thread(target=_prepare, args=(app,), name="prepare", daemon=True)
            run(app, host, port, token, lambda _: soon.start())
        finally:
            app.extensions["voiceguide"].close()


def asked_of_others(path: Path, given: str | None, *, needed: bool, new: bool) -> str | None:
    """Return the token to ask for: the one *given* or, where one is *needed*, that kept in *path*.

    Raises:
        click.UsageError: if one is given and a *new* one is to be made.
    """
    from voiceguide.server.secret import kept_token

    if given and new:
        raise click.UsageError("--token and --new-token cannot be had together; leave one out")
    if given or not (needed or new):
        return given
    try:
        kept = kept_token(path, new=new)
    except OSError as error:
        click.echo(
            f"The token cannot be kept in {path} ({error.strerror}): the next start makes another.", err=True
        )
        kept = secrets.token_urlsafe(16)
    return kept if needed else None


def run(
    app: Flask, host: str, port: int, token: str | None, ready: Callable[[Any], object] = lambda _: None
) -> None:
    """Answer on *host* and *port* until stopped; *ready* is called with the server before that.

    Raises:
        SinkError: if nobody can listen there.
    """
    # A full house, and clients that leave before they have all, are not worth a line each.
    logging.getLogger("waitress").setLevel(logging.ERROR)
    try:
        server = make_server(app, host, port)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise SinkError(f"cannot listen on {host}:{port} ({why}); choose another --host or --port") from error

    def stop(_number: int, _frame: object = None) -> None:
        hang_up(server)
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, stop)
    try:
        with asked_to_end(stop):
            for address in addresses(server):
                click.echo(f"Open {address}/{f'?token={token}' if token else ''}")
            ready(server)
            server.run()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()


def make_server(app: Flask, host: str, port: int, stalled: int = STALLED_SECONDS) -> Any:
    """Return waitress, set up for long answers to many; *stalled* in seconds."""
    import waitress
    from waitress.adjustments import Adjustments

    from voiceguide.server.web.audio import GROUND_PATHS
    from voiceguide.server.web.loop import answer_at_once, keep_apart, refuse_nonsense
    from voiceguide.server.web.quick import Quick

    # waitress reads as much of a file at a time as the socket holds: with hundreds of listeners that adds up.
    options = [*Adjustments.socket_options, (socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)]
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        options.append((socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, stalled * 1000))
    server = waitress.create_server(
        app,
        host=host,
        port=port,
        threads=THREADS,
        outbuf_high_watermark=WATERMARK,
        outbuf_overflow=4 * WATERMARK,
        connection_limit=1000,
        channel_timeout=IDLE_SECONDS,
        channel_request_lookahead=1,  # or nobody notices that a waiting client has left
        max_request_header_size=16_384,
        max_request_body_size=MOST_BODY,
        asyncore_use_poll=True,
        log_socket_errors=False,
        clear_untrusted_proxy_headers=False,  # web.forwarded looks at who says them
        ident="voiceguide",
    )
    server.adj.socket_options = options
    refuse_nonsense(server)
    if isinstance(app.wsgi_app, Quick):
        keep_apart(server, GROUND_PATHS, GROUND_THREADS)
        answer_at_once(server, app.wsgi_app)
    return server


def addresses(server: Any) -> list[str]:
    """Return where *server* can be reached, as a person opens it."""
    return [f"http://{_name(host)}:{port}" for host, port in listening(server)]


def listening(server: Any) -> list[tuple[str, int]]:
    """Return the addresses and ports that *server* listens on."""
    return getattr(server, "effective_listen", None) or [(server.effective_host, int(server.effective_port))]


def _name(host: str) -> str:
    """Return what to write for *host*: this machine's name where it stands for all of its addresses."""
    if ipaddress.ip_address(host).is_unspecified:
        return socket.gethostname()
    return f"[{host}]" if ":" in host else host


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach *host*."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _prepare(app: Flask) -> None:
    """Have what has to play at once ready, and then what is looked at first."""
    service = app.extensions["voiceguide"]
    try:
        service.ground.prepare()
        service.shelf.scripts()
    except VoiceguideError as error:
        logging.getLogger("voiceguide").warning("%s", error)


def hang_up(server: Any) -> None:
    """Let go of every client of *server*, and so of the threads that wait for one. In its own thread."""
    from waitress.channel import HTTPChannel

    sockets = server.map if hasattr(server, "map") else server._map
    for each in list(sockets.values()):
        if isinstance(each, HTTPChannel):
            each.handle_close()


commands = (serve,)
