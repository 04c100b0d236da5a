"""A bed: layers that go round at different periods, as a pure function of the frame index."""

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
"""Loudness of every bed and bell as given out: that of the voice, so a level of -20 dB is 20 dB under it."""

_HELD: Final = frames(240)
"""Loops longer than this stay in their file."""


class Layer(Protocol):
    """One loop of a bed, at its final level."""

    def add_to(self, out: Block, start: int) -> None:
        """Add the frames from *start* on, going round, to *out* in place. Reads nothing but its arguments."""


class Ears(Struct, frozen=True):
    """How a loop as it is in its file is heard: at `factor`, and a mono one by two ears.

    The right ear hears it `shift` frames later than the left, and each hears `cross` of the other: two sounds
    for the size of one, as far apart as outdoor sound is.
    """

    factor: np.float32 = np.float32(1.0)
    shift: int = 0
    cross: float = 0.0

    def add_to(self, out: Block, read: Callable[[int, int], Block], start: int) -> None:
        """Add what *read* (from which frame on, how many) gives from *start* on to *out*, in place."""
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
    """A loop in memory, as its file has it: shape (frames, 1 or 2)."""

    samples: Block
    ears: Ears = Ears()

    def add_to(self, out: Block, start: int) -> None:
        self.ears.add_to(out, self._read, start)

    def _read(self, start: int, count: int) -> Block:
        """Return *count* frames from *start* on, going round."""
        turn = len(self.samples)
        at = start % turn
        if at + count <= turn:
            return self.samples[at : at + count]
        return self.samples.take(np.arange(at, at + count), axis=0, mode="wrap")


class FiledLayer:
    """A loop read from its file as needed: too long to hold, or wanted at once. Threads take turns.

    The file is open for as long as the layer lives: one that is removed or replaced sounds on.
    """

    def __init__(self, path: Path, frames: int, ears: Ears) -> None:
        """Open *path*, which has to have *frames*.

        Raises:
            AssetError: if it cannot be read, or is another file.
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
        """Add the frames from *start* on.

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
        """Return *count* frames of the file from *start* on, going round; raises `AssetError`."""
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
