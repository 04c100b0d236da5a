"""A session: a script and a listener's wishes, of exact length before it has a sound."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from voiceguide.audio import Block, Frames
from voiceguide.plan.fit import Reach
from voiceguide.plan.items import Ahead, Cue, Line, Timeline
from voiceguide.plan.plan import lengths
from voiceguide.plan.settle import settle
from voiceguide.plan.wishes import Resolved
from voiceguide.script.model import Script
from voiceguide.session.performance import Performance, Sounds
from voiceguide.session.settler import Telling
from voiceguide.session.speech import Recital, Speech
from voiceguide.sounds.palette import SessionPalette
from voiceguide.voices.cast import stranger
from voiceguide.voices.clips import Clips

if TYPE_CHECKING:
    # `export` is imported by who writes files: playing needs none of it, and starts sooner.
    from voiceguide.export.recording import Segment
    from voiceguide.export.stream import Stream

MIXING: Final = 2
"""Part of every session's key: raise it when the same cues and clips begin to sound different."""

ENCODING: Final = 3
"""Part of every session's key: raise it when the same samples begin to be written as other bytes."""

_PIECE: Final = 48_000


class _Unspoken(Exception):
    """A line would have to be spoken first."""


class Session(Struct, frozen=True, dict=True):
    """What a listener hears, as cues, blocks, encoded segments or a file. Made by `Studio.session`.

    All views are of the same samples; each is made as far as it is pulled, and leaving early stops the work.
    `asked` is what became `wishes` once a length was found that can be had. Thread-safe.
    """

    script: Script
    wishes: Resolved
    asked: Resolved
    timeline: Timeline
    clips: Clips
    palette: SessionPalette
    speakers: Executor
    ahead: int
    encoders: int
    day: str

    def __post_init__(self) -> None:
        _ = self.performance  # made by who makes the session: a cached property has no lock of its own

    @property
    def length(self) -> Frames:
        """The exact length in frames at `audio.RATE`."""
        return self.wishes.length

    @property
    def voice(self) -> str:
        """Who speaks, as ``ENGINE/VOICE``."""
        return str(self.clips.cast[0])

    @property
    def stranger(self) -> str:
        """What to say of a voice that speaks another language than the script's; "" where it does not."""
        return stranger(self.clips.cast[0], self.script.language)

    @cached_property
    def telling(self) -> Telling:
        """Who says that the session is not timed as written, if it comes to that."""
        return Telling(self.voice)

    @cached_property
    def key(self) -> str:
        """A hash of all that samples and files depend on: the same key, the same bytes."""
        first = self.clips.cast[0]
        read = [self.clips.respell(line.text, first.engine.name) for line in self.timeline.lines]
        facts = [self.script.digest, self.wishes.key(), str(first), first.engine.version, read]
        facts += self.palette.marks
        return hashlib.sha256(json.dumps([*facts, MIXING, ENCODING]).encode()).hexdigest()

    @cached_property
    def place_key(self) -> str:
        """A hash of what was asked for, the same on every day: whichever variants the day's seed chooses."""
        facts = [self.script.digest, replace(self.asked, seed="", voice=None).key(), self.voice]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()

    @cached_property
    def performance(self) -> Performance:
        """All of it, as it is heard. It does not refer to the session, which is freed as it is let go."""
        sounds = self.sounds()
        reader = Recital(sounds.speech, self.timeline.lines, self.ahead)
        cues = settle(self.timeline, self.length, self.clips.estimate, reader.length)
        return Performance(cues, self.length, sounds)

    def sounds(self) -> Sounds:
        """Return what a performance is made from; each has lines spoken in an order of its own."""
        speech = Speech(partial(_speak, self.clips), self.speakers, self.encoders)
        return Sounds(self.clips, self.palette, speech, self.telling)

    def planned(self) -> tuple[Cue, ...]:
        """Return the cues as they would be if every line took as long as estimated. Nothing is spoken."""
        estimates = settle(self.timeline, self.length, self.clips.estimate, self._estimate)
        return tuple(cue for cue in estimates if not isinstance(cue, Ahead))

    def lengths(self) -> tuple[Reach, ...]:
        """Return the stretches of lengths that this session could have, all else as it is."""
        return lengths(self.script, self.wishes, self.clips.estimate)

    def cues(self) -> Iterator[Cue]:
        """Yield the cues in order of time, the `EndCue` last; each waits for its line to be spoken.

        Raises:
            EngineError: if a line cannot be spoken by any voice.
        """
        return self.performance.cues()

    def block(self, start: Frames, count: int) -> Block:
        """Return frames [*start*, *start* + *count*), shape (count, 2), float32; any split gives the same.

        Waits for the lines that begin before the range ends, and for no others.

        Raises:
            EngineError: if a line cannot be spoken by any voice.
        """
        return self.performance.block(start, count)

    def opening(self, count: int) -> Block | None:
        """Return the first *count* frames, as `block` does, if no line need be spoken for them; else None."""
        cues = settle(self.timeline, self.length, self.clips.estimate, _unspoken)
        try:
            return Performance(cues, self.length, self.sounds()).block(Frames(0), count)
        except _Unspoken:
            return None

    def blocks(self, start: Frames = Frames(0)) -> Iterator[Block]:
        """Yield the session from *start* on, in blocks of at most one second."""
        for at in range(start, self.length, _PIECE):
            yield self.block(Frames(at), min(_PIECE, self.length - at))

    def segments(self, codec: str = "mp3", bitrate: int | None = None) -> Iterator[Segment]:
        """Yield the session encoded: see `voiceguide.export.recording.segments`."""
        from voiceguide.export import recording

        return recording.segments(self, codec, bitrate)

    def stream(self, codec: str = "mp3", bitrate: int | None = None) -> Stream:
        """Return the session as bytes to be had in any order: see `voiceguide.export.recording.stream`."""
        from voiceguide.export import recording

        return recording.stream(self, codec, bitrate)

    def render(
        self,
        path: str | Path,
        *,
        bitrate: int | None = None,
        sides: Iterable[str] = (),
        progress: Callable[[float], None] | None = None,
        strict: bool = False,
    ) -> Path:
        """Write the session to *path*, and *sides* beside it: see `voiceguide.export.recording.render`."""
        from voiceguide.export import recording

        return recording.render(self, path, bitrate=bitrate, sides=sides, progress=progress, strict=strict)

    def stop(self) -> None:
        """Have no further lines spoken: who waits for one gets an EngineError. What was made is kept."""
        self.performance.stop()

    def _estimate(self, line: Line) -> Frames:
        return self.clips.estimate(line.text, line.pace)


def _speak(clips: Clips, line: Line) -> Frames:
    return clips.length(line.text, line.pace, line.voice)


def _unspoken(line: Line) -> Frames:
    raise _Unspoken(line.text)
