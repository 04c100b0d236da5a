"""A bed: layers that go round at different periods, as a pure function of the frame index."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
from msgspec import Struct

from voiceguide.audio import CHANNELS, Block, Frames, Mono
from voiceguide.errors import AssetError

REFERENCE_LUFS: Final = -19.0
"""Loudness of every bed and bell as given out: that of the voice, so a level of -20 dB is 20 dB under it."""


class Layer(Protocol):
    """One loop of a bed, at its final level."""

    def add_to(self, out: Block, start: int) -> None:
        """Add the frames from *start* on, going round, to *out* in place. Reads nothing but its arguments."""


class HeldLayer(Struct, frozen=True):
    """A loop in memory; shape (frames, 2)."""

    samples: Block

    def add_to(self, out: Block, start: int) -> None:
        turn = len(self.samples)
        done, at = 0, start % turn
        while done < len(out):
            count = min(len(out) - done, turn - at)
            out[done : done + count] += self.samples[at : at + count]
            done, at = done + count, 0


class FiledLayer(Struct, frozen=True):
    """A loop read from its file as needed: too long to hold, or wanted at once.

    `factor` brings it to its level; a mono file is for two `ears`, with their `shift` and `cross`. Each call
    opens the file for itself: threads share nothing.
    """

    path: Path
    frames: int
    factor: np.float32
    shift: int = 0
    cross: float = 0.0

    def add_to(self, out: Block, start: int) -> None:
        """Add the frames from *start* on.

        Raises:
            AssetError: if the file has gone or is damaged.
        """
        import soundfile as sf

        try:
            with sf.SoundFile(self.path) as file:
                if file.channels == 1:
                    now = self._read(file, start, len(out))
                    late = self._read(file, start + self.shift, len(out))
                    read = both(now[:, 0], late[:, 0], self.cross)
                else:
                    read = self._read(file, start, len(out))
        except (OSError, sf.SoundFileError) as error:
            raise AssetError(f"{self.path} cannot be read ({error}); add the sound again.") from error
        out += read * self.factor

    def _read(self, file: Any, start: int, count: int) -> Block:
        """Return *count* frames of *file* from *start* on, going round."""
        read = np.empty((count, file.channels), np.float32)
        done, at = 0, start % self.frames
        while done < count:
            file.seek(at)
            some = file.read(min(count - done, self.frames - at), dtype="float32", always_2d=True)
            if not len(some):
                raise AssetError(f"{self.path} is shorter than when it was added; add it again.")
            read[done : done + len(some)] = some
            done, at = done + len(some), (at + len(some)) % self.frames
        return read


class Ambience(Struct, frozen=True):
    """A bed at `REFERENCE_LUFS`. `peak` is a bound on the absolute value of its samples, for planning levels.

    Safe to share between threads: nothing in it changes.
    """

    name: str
    layers: tuple[Layer, ...]
    peak: float

    def block(self, start: Frames, count: int) -> Block:
        """Return the *count* frames from *start*, shape (count, 2), the caller's to keep.

        The same frames come out however a stretch is divided into blocks, and there is no end.
        """
        out = np.zeros((count, CHANNELS), dtype=np.float32)
        for layer in self.layers:
            layer.add_to(out, start)
        return out


def ears(loop: Mono, shift: int, cross: float) -> Block:
    """Return the mono *loop* for two ears, shape (frames, 2).

    The right ear reads the loop *shift* frames later than the left, and each hears *cross* of the other: two
    sounds for the file size of one, as far apart as outdoor sound is.
    """
    return both(loop, np.roll(loop, -shift), cross)


def both(now: Mono, late: Mono, cross: float) -> Block:
    """Return what `ears` hear where the left one reads *now* and the right one *late*."""
    share = np.float32(cross)
    return np.stack([now + share * late, late + share * now], axis=1)
