"""What is remembered of a listener: one closed set of values, each kept under a key of its kind.

Times are milliseconds since 1970, UTC. Nothing here says what was not done.
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
    """Where a session was left: at `frame`, which is `since` frames into one of its items.

    That item comes `steps` items after the one with the mark `line`. A mark says where a line is written and
    how often it was said before; it is the same at any length, with any sound, and on a day that chooses
    other variants.
    """

    frame: _Count
    line: str
    steps: _Count = 0
    since: _Count = 0


class Bookmark(Struct, frozen=True, tag_field="kind", tag="bookmark"):
    """Where an exercise was left, one for each.

    `digest` is its script's, `session` the place key of the session (`Session.place_key`), `wishes` make that
    session again, and `rung` is the rung of a ladder that was reached, from 1; 0 without one.
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
        """Return it for the same script under the name *script*: marks begin with the name of their file."""
        old, new = (f"{PurePosixPath(name).name}.yaml:" for name in (self.script, script))
        line = self.place.line
        if line.startswith(old):
            line = new + line.removeprefix(old)
        return replace(self, script=script, place=replace(self.place, line=line))


class Favourite(Struct, frozen=True, tag_field="kind", tag="favourite"):
    """An exercise that the listener likes to find again."""

    script: str

    @property
    def key(self) -> str:
        return self.script


class Heard(Struct, frozen=True, tag_field="kind", tag="heard"):
    """An exercise was heard from the time `began` on, for `heard` ms in all; written again as it goes on.

    `id` is made up by who writes it, one for each time that something is begun.
    """

    id: str
    script: str
    began: _Count
    heard: _Count

    @property
    def key(self) -> str:
        return self.id


class Setting(Struct, frozen=True, tag_field="kind", tag="setting"):
    """What the listener likes: of one exercise, or of all where `script` is "".

    `name` and `value` are as in an address: ``voice`` and ``piper/joe``, ``length`` and ``7m``, ``eyes`` and
    ``closed``.
    """

    name: str
    value: str
    script: str = ""

    @property
    def key(self) -> str:
        return f"{self.name}/{self.script}"


class ProgramDay(Struct, frozen=True, tag_field="kind", tag="program-day"):
    """A day of a program that was heard, from 1, and when."""

    program: str
    day: Annotated[int, Meta(ge=1)]
    heard: _Count

    @property
    def key(self) -> str:
        return f"{self.day}/{self.program}"


class CheckIn(Struct, frozen=True, tag_field="kind", tag="check-in"):
    """How it was on a scale from 0 to 10, which is called `scale`, before, after or between exercises."""

    id: str
    scale: str
    value: Annotated[int, Meta(ge=0, le=10)]
    script: str = ""
    moment: Literal["before", "after", ""] = ""

    @property
    def key(self) -> str:
        return self.id


class Note(Struct, frozen=True, tag_field="kind", tag="note"):
    """Words of the listener's own; `script` is the exercise that they were written after, or ""."""

    id: str
    text: str
    script: str = ""

    @property
    def key(self) -> str:
        return self.id


class Queued(Struct, frozen=True):
    """A session in a queue; `asked` is what an address asks of it (`server.query.Asked.query`)."""

    script: str
    asked: str = ""


class PlayQueue(Struct, frozen=True, tag_field="kind", tag="play-queue"):
    """What is to be heard, as one value; `current` is the index of what plays, `frame` how far it is."""

    items: tuple[Queued, ...]
    current: _Count = 0
    frame: _Count = 0

    @property
    def key(self) -> str:
        return ""


Record: TypeAlias = Bookmark | Favourite | Heard | Setting | ProgramDay | CheckIn | Note | PlayQueue

KINDS: Final[Mapping[str, type[Record]]] = {kind.__struct_config__.tag: kind for kind in get_args(Record)}
"""The kinds of records, by name."""


def kind_name(kind: type[Struct]) -> str:
    """Return what the kind of record *kind* is called in `KINDS`."""
    return str(kind.__struct_config__.tag)
