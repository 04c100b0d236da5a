"""A bed: layers that loop with different periods, as a pure function of the frame index."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from voiceguide.audio import CHANNELS, RATE, Block, Frames, frames
from voiceguide.errors import AssetError

REFERENCE_LUFS: Final = -19.0
"""The loudness of every bed and bell, equal to the voice's: a level of -20 dB is 20 dB under the voice."""

_HELD: Final = frames(240)
"""Loops longer than this are read from their file instead of memory."""


class Layer(Protocol):
    """One loop of a bed, at its final level."""

    def add_to(self, out: Block, start: int) -> None:
        """Add the looped frames from *start* on to *out* in place. Depends on its arguments only."""


class Ears(Struct, frozen=True):
    """How a loop's file is heard: multiplied by `factor`, and made stereo if it is mono.

    The right channel is `shift` frames later than the left, and each contains `cross` of the other: stereo
    for the size of mono, about as wide as outdoor sound.
    """

    factor: np.float32 = np.float32(1.0)
    shift: int = 0
    cross: float = 0.0

    def add_to(self, out: Block, read: Callable[[int, int], Block], start: int) -> None:
        """Add to *out*, in place, the frames from *start* on that *read* (first frame, count) returns."""
        now = read(start, len(out))
        if now.shape[1] != 1:
            out += now * self.factor
            return
        late = read(start + self.shift, len(out))
        share = np.float32(self.cross)
        for ear, (near, far) in enumerate(((now, late), (late, now))):
            heard = far[:, 0] * share
            heard += near[:, 0]
            heard *= self.factor
            out[:, ear] += heard


class HeldLayer(Struct, frozen=True):
    """A loop in memory, as in its file: shape (frames, 1 or 2)."""

    samples: Block
    ears: Ears = Ears()

    def add_to(self, out: Block, start: int) -> None:
        self.ears.add_to(out, self._read, start)

    def _read(self, start: int, count: int) -> Block:
        """Return *count* looped frames from *start* on."""
        turn = len(self.samples)
        at = start % turn
        if at + count <= turn:
            return self.samples[at : at + count]
        return self.samples.take(np.arange(at, at + count), axis=0, mode="wrap")


class FiledLayer:
    """A loop read from its file as needed, if it is too long to hold or wanted at once. Thread-safe.

    The file is open as long as the layer exists, so a removed or replaced one can still be read.
    """

    def __init__(self, path: Path, frames: int, ears: Ears) -> None:
        """Open *path*, which must have *frames*.

        Raises:
            AssetError: if it cannot be read, or has another length.
        """
        import soundfile as sf

        self.frames = frames
        self._path, self._ears = path, ears
        self._turn = threading.Lock()
        try:
            self._file = sf.SoundFile(path)
        except (OSError, sf.SoundFileError) as error:
            raise AssetError(unreadable(path, error)) from error
        if self._file.samplerate != RATE or self._file.frames != frames:
            raise AssetError(unreadable(path, "not the file it was"))

    def add_to(self, out: Block, start: int) -> None:
        """Add the looped frames from *start* on to *out* in place.

        Raises:
            AssetError: if the file is damaged.
        """
        self._ears.add_to(out, self._read, start)

    def held(self) -> HeldLayer:
        """Return the same loop in memory.

        Raises:
            AssetError: if the file is damaged.
        """
        samples = self._read(0, self.frames)
        samples.flags.writeable = False
        return HeldLayer(samples, self._ears)

    def _read(self, start: int, count: int) -> Block:
        """Return *count* looped frames of the file from *start* on; raises `AssetError`."""
        import soundfile as sf

        read = np.empty((count, self._file.channels), np.float32)
        done, at = 0, start % self.frames
        try:
            with self._turn:
                while done < count:
                    self._file.seek(at)
                    some = len(self._file.read(out=read[done : done + self.frames - at]))
                    if not some:
                        raise AssetError(unreadable(self._path, "it is shorter than it was"))
                    done, at = done + some, (at + some) % self.frames
        except (OSError, sf.SoundFileError) as error:
            raise AssetError(unreadable(self._path, error)) from error
        return read


def unreadable(path: Path, why: object) -> str:
    """Return a sentence on the unreadable sound file *path*."""
    return f"{path} cannot be read ({why}); install voiceguide, or add the sound, again."


class Ambience(Struct, frozen=True):
    """A bed at `REFERENCE_LUFS`. `peak` bounds the absolute value of its samples, for planning levels.

    `mark` tells a user's ambience from another of its name; a shipped one has none. Immutable, so that
    threads can share it.
    """

    name: str
    layers: tuple[Layer, ...]
    peak: float
    mark: str = ""

    def block(self, start: Frames, count: int) -> Block:
        """Return the *count* frames from *start*, shape (count, 2), the caller's to keep.

        The samples do not depend on how a range is divided into blocks, and the bed has no end.
        """
        out = np.zeros((count, CHANNELS), dtype=np.float32)
        for layer in self.layers:
            layer.add_to(out, start)
        return out

    def held(self) -> Ambience:
        """Return the same bed with its loops in memory, except those that are too long.

        Raises:
            AssetError: if a file is damaged.
        """
        return replace(self, layers=tuple(_held(layer) for layer in self.layers))


def _held(layer: Layer) -> Layer:
    return layer.held() if isinstance(layer, FiledLayer) and layer.frames <= _HELD else layer
