"""A performance: a session settled as far as needed, and mixed on demand."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct

from voiceguide.audio import Block, Frames
from voiceguide.plan.items import Ahead, Cue, Line
from voiceguide.plan.strays import Stray
from voiceguide.session.settler import Settler
from voiceguide.session.speech import Speech
from voiceguide.sounds.mix import REFERENCE_LUFS, Mixer, Palette
from voiceguide.voices.clips import Clip, Clips


class Sounds(Struct, frozen=True):
    """What a session's performances share; `strayed` is called for each cue not timed as written."""

    clips: Clips
    palette: Palette
    speech: Speech
    strayed: Callable[[Stray], object]

    def clip(self, line: Line) -> Clip:
        """Return *line*'s clip, speaking it if needed."""
        return self.clips.get(line.text, line.pace, line.voice)

    def estimate(self, line: Line) -> Frames:
        """Return the estimated length of *line* in frames. Speaks nothing."""
        return self.clips.estimate(line.text, line.pace)

    def guess(self, line: Line) -> Frames:
        """Return the length of *line* in frames, or an estimate if it is not spoken yet. Speaks nothing."""
        return (
            self.speech.known(line)
            or self.clips.kept(line.text, line.pace, line.voice)
            or self.estimate(line)
        )


class Performance:
    """*cues*, settled as they are needed, as *length* frames made of *sounds*. Thread-safe."""

    def __init__(self, cues: Iterator[Cue | Ahead], length: Frames, sounds: Sounds) -> None:
        self._speech = sounds.speech
        self._settler = Settler(cues, length, sounds.strayed)
        louder = sounds.clips.target_lufs - REFERENCE_LUFS
        self._mixer = Mixer(self._settler.score, sounds.clip, sounds.palette, louder)

    @property
    def known(self) -> int:
        """The frame up to which no later cue changes the mix; it only grows."""
        return self._settler.score.known

    def upto(self, frame: int) -> None:
        """Settle until `known` is at least *frame*, which may wait for lines to be spoken.

        Raises:
            EngineError: if a line cannot be spoken by any voice.
        """
        self._settler.upto(frame)

    def cues(self) -> Iterator[Cue]:
        """Yield every cue in order, settling only as far as iterated; raises as `upto` does."""
        return self._settler.cues()

    def mix(self, start: Frames, count: int) -> Block:
        """Return frames [*start*, *start* + *count*), shape (count, 2), float32; they have to be `known`."""
        return self._mixer.mix(start, count)

    def block(self, start: Frames, count: int) -> Block:
        """Return frames as `mix` does, waiting until they are `known`; raises as `upto` does."""
        self.upto(start + count)
        return self.mix(start, count)

    def stop(self) -> None:
        """Speak no further lines; threads waiting for one get an EngineClosed. Finished clips are kept."""
        self._speech.stop(patience=0.0)
