"""A bed: layers that go round at different periods, as a pure function of the frame index."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Final, Protocol

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from voiceguide.audio import CHANNELS, RATE, Block, Frames, Mono, frames
from voiceguide.errors import AssetError

REFERENCE_LUFS: Final = -19.0
"""Loudness of every bed and bell as given out: that of the voice, so a level of -20 dB is 20 dB under it."""

_HELD: Final = frames(240)
"""Loops longer than this stay in their file."""

_PIECE: Final = frames(10)


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


class FiledLayer:
    """A loop read from its file as needed: too long to hold, or wanted at once. Threads take turns.

    `factor` brings it to its level; a mono file is for two `ears`, with their `shift` and `cross`. The file
    is open for as long as the layer lives: one that is removed or replaced sounds on.
    """

    def __init__(
        self, path: Path, frames: int, factor: np.float32, shift: int = 0, cross: float = 0.0
    ) -> None:
        """Open *path*, which has to have *frames*.

        Raises:
            AssetError: if it cannot be read, or is another file.
        """
        import soundfile as sf

        self.frames = frames
        self._path, self._factor, self._shift, self._cross = path, factor, shift, cross
        self._turn = threading.Lock()
        try:
            self._file = sf.SoundFile(path)
        except (OSError, sf.SoundFileError) as error:
            raise AssetError(unreadable(path, error)) from error
        if self._file.samplerate != RATE or self._file.frames != frames:
            raise AssetError(unreadable(path, "not the file it was"))

    def add_to(self, out: Block, start: int) -> None:
        """Add the frames from *start* on.

        Raises:
            AssetError: if the file is damaged.
        """
        import soundfile as sf

        try:
            with self._turn:
                read = self._heard(start, len(out))
        except (OSError, sf.SoundFileError) as error:
            raise AssetError(unreadable(self._path, error)) from error
        out += read * self._factor

    def held(self) -> HeldLayer:
        """Return the same loop in memory.

        Raises:
            AssetError: if the file is damaged.
        """
        samples = np.zeros((self.frames, CHANNELS), np.float32)
        for at in range(0, self.frames, _PIECE):
            self.add_to(samples[at : at + _PIECE], at)
        samples.flags.writeable = False
        return HeldLayer(samples)

    def _heard(self, start: int, count: int) -> Block:
        if self._file.channels != 1:
            return self._read(start, count)
        now, late = self._read(start, count), self._read(start + self._shift, count)
        return ears(now[:, 0], late[:, 0], self._cross)

    def _read(self, start: int, count: int) -> Block:
        """Return *count* frames of the file from *start* on, going round."""
        read = np.empty((count, self._file.channels), np.float32)
        done, at = 0, start % self.frames
        while done < count:
            self._file.seek(at)
            some = self._file.read(min(count - done, self.frames - at), dtype="float32", always_2d=True)
            if not len(some):
                raise AssetError(unreadable(self._path, "it is shorter than it was"))
            read[done : done + len(some)] = some
            done, at = done + len(some), (at + len(some)) % self.frames
        return read


def unreadable(path: Path, why: object) -> str:
    """Return a sentence on the sound at *path*, which cannot be read."""
    return f"{path} cannot be read ({why}); install voiceguide, or add the sound, again."


class Ambience(Struct, frozen=True):
    """A bed at `REFERENCE_LUFS`. `peak` is a bound on the absolute value of its samples, for planning levels.

    `mark` tells one of the person's own from another of its name; a shipped one has none. Safe to share
    between threads: what it gives out never changes.
    """

    name: str
    layers: tuple[Layer, ...]
    peak: float
    mark: str = ""

    def block(self, start: Frames, count: int) -> Block:
        """Return the *count* frames from *start*, shape (count, 2), the caller's to keep.

        The same frames come out however a stretch is divided into blocks, and there is no end.
        """
        out = np.zeros((count, CHANNELS), dtype=np.float32)
        for layer in self.layers:
            layer.add_to(out, start)
        return out

    def held(self) -> Ambience:
        """Return the same bed with the loops in memory that are short enough.

        Raises:
            AssetError: if a file is damaged.
        """
        return replace(self, layers=tuple(_held(layer) for layer in self.layers))


def _held(layer: Layer) -> Layer:
    return layer.held() if isinstance(layer, FiledLayer) and layer.frames <= _HELD else layer


def ears(now: Mono, late: Mono, cross: float) -> Block:
    """Return a mono loop for two ears, shape (frames, 2): the left one reads *now*, the right one *late*.

    Each hears *cross* of the other: two sounds for the file size of one, as far apart as outdoor sound is.
    """
    share = np.float32(cross)
    return np.stack([now + share * late, late + share * now], axis=1)
