"""A session: a script and a listener's wishes, of an exact length before any sound is made."""

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
    # Imported late, by callers that write files: playing does not need `export` and starts sooner without it.
    from voiceguide.export.recording import Segment
    from voiceguide.export.stream import Stream

MIXING: Final = 2
"""Part of every session's key: raise it when the same cues and clips give other samples."""

ENCODING: Final = 3
"""Part of every session's key: raise it when the same samples are encoded as other bytes."""

_PIECE: Final = 48_000


class _Unspoken(Exception):
    """A line is not spoken yet."""


class Session(Struct, frozen=True, dict=True):
    """What a listener hears, as cues, blocks, encoded segments or a file. Made by `Studio.session`.

    All of these have the same samples; each is made as far as it is iterated, and leaving early stops the
    work. `asked` is the wishes as resolved, and `wishes` the same with a possible length. Thread-safe.
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
        _ = self.performance  # made now, as a cached property has no lock

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
        """A sentence if the voice speaks another language than the script's, else ""."""
        return stranger(self.clips.cast[0], self.script.language)

    @cached_property
    def telling(self) -> Telling:
        """Logs that the session is not timed as written, should that happen."""
        return Telling(self.voice)

    @cached_property
    def key(self) -> str:
        """A hash of everything that samples and files depend on: equal keys, equal bytes."""
        first = self.clips.cast[0]
        read = [self.clips.respell(line.text, first.engine.name) for line in self.timeline.lines]
        facts = [self.script.digest, self.wishes.key(), str(first), first.engine.version, read]
        facts += self.palette.marks
        return hashlib.sha256(json.dumps([*facts, MIXING, ENCODING]).encode()).hexdigest()

    @cached_property
    def place_key(self) -> str:
        """A hash of script, wishes and voice without the seed, so that it is the same on every day."""
        facts = [self.script.digest, replace(self.asked, seed="", voice=None).key(), self.voice]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()

    @cached_property
    def performance(self) -> Performance:
        """The performance of the whole session. It does not refer to the session, which can be freed."""
        sounds = self.sounds()
        reader = Recital(sounds.speech, self.timeline.lines, self.ahead)
        cues = settle(self.timeline, self.length, self.clips.estimate, reader.length)
        return Performance(cues, self.length, sounds)

    def sounds(self) -> Sounds:
        """Return the sounds for a new performance, with a queue of lines of its own."""
        speech = Speech(partial(_speak, self.clips), self.speakers, self.encoders)
        return Sounds(self.clips, self.palette, speech, self.telling)

    def planned(self) -> tuple[Cue, ...]:
        """Return the cues with every line as long as estimated. Speaks nothing."""
        estimates = settle(self.timeline, self.length, self.clips.estimate, self._estimate)
        return tuple(cue for cue in estimates if not isinstance(cue, Ahead))

    def lengths(self) -> tuple[Reach, ...]:
        """Return the lengths that this session could have with all other wishes unchanged."""
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
        """Return the first *count* frames as `block` does, or None if a line had to be spoken for them."""
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
        """Return the session as bytes readable in any order: see `voiceguide.export.recording.stream`."""
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
        """Speak no further lines; threads waiting for one get an EngineClosed. Finished clips are kept."""
        self.performance.stop()

    def _estimate(self, line: Line) -> Frames:
        return self.clips.estimate(line.text, line.pace)


def _speak(clips: Clips, line: Line) -> Frames:
    return clips.length(line.text, line.pace, line.voice)


def _unspoken(line: Line) -> Frames:
    raise _Unspoken(line.text)
