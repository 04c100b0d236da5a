"""The queue of a speaker among its listener's records, where it outlives the program."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import parse_qsl

from voiceguide.errors import VoiceguideError
from voiceguide.listeners.journal import Journal
from voiceguide.listeners.records import PlayQueue, Queued
from voiceguide.server.query import Asked, read_query
from voiceguide.speaker.queue_item import QueueItem
from voiceguide.speaker.state import State

log = logging.getLogger("voiceguide")

BEGUN: Final = 1
"""The `frame` of a queue whose first session was playing; where it goes on is in its bookmark."""

Make = Callable[[str, Asked, bool], QueueItem]
"""Returns the queue item of a script and what is asked for, which goes on where it was left if True."""


class KeptQueue:
    """Keeps in *journal* what plays on a speaker, and what waits. Used by one thread."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._last: PlayQueue | None = None

    def keep(self, state: State) -> None:
        """Keep the queue of *state*, if it has changed; returns at once."""
        made = _queue(state)
        if made != self._last and (self._last is not None or made.items):
            self._journal.line_up(made)
            self._last = made

    def items(self, make: Make) -> Iterator[QueueItem]:
        """Yield what was kept; the session that was playing goes on where it was left.

        Sessions that cannot be played any more are left out, which is logged.
        """
        kept = self._last = self._journal.queue()
        for place, each in enumerate(kept.items if kept is not None else ()):
            begun = kept is not None and kept.frame >= BEGUN and place == 0
            try:
                yield make(each.script, read_query(parse_qsl(each.asked)), begun)
            except VoiceguideError as error:
                log.warning("a session that waited in the queue is left out: %s", error)


def _queue(state: State) -> PlayQueue:
    """Return the queue of *state*, without what the schedule puts in itself, and the grounding session."""
    first = state.coming or state.playing
    playing = (first,) if first is not None and first.lasting else ()
    items = (*playing, *(each for each in state.queue if each.lasting))
    queued = tuple(Queued(each.script, each.asked.query) for each in items)
    return PlayQueue(queued, frame=BEGUN if playing else 0)
