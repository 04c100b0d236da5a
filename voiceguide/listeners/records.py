"""The kinds of records in a listener store; each record has a key within its kind.

Times are milliseconds since 1970, UTC. No kind records what was missed.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Annotated, Final, Literal, TypeAlias, get_args

from msgspec import Meta, Struct, field
from msgspec.structs import replace

from voiceguide.plan.wishes import Wishes

_Count: TypeAlias = Annotated[int, Meta(ge=0)]


class Place(Struct, frozen=True):
    """Where a session was left: at `frame`, which is `since` frames into an item.

    The item is `steps` items after the one with the mark `line`. A mark says where a line is written and how
    often it was said before; it is the same at any length, with any ambience, and for any variant.
    """

    frame: _Count
    line: str
    steps: _Count = 0
    since: _Count = 0


class Bookmark(Struct, frozen=True, tag_field="kind", tag="bookmark"):
    """Where an exercise was left; one for each exercise.

    `digest` is the script's, `session` is `Session.place_key`, `wishes` reproduce the session, and `rung` is
    the rung reached on a ladder, from 1; 0 if there is none.
    """

    script: str
    digest: str
    place: Place
    session: str = ""
    wishes: Wishes = field(default_factory=Wishes)
    rung: _Count = 0

    @property
    def key(self) -> str:
        return self.script

    def under(self, script: str) -> Bookmark:
        """Return the bookmark for the same script renamed to *script*; marks begin with the file's name."""
        old, new = (f"{PurePosixPath(name).name}.yaml:" for name in (self.script, script))
        line = self.place.line
        if line.startswith(old):
            line = new + line.removeprefix(old)
        return replace(self, script=script, place=replace(self.place, line=line))


class Favourite(Struct, frozen=True, tag_field="kind", tag="favourite"):
    """An exercise that the listener has marked as a favourite."""

    script: str

    @property
    def key(self) -> str:
        return self.script


class Listening(Struct, frozen=True, tag_field="kind", tag="heard"):
    """A listening, begun at the time `began`, `heard` ms long so far; it is written again as it goes on.

    `id` is chosen by the writer, a new one for each listening.
    """

    id: str
    script: str
    began: _Count
    heard: _Count

    @property
    def key(self) -> str:
        return self.id


class Setting(Struct, frozen=True, tag_field="kind", tag="setting"):
    """A default for the exercise `script`, or for all exercises if it is "".

    `name` and `value` are those of an address: ``voice`` and ``piper/joe``, ``length`` and ``7m``, ``eyes``
    and ``closed``.
    """

    name: str
    value: str
    script: str = ""

    @property
    def key(self) -> str:
        return f"{self.name}/{self.script}"


class ProgramDay(Struct, frozen=True, tag_field="kind", tag="program-day"):
    """A day of a program, from 1, that was heard at the time `heard`."""

    program: str
    day: Annotated[int, Meta(ge=1)]
    heard: _Count

    @property
    def key(self) -> str:
        return f"{self.day}/{self.program}"


class CheckInAnswer(Struct, frozen=True, tag_field="kind", tag="check-in"):
    """A self-rating from 0 to 10 on `scale`, before or after an exercise, or at another time."""

    id: str
    scale: str
    value: Annotated[int, Meta(ge=0, le=10)]
    script: str = ""
    moment: Literal["before", "after", ""] = ""

    @property
    def key(self) -> str:
        return self.id


class Note(Struct, frozen=True, tag_field="kind", tag="note"):
    """A note by the listener; `script` is the exercise it was written after, or ""."""

    id: str
    text: str
    script: str = ""

    @property
    def key(self) -> str:
        return self.id


class Queued(Struct, frozen=True):
    """A session in the queue; `asked` is its query (`server.query.Asked.query`)."""

    script: str
    asked: str = ""


class PlayQueue(Struct, frozen=True, tag_field="kind", tag="play-queue"):
    """The play queue; `current` is the index of the item playing, `frame` its position."""

    items: tuple[Queued, ...]
    current: _Count = 0
    frame: _Count = 0

    @property
    def key(self) -> str:
        return ""


Record: TypeAlias = Bookmark | Favourite | Listening | Setting | ProgramDay | CheckInAnswer | Note | PlayQueue

KINDS: Final[Mapping[str, type[Record]]] = {kind.__struct_config__.tag: kind for kind in get_args(Record)}
"""The record types by kind."""


def kind_name(kind: type[Struct]) -> str:
    """Return the key of *kind* in `KINDS`."""
    return str(kind.__struct_config__.tag)
