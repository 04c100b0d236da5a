"""A recording as a loop: its end crossfaded into its start, never digital silence, written as it is read."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from voiceguide.audio import CHANNELS, RATE, Block, decibels, gain
from voiceguide.errors import AssetError
from voiceguide.sounds.ambience.events import gains
from voiceguide.sounds.ambience.heard import Heard

if TYPE_CHECKING:
    from pydub import AudioSegment

Pcm = npt.NDArray[np.int16]
"""Samples of shape (frames, 2)."""

_JOIN_MS: Final = 4_000
_PIECE_MS: Final = 200
_MILLISECOND: Final = RATE // 1000


class Loop(Struct, frozen=True):
    """The frames in *span* of the sound that *decoded* yields anew each time, analysed as *heard*, as a loop.

    Its largest sample is *peak*, where 1 is full scale; *floor_db* is the level of noise added against
    silence.
    """

    decoded: Callable[[], Iterable[Block]]
    heard: Heard
    span: tuple[int, int]
    peak: float
    floor_db: float

    @property
    def frames(self) -> int:
        """The frames of one round, in which the crossfade counts once."""
        return self.span[1] - self.span[0] - self._join

    def write(self, path: Path) -> float:
        """Write one round to *path* as FLAC, and return its largest absolute sample, where 1 is full scale.

        Raises:
            AssetError: if the recording has changed.
            OSError: if *path* cannot be written.
        """
        import soundfile as sf

        done, largest = 0, 0
        noise = _noise(self.floor_db)
        try:
            with sf.SoundFile(path, "w", RATE, CHANNELS, "PCM_16", format="FLAC") as file:
                for pcm in self._turn():
                    pcm += noise[np.arange(done, done + len(pcm)) % len(noise)]
                    file.write(pcm)
                    done += len(pcm)
                    largest = max(largest, int(np.max(pcm)), -int(np.min(pcm)))
        except sf.SoundFileError as error:
            raise OSError(f"{path} cannot be written: {error}") from error
        if done != self.frames:
            raise AssetError("The recording was changed while it was read; try again.")
        return largest / 32768

    @property
    def _join(self) -> int:
        longest = (self.span[1] - self.span[0]) // _MILLISECOND // 4 // _PIECE_MS * _PIECE_MS
        return min(_JOIN_MS, longest) * _MILLISECOND

    def _turn(self) -> Iterator[Pcm]:
        """Yield the crossfade, and then the part between its two ends."""
        (start, stop), join = self.span, self._join
        head = np.concatenate([*self._stretch(start, start + join)])
        tail = np.concatenate([*self._stretch(stop - join, stop)])
        yield _crossfaded(tail, head)
        yield from self._stretch(start + join, stop - join)

    def _stretch(self, start: int, stop: int) -> Iterator[Pcm]:
        """Yield frames [*start*, *stop*) without offset, scaled to the peak."""
        at, scale = 0, np.float32(self.peak / self.heard.peak * 32767)
        for block in self.decoded():
            if at >= stop:
                return
            first = max(0, start - at)
            part = block[first : stop - at]
            at += len(block)
            if len(part):
                level = (part - self.heard.offset.astype(np.float32)) * scale
                factor = gains(self.heard, at - len(block) + first, len(part))
                if factor is not None:
                    level *= factor[:, np.newaxis].astype(np.float32)
                yield np.rint(level).astype(np.int16)


def _noise(floor_db: float) -> Pcm:
    """Return ten seconds of noise at *floor_db*, at least one step of 16 bits."""
    noise = np.random.default_rng(0).standard_normal((RATE * 10, 1), dtype=np.float32)
    louder = np.ceil(np.abs(noise) * (gain(floor_db) * 32768))
    return (louder * np.sign(noise)).astype(np.int16)


def _crossfaded(tail: Pcm, head: Pcm) -> Pcm:
    """Return *tail* crossfaded into *head* with equal power."""
    going = _curved(tail, lambda part: math.cos(part * math.pi / 2))
    coming = _curved(head, lambda part: math.sin(part * math.pi / 2))
    joined: Pcm = np.frombuffer(going.overlay(coming).raw_data, dtype=np.int16).reshape(-1, CHANNELS).copy()
    return joined


def _curved(pcm: Pcm, curve: Callable[[float], float]) -> AudioSegment:
    """Return *pcm* under *curve* (0..1 to amplitude), in linear pieces.

    pydub's own crossfade is linear in amplitude, in which two unrelated sounds dip by 3 dB in the middle.
    """
    from pydub import AudioSegment

    part = AudioSegment(pcm.tobytes(), sample_width=2, frame_rate=RATE, channels=CHANNELS)
    pieces = part[:0]
    for at in range(0, len(part), _PIECE_MS):
        first, last = curve(at / len(part)), curve((at + _PIECE_MS) / len(part))
        levels = [max(decibels(level), -120.0) if level > 0 else -120.0 for level in (first, last)]
        piece = part[at : at + _PIECE_MS]
        pieces += piece.fade(from_gain=levels[0], to_gain=levels[1], start=0, end=len(piece))
    return pieces
