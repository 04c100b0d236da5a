"""What a listener's records say for the pages: usual wishes, favourites, the next day of a program."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, assert_never

from voiceguide.errors import EngineError
from voiceguide.library.programs import Program
from voiceguide.listeners.records import Favourite, Listening, ProgramDay, Setting
from voiceguide.listeners.settings import settings_of
from voiceguide.listeners.store import ListenerStore
from voiceguide.script.model import Lengths, Own, Script
from voiceguide.server import offer
from voiceguide.server.query import PARAMETERS, option_name
from voiceguide.sounds import ambience
from voiceguide.voices.cast import stranger
from voiceguide.voices.clips import Casting

SETTINGS: Final = ("length", "voice", "ambience", "level", "rungs", "name", "loudness")
"""The parameters that can be settings; so can the options of exercises."""

Cast = Callable[[str, str], Sequence[Casting]]
"""Returns the cast for a wished voice and a language, or raises EngineError; `Studio.cast`."""


def remembered(store: ListenerStore, script: Script, cast: Cast) -> dict[str, str]:
    """Return the listener's settings for *script*, as parameters of a query and their values.

    Settings that *script* does not offer are left out: it may have no such option, or be shorter.

    Raises:
        StoreError: if *store* cannot be read.
    """
    settings = settings_of((kept.record for kept in store.all(Setting)), script.name)
    fitting: dict[str, str] = {}
    for name, value in settings.items():
        if name in script.options:
            if value in script.options[name]:
                fitting[option_name(name)] = value
        elif name in SETTINGS and _offers(script, name, value, cast):
            fitting[name] = value
    return fitting


def favourites(store: ListenerStore) -> tuple[str, ...]:
    """Return the names of the listener's favourite exercises, the latest first."""
    return tuple(kept.record.script for kept in store.all(Favourite))


def heard_lately(store: ListenerStore, most: int) -> tuple[Listening, ...]:
    """Return the last *most* entries of the history, the latest first."""
    found = (kept.record for kept in store.all(Listening, most))
    return tuple(sorted(found, key=lambda heard: heard.began, reverse=True))


def next_day(store: ListenerStore, program: Program) -> int | None:
    """Return the day of *program* to hear next; None if none was heard yet, or it is over.

    That is the day after the highest that was heard. Once the last day was heard, it is the day after the one
    heard latest, for those who begin again. Days left out are not counted.
    """
    days = sorted({sitting.day for sitting in program.sittings})
    heard = [kept.record for kept in store.all(ProgramDay) if kept.record.program == program.name]
    if not heard:
        return None
    highest = max(heard, key=lambda each: each.day).day
    latest = max(heard, key=lambda each: (each.heard, each.day)).day
    after = highest if highest < days[-1] else latest
    return next((day for day in days if day > after), None)


def _offers(script: Script, name: str, value: str, cast: Cast) -> bool:
    try:
        read = PARAMETERS[name].read(value)
    except ValueError:
        return False
    match name:
        case "length":
            return _lasts(script.length, read)
        case "voice":
            return _speaks(value, script.language, cast)
        case "ambience":
            return value == "none" or any(sound.name == value for sound in ambience.sounds())
        case "rungs":
            return bool(1 <= read <= len(offer.rungs(script)))
    return True


def _lasts(has: Lengths | Own, length: int) -> bool:
    match has:
        case Lengths(least=least, most=most):
            return least <= length <= most
        case Own():
            return False
        case _:
            assert_never(has)


def _speaks(voice: str, language: str, cast: Cast) -> bool:
    try:
        return not stranger(cast(voice, language)[0], language)
    except EngineError:
        return False
