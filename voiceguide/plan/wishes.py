"""The listener's wishes, and their resolution against a script."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final, Literal, assert_never

from msgspec import Struct, field, to_builtins

from voiceguide.audio import Frames, clock
from voiceguide.errors import LengthError, WishError
from voiceguide.plan.fit import Reach, told
from voiceguide.plan.walk import walk
from voiceguide.script.markup import refuse
from voiceguide.script.model import Bed, Ladder, Lengths, Own, Script

Loudness = Literal["calm", "podcast"]

LOUDNESSES: Final[tuple[Loudness, ...]] = ("calm", "podcast")
QUIETEST_DB: Final = -60.0
LOUDEST_DB: Final = 6.0
LONGEST_NAME: Final = 60


class Wishes(Struct, frozen=True):
    """What a listener asks for; None means the script's choice.

    `voice` is ``engine`` or ``engine/name``. `ambience` is a sound's name, or ``none``; its level is in dB
    relative to the voice. `rungs` is how far up a ladder to go. `name` is the listener's, for ``{name}``.
    """

    length: Frames | None = None
    voice: str | None = None
    ambience: str | None = None
    ambience_level_db: float | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    seed: str | None = None
    rungs: int = 1
    loudness: Loudness = "calm"
    name: str | None = None


class Resolved(Struct, frozen=True):
    """Wishes with the script's defaults filled in; equal values give equal sessions.

    `voice` None is the best that is ready. `bed` is the ambience at the start; if `own_sound` or `own_level`
    is set, the listener chose it, and later changes in the script do not override it.
    """

    length: Frames
    voice: str | None
    bed: Bed
    own_sound: bool
    own_level: bool
    options: tuple[tuple[str, str], ...]
    seed: str
    rungs: int
    loudness: Loudness
    name: str

    def key(self) -> str:
        """Return these wishes as one line of JSON, the same on every machine: part of a session's hash."""
        return json.dumps(to_builtins(self), sort_keys=True, separators=(",", ":"))


def again(script: Script, resolved: Resolved, voice: str) -> Wishes:
    """Return wishes that `resolve` turns into *resolved* on any day, spoken by *voice*."""
    return Wishes(
        length=None if resolved.length == _usual(script.length) else resolved.length,
        voice=voice,
        ambience=(resolved.bed.sound or "none") if resolved.own_sound else None,
        ambience_level_db=resolved.bed.level_db if resolved.own_level else None,
        options=dict(resolved.options),
        seed=resolved.seed,
        rungs=resolved.rungs,
        loudness=resolved.loudness,
        name=resolved.name or None,
    )


def resolve(script: Script, wishes: Wishes, today: date) -> Resolved:
    """Return *wishes* with the script's defaults filled in; the seed is *today* unless one is asked for.

    If a script has a length of its own, `plan.unasked` puts it in later.

    Raises:
        LengthError: if the length is outside those the script declares.
        WishError: if another wish is not offered by the script.
    """
    if wishes.loudness not in LOUDNESSES:
        raise WishError(f'loudness can be {_either(LOUDNESSES)}; "{wishes.loudness}" was asked')
    return Resolved(
        length=_length(script, wishes.length),
        voice=wishes.voice or script.voice,
        bed=_bed(script.bed, wishes),
        own_sound=wishes.ambience is not None,
        own_level=wishes.ambience_level_db is not None,
        options=_options(script, wishes.options),
        seed=today.isoformat() if wishes.seed is None else wishes.seed,
        rungs=_rungs(script, wishes.rungs),
        loudness=wishes.loudness,
        name=_name(wishes.name),
    )


def _length(script: Script, asked: Frames | None) -> Frames:
    least, most = script.length.least, script.length.most
    length = _usual(script.length) if asked is None else asked
    if not least <= length <= most:
        raise LengthError(
            f'"{script.name}" can last {told((Reach(least, most),), length)}; {clock(length)} was asked',
            asked=length,
            shortest=least,
            longest=most,
        )
    return length


def _usual(length: Lengths | Own) -> Frames:
    match length:
        case Lengths(default=default):
            return default
        case Own(least=least):
            return least
        case _:
            assert_never(length)


def _bed(bed: Bed, wishes: Wishes) -> Bed:
    sound, level = bed.sound, bed.level_db
    if wishes.ambience is not None:
        sound = None if wishes.ambience == "none" else wishes.ambience
    if wishes.ambience_level_db is not None:
        level = wishes.ambience_level_db
        if not (math.isfinite(level) and QUIETEST_DB <= level <= LOUDEST_DB):
            raise WishError(
                f"the ambience can be from {QUIETEST_DB:g} to {LOUDEST_DB:g} dB against the voice; "
                f"{level:g} dB was asked"
            )
    return Bed(sound, float(level))


def _options(script: Script, asked: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    for name, value in asked.items():
        if name not in script.options:
            offered = f"it has {_either(script.options)}" if script.options else "it has none"
            raise WishError(f'"{script.name}" has no option "{name}"; {offered}')
        if value not in script.options[name]:
            allowed = _either(script.options[name])
            raise WishError(f'"{name}" of "{script.name}" can be {allowed}; "{value}" was asked')
    return tuple((name, asked.get(name, values[0])) for name, values in script.options.items())


def _rungs(script: Script, asked: int) -> int:
    if asked == 1:
        return asked
    ladders = (step for step in walk(script.steps) if isinstance(step, Ladder))
    highest = max((len(ladder.rungs) for ladder in ladders), default=None)
    if highest is None:
        raise WishError(f'"{script.name}" has no ladder to climb; leave the rungs out')
    if not 1 <= asked <= highest:
        raise WishError(f'the ladder of "{script.name}" has rungs 1 to {highest}; {asked} was asked')
    return asked


def _name(asked: str | None) -> str:
    name = " ".join((asked or "").split())
    if len(name) > LONGEST_NAME:
        raise WishError(f"a name can have {LONGEST_NAME} letters; this one has {len(name)}")
    try:
        refuse(name)
    except ValueError as error:
        raise WishError(f"a name is spoken as it is: {error}") from None
    return name


def _either(values: Iterable[str]) -> str:
    return " or ".join(values)
