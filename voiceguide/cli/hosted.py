"""What `serve` and `speaker` share: choosing the token, and serving until asked to end."""

from __future__ import annotations

import secrets
import signal
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from voiceguide.cli.ended import asked_to_end

if TYPE_CHECKING:
    from flask import Flask

    from voiceguide.server.web.hosting import Host


def asked_of_others(path: Path, given: str | None, *, needed: bool, new: bool) -> str | None:
    """Return the token to require: the one *given* or, if one is *needed*, the one kept in *path*, else None.

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


def kept_key(path: Path, *, new: bool = False) -> bytes:
    """Return the key in the file *path*, with which addresses and cookies are signed; *new* makes another."""
    from voiceguide.server.key import kept, random_key

    try:
        return kept(path, new=new)
    except OSError as error:
        click.echo(
            f"The key cannot be kept in {path} ({error.strerror}): token links end with the next start.",
            err=True,
        )
        return random_key()


def run(
    app: Flask, host: str, port: int, token: str | None, ready: Callable[[Host], object] = lambda _: None
) -> None:
    """Serve *app* on *host* and *port* until asked to end; *ready* is called once the port is open.

    Raises:
        SinkError: if it cannot listen there.
    """
    from voiceguide.server.web.hosting import Host

    with closing(Host(app, host, port)) as hosted, suppress(KeyboardInterrupt):

        def stop(_number: int, _frame: object = None) -> None:
            hosted.hang_up()
            raise KeyboardInterrupt

        signal.signal(signal.SIGINT, stop)
        with asked_to_end(stop):
            for address in hosted.addresses:
                click.echo(f"Open {address}/{f'?token={token}' if token else ''}")
            ready(hosted)
            hosted.run()
