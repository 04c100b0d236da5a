"""Everything that sounds beside the voice, loaded when first heard and kept while the studio is open."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final, Literal, TypeVar

import numpy as np

from voiceguide import ambience, tones
from voiceguide.audio import RATE, Block, Frames, gain
from voiceguide.errors import AssetError
from voiceguide.loudness import lufs
from voiceguide.mix import REFERENCE_LUFS

_Key = TypeVar("_Key")
_Sound = TypeVar("_Sound")
_Stamp = tuple[int, int]

_BEDS_KEPT: Final = 3  # each is tens of megabytes
_SOUNDS_KEPT: Final = 12
_OWN_PEAK_DB: Final = -4.0


class StudioPalette:
    """The shipped and the person's own sounds, those read last. Thread-safe."""

    def __init__(self) -> None:
        self._beds: OrderedDict[str, ambience.Ambience] = OrderedDict()
        self._bells: OrderedDict[str, Block] = OrderedDict()
        self._own: OrderedDict[Path, tuple[_Stamp | None, Block]] = OrderedDict()
        self._tones: OrderedDict[tuple[str, int], Block] = OrderedDict()
        self._lock = threading.Lock()

    def bed(self, name: str) -> ambience.Ambience:
        known = self._beds.get(name)
        if known is not None:  # without the lock: nobody who plays waits for another sound to be read
            return known
        with self._lock:
            return _kept(self._beds, name, lambda: ambience.load(name), _BEDS_KEPT)

    def begin(self, name: str) -> None:
        """Have `bed` give out *name* at once, read from its files as it is heard, until it is read by `keep`.

        Raises:
            AssetError: if there is none of that name.
        """
        begun = ambience.load(name, held=False)
        with self._lock:
            self._beds.setdefault(name, begun)

    def keep(self, name: str) -> None:
        """Read *name* whole, for what `begin` gave out; nobody waits for it.

        Raises:
            AssetError: if there is none of that name.
        """
        whole = ambience.load(name)
        with self._lock:
            self._beds[name] = whole

    def check(self, *names: str | None) -> None:
        """Do nothing if there is an ambience of each of *names* (None: no ambience). Reads no sound.

        Raises:
            AssetError: if there is none; with the nearest name.
        """
        asked = {name for name in names if name is not None and name not in self._beds}
        known = {sound.name for sound in ambience.sounds()} if asked else set()
        for name in sorted(asked - known):
            ambience.load(name)

    def bell(self, name: str) -> Block:
        with self._lock:
            return _kept(self._bells, name, lambda: ambience.bell(name), _SOUNDS_KEPT)

    def tone(self, kind: Literal["in", "hold", "out"], length: Frames) -> Block:
        with self._lock:
            return _kept(self._tones, (kind, length), lambda: tones.tone(kind, length), _SOUNDS_KEPT)

    def own(self, path: Path) -> Block:
        """Return the sound at *path* as it is there now; the one kept, while a changed one cannot be read."""
        with self._lock:
            stamp, known = _stamp(path), self._own.get(path)
            if known is not None and stamp is not None and stamp != known[0]:
                with suppress(AssetError):
                    self._own[path] = (stamp, _read(path))
            return _kept(self._own, path, lambda: (stamp, _read(path)), _SOUNDS_KEPT)[1]


def _kept(found: OrderedDict[_Key, _Sound], key: _Key, load: Callable[[], _Sound], most: int) -> _Sound:
    """Return what is kept under *key*, loaded if it is not there; of all, the *most* used last stay."""
    sound = found[key] if key in found else load()
    found[key] = sound
    found.move_to_end(key)
    while len(found) > most:
        found.popitem(last=False)
    return sound


def _stamp(path: Path) -> _Stamp | None:
    """Return what changes when the file at *path* does; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _read(path: Path) -> Block:
    """Return the author's sound at the reference loudness, stereo at `RATE`, as long as its header says."""
    import soundfile
    import soxr

    try:
        samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except (OSError, soundfile.LibsndfileError) as error:
        raise AssetError(f"{path} cannot be read as sound ({error}); use WAV, FLAC, Ogg or MP3") from error
    stereo = np.repeat(samples, 2, axis=1) if samples.shape[1] == 1 else samples[:, :2]
    length = -(-len(stereo) * RATE // rate)
    sound: Block = soxr.resample(stereo, rate, RATE)[:length].astype(np.float32)
    loudness = lufs(sound)
    if np.isfinite(loudness):
        peak = float(np.max(np.abs(sound)))
        sound *= np.float32(min(gain(REFERENCE_LUFS - loudness), gain(_OWN_PEAK_DB) / peak))
    return sound
