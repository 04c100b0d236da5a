"""The registered engines: entry points of the group ``voiceguide.engines``, each loaded when asked for.

A plug-in that cannot be loaded, or whose status cannot be read, is listed with the reason; others still work.
"""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Final, cast

from msgspec import Struct

from voiceguide.errors import EngineError, EngineMissing
from voiceguide.voices.engine import Engine, Status, Voice
from voiceguide.voices.guard import Guarded, tried
from voiceguide.voices.languages import best, speaks
from voiceguide.voices.points import loaded, points

AUTO: Final = "auto"

Broken = Callable[[str, EngineError], object]

Allowed = Collection[str] | None
"""The engines that may send text over a network if they are named; None means any."""

_BEST_FIRST: Final = ("kokoro", "piper", "system", "pico")
_BEST_FIRST_ON_LINUX: Final = ("kokoro", "piper", "pico", "system")
"""On Linux the system's own voices are eSpeak's, which listeners find less natural than Pico's."""

_LAST: Final = "hum"


class EngineRow(Struct, frozen=True):
    """One engine as ``voiceguide voices`` lists it, with its voices if it could be loaded."""

    engine: str
    status: Status
    voices: tuple[Voice, ...] = ()
    local: bool = False


class VoiceWish(Struct, frozen=True):
    """A wish such as ``piper/joe`` in its parts; None leaves the choice open."""

    engine: str | None = None
    voice: str | None = None


def wanted(spec: str | None) -> VoiceWish:
    """Return the parts of *spec*: ``auto`` (or None), ``ENGINE`` or ``ENGINE/VOICE``."""
    engine, _, voice = (spec or AUTO).partition("/")
    return VoiceWish() if engine == AUTO else VoiceWish(engine, voice or None)


def auto_order(found: Iterable[str], platform: str = sys.platform) -> tuple[str, ...]:
    """Return the engines *found*, the best on *platform* first, then others by name, hum last.

    The order is kokoro, piper, the system's own voices, pico, eSpeak.
    """
    best = _BEST_FIRST_ON_LINUX if platform == "linux" else _BEST_FIRST
    rank = {name: place for place, name in enumerate(best)}
    return tuple(sorted(found, key=lambda name: (name == _LAST, rank.get(name, len(rank)), name)))


def names() -> tuple[str, ...]:
    """Return the names of all engines in `auto_order`, without loading any."""
    return auto_order(points())


def load(name: str, patience: float | None = None) -> Guarded:
    """Return a new engine, wrapped in `Guarded`; *patience* is as there.

    Raises:
        EngineError: if there is no engine *name*, or it cannot be loaded.
    """
    point = points().get(name)
    if point is None:
        raise _no_engine(name, names())
    made = tried(f'engine "{name}" cannot be loaded', lambda: cast(Callable[[], Engine], loaded(point))())
    try:
        return Guarded(made, name, patience)
    except EngineError as error:
        raise EngineError(f'engine "{name}" cannot be loaded: {error}') from error


def listing(allowed: Allowed = None) -> tuple[EngineRow, ...]:
    """Return a row for every engine in `auto_order`, including the broken ones.

    Of the engines that are not local, only the *allowed* ones are included.
    """
    rows = (_row(name) for name in names())
    return tuple(row for row in rows if row.local or allowed is None or row.engine in allowed)


def choose(spec: str | None = None, allowed: Allowed = None) -> tuple[str, ...]:
    """Return the engines to try for *spec* (``auto``, ``ENGINE`` or ``ENGINE/VOICE``), in order.

    The one asked for comes first, then the others that are ready in `auto_order`, hum last. A voice asked for
    applies to the first engine; the others speak with their default. An engine that is not local is included
    only if it is asked for and *allowed*.

    Raises:
        EngineError: if there is no such engine, it may not be used here, or it has no such voice.
        EngineMissing: if something it needs is not installed.
    """
    return tuple(chain(spec, allowed=allowed))


def chain(
    spec: str | None = None, broken: Broken = lambda name, error: None, allowed: Allowed = None
) -> Iterator[str]:
    """Yield the engines of `choose`, each tested only when it is asked for.

    *broken* is called for each engine that is skipped because it cannot be loaded or its status is invalid.

    Raises:
        EngineError, EngineMissing: at the first item, as in `choose`.
    """
    wish = wanted(spec)
    if wish.engine is None:
        yield from _ready(names(), broken)
        return
    row = _asked(wish, allowed)
    yield row.engine
    yield from _ready((name for name in names() if name != row.engine), broken)


def speaker_of(language: str) -> str | None:
    """Return the best voice installed here that speaks *language*, as ``ENGINE/VOICE``, if there is one."""
    for name in chain():
        try:
            voice = best(load(name).voices(), language)
        except EngineError:
            continue
        if voice is not None and speaks(voice.language, language):
            return f"{name}/{voice.name}"
    return None


def _asked(wish: VoiceWish, allowed: Allowed) -> EngineRow:
    """Return the row of the engine asked for, or raise the error that keeps it from speaking."""
    name = str(wish.engine)
    if name not in points() and allowed is not None:
        raise _no_engine(name, (row.engine for row in listing(allowed)))
    engine = load(name)
    if not (engine.local or allowed is None or name in allowed):
        raise EngineError(
            f'engine "{name}" sends what it says over the network, and may be asked for only where '
            f"whoever runs this has started it with --allow-engine {name}"
        )
    row = _look(name, engine)
    if not row.status.ready:
        raise _missing(f'engine "{name}" is not ready: {row.status.why}', row.status.mend)
    if wish.voice is None:
        return row
    voice = next((voice for voice in row.voices if voice.name == wish.voice), None)
    if voice is None:
        near = _nearest(wish.voice, [voice.name for voice in row.voices])
        raise EngineError(f'engine "{name}" has no voice "{wish.voice}"; {near}')
    if not voice.ready:
        raise _missing(f'voice "{name}/{voice.name}" is not installed', voice.mend)
    return row


def _ready(found: Iterable[str], broken: Broken) -> Iterator[str]:
    """Yield the local engines of *found* that can speak here.

    Voices are not listed, which may take a process.
    """
    for name in found:
        try:
            engine = load(name)
            ready = engine.local and engine.status().ready
        except EngineError as error:
            broken(name, error)
            continue
        if ready:
            yield name


def _row(name: str) -> EngineRow:
    try:
        return _look(name, load(name))
    except EngineError as error:
        return EngineRow(name, Status(ready=False, why=str(error)))


def _look(name: str, engine: Engine) -> EngineRow:
    try:
        status = engine.status()
    except EngineError as error:
        return EngineRow(name, _unready(error), local=engine.local)
    try:
        return EngineRow(name, status, engine.voices(), engine.local)
    except EngineError as error:
        return EngineRow(name, _unready(error) if status.ready else status, local=engine.local)


def _unready(error: EngineError) -> Status:
    mend = error.mend if isinstance(error, EngineMissing) else ""
    return Status(ready=False, why=str(error), mend=mend)


def _missing(what: str, mend: str) -> EngineMissing:
    return EngineMissing(f"{what}; mend it with: {mend}" if mend else what, mend)


def _no_engine(name: str, known: Iterable[str]) -> EngineError:
    return EngineError(f'there is no engine "{name}"; {_nearest(name, known)}')


def _nearest(name: str, known: Iterable[str]) -> str:
    known = tuple(known)
    near = difflib.get_close_matches(name, known, n=1)
    return f'did you mean "{near[0]}"?' if near else f"there are {', '.join(known)}"
