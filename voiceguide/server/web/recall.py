"""What a page shows of the visitor's records; if they cannot be read, it is shown without."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from flask import request

from voiceguide.errors import BusyError, StoreError, WishError
from voiceguide.listeners.store import ListenerStore
from voiceguide.script.model import Script
from voiceguide.server.query import Asked
from voiceguide.server.remembered import remembered
from voiceguide.server.web.context import asked, asked_in, service
from voiceguide.server.web.visitor import records

T = TypeVar("T")


def recall(find: Callable[[ListenerStore], T], otherwise: T) -> T:
    """Return what *find* finds in the visitor's records, or *otherwise* if they cannot be read now."""
    try:
        return find(records())
    except (StoreError, BusyError) as error:
        service().warnings.warn(str(error))
        return otherwise


def asked_as_usual(script: Script) -> Asked:
    """Return the parsed query, completed with the visitor's settings for *script*.

    What the query names counts, also if it is empty, which means the usual. If there is no session with all
    the settings, the length is left out, and then the others.

    Raises:
        WishError: as `asked`.
    """
    plain = asked()
    nothing: dict[str, str] = {}
    settings = recall(lambda store: remembered(store, script, service().studio.cast), nothing)
    more = {name: value for name, value in settings.items() if name not in request.args}
    others = {name: value for name, value in more.items() if name != "length"}
    for each in (more, others):
        wanted = asked_in("", [*request.args.items(multi=True), *each.items()])
        with suppress(WishError):
            service().sessions.get(script.name, wanted)
            return wanted
    return plain
