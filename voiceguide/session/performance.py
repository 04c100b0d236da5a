"""A session performed: settled as far as anybody asks, and mixed on demand."""

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
    """What the performances of a session are made from; `strayed` hears what is not timed as written."""

    clips: Clips
    palette: Palette
    speech: Speech
    strayed: Callable[[Stray], object]

    def clip(self, line: Line) -> Clip:
        """Return *line*'s clip, which may have to be spoken."""
        return self.clips.get(line.text, line.pace, line.voice)

    def estimate(self, line: Line) -> Frames:
        """Return about how long *line* will be. Speaks nothing."""
        return self.clips.estimate(line.text, line.pace)

    def guess(self, line: Line) -> Frames:
        """Return how long *line* is, or about how long if it is not spoken yet. Speaks nothing."""
        return (
            self.speech.known(line)
            or self.clips.kept(line.text, line.pace, line.voice)
            or self.estimate(line)
        )


class Performance:
    """*cues*, settled as they are pulled, as *length* frames made from *sounds*. Thread-safe."""

    def __init__(self, cues: Iterator[Cue | Ahead], length: Frames, sounds: Sounds) -> None:
        self._speech = sounds.speech
        self._settler = Settler(cues, length, sounds.strayed)
        louder = sounds.clips.target_lufs - REFERENCE_LUFS
        self._mixer = Mixer(self._settler.score, sounds.clip, sounds.palette, louder)

    @property
    def known(self) -> int:
        """The frame up to which the mix is decided; it only grows."""
        return self._settler.score.known

    def upto(self, frame: int) -> None:
        """Settle until the mix is decided up to *frame*; this may wait for lines to be spoken.

        Raises:
            EngineError: if a line cannot be spoken by any voice.
        """
        self._settler.upto(frame)

    def cues(self) -> Iterator[Cue]:
        """Yield every cue in order, settling no further than has been asked for; errors as `upto`."""
        return self._settler.cues()

    def mix(self, start: Frames, count: int) -> Block:
        """Return frames [*start*, *start* + *count*), shape (count, 2), float32, of what is `known`."""
        return self._mixer.mix(start, count)

    def block(self, start: Frames, count: int) -> Block:
        """Return frames as `mix` does, once they are known; errors as `upto`."""
        self.upto(start + count)
        return self.mix(start, count)

    def stop(self) -> None:
        """Have no further lines spoken: who waits for one gets an EngineClosed. What was made is kept."""
        self._speech.stop(patience=0.0)
