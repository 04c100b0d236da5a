"""Turning a person's own recording into a seamless, levelled bed."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from voiceguide.ambience.bed import REFERENCE_LUFS
from voiceguide.ambience.decode import decode
from voiceguide.ambience.library import Entry, Sound, taken
from voiceguide.audio import CHANNELS, RATE, Block, decibels, frames, gain, seconds
from voiceguide.errors import AssetError, StoreError
from voiceguide.files import put

if TYPE_CHECKING:
    from pydub import AudioSegment

Pcm = npt.NDArray[np.int16]
"""Samples of shape (frames, 2)."""

LEAST_SECONDS: Final = 5.0
MOST_SECONDS: Final = 30 * 60.0

_PEAK_DB = -4.0
"""Stored peak: two halves of a crossfade can add up to 3 dB more than either."""
_JOIN_MS = 4_000
_PIECE_MS = 200
_QUIETER_DB = 6.0
"""An end counts as silence or fade while it is this much under the recording's median level."""
_FLOOR_DB = -80.0
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def add(path: Path, name: str | None, folder: Path) -> Sound:
    """Make the recording *path* into the ambience *name* (None: after the file) and keep it in *folder*.

    Silence and fades at the ends are cut away, the end is crossfaded into the start, and the whole is brought
    to `REFERENCE_LUFS`. Kept as ``NAME.flac`` and ``NAME.json``: both whole, or not at all.

    Raises:
        AssetError: if *path* is no sound, is silent, shorter than 5 s or longer than 30 min, or the name is
            taken or no name.
        StoreError: if *folder* cannot be written.
    """
    name = _checked_name(path, name, folder)
    loop = _loop(_even(_decoded(path), path), path)  # nested, so that each form is let go as the next is made
    lufs = _loudness(loop)
    rise = round(REFERENCE_LUFS - lufs, 2)
    _keep_from_zero(loop, _FLOOR_DB - rise)
    peak = max(int(np.max(loop)), -int(np.min(loop))) / 32768 * gain(rise)
    entry: Entry = {
        "about": f"Your own, from {path.name}",
        "gain_db": rise,
        "lufs": round(lufs + rise, 2),
        "peak": math.ceil(peak * 10_000) / 10_000,
        "layers": [{"file": f"{name}.flac", "frames": len(loop)}],
    }
    _keep(folder, name, loop, entry)
    return Sound(name, str(entry["about"]), seconds(len(loop)), folder / f"{name}.flac", "own")


def _checked_name(path: Path, name: str | None, folder: Path) -> str:
    chosen = name if name is not None else re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-")
    if not _NAME.fullmatch(chosen) or len(chosen) > 40:
        raise AssetError(f"{chosen!r} cannot be a name: use up to 40 letters a-z, digits and single hyphens.")
    if chosen == "none" or taken(chosen, folder):
        raise AssetError(f"There is an ambience called {chosen!r} already; choose another name.")
    return chosen


def _decoded(path: Path) -> Block:
    sound = decode(path, most_seconds=MOST_SECONDS)
    if len(sound) < frames(LEAST_SECONDS):
        raise AssetError(
            f"{path} is {seconds(len(sound)):.1f} s long; a bed needs at least {LEAST_SECONDS:.0f} s."
        )
    return sound


def _even(sound: Block, path: Path) -> AudioSegment:
    """Return *sound* without offset, at a known peak, in whole milliseconds, which is how pydub counts."""
    from pydub import AudioSegment

    whole = sound[: len(sound) // 48 * 48]
    whole -= np.mean(whole, axis=0, dtype=np.float64).astype(np.float32)
    peak = max(float(np.max(whole)), -float(np.min(whole)))
    if decibels(peak) < -80:
        raise AssetError(f"{path} is silent; nothing in it passes -80 dBFS.")
    whole *= np.float32(gain(_PEAK_DB) / peak * 32767)
    pcm = np.rint(whole, out=whole).astype(np.int16)
    return AudioSegment(pcm.tobytes(), sample_width=2, frame_rate=RATE, channels=CHANNELS)


def _loop(whole: AudioSegment, path: Path) -> Pcm:
    """Return *whole* as a loop: its faded ends cut, its tail crossfaded into its head; shape (frames, 2)."""
    kept = _without_ends(whole)
    if len(kept) < LEAST_SECONDS * 1000:
        raise AssetError(
            f"{path} has only {len(kept) / 1000:.1f} s between its silent or faded ends; 5 s are needed."
        )
    join = min(_JOIN_MS, len(kept) // 4 // _PIECE_MS * _PIECE_MS)
    head = _curved(kept[:join], lambda part: math.sin(part * math.pi / 2))
    tail = _curved(kept[-join:], lambda part: math.cos(part * math.pi / 2))
    kept = kept[join:-join]
    loop = tail.overlay(head) + kept
    return np.frombuffer(loop.raw_data, dtype=np.int16).reshape(-1, CHANNELS).copy()


def _without_ends(whole: AudioSegment) -> AudioSegment:
    """Return *whole* from where it first comes near its usual level to where it last does."""
    from pydub.silence import detect_leading_silence

    levels = sorted(whole[at : at + 100].dBFS for at in range(0, len(whole) - 99, 100))
    near = levels[len(levels) // 2] - _QUIETER_DB
    if math.isinf(near):  # Mostly digital silence with sounds in it: only that at the ends goes.
        near = -80.0
    start = detect_leading_silence(whole, silence_threshold=near, chunk_size=100)
    after = detect_leading_silence(whole.reverse(), silence_threshold=near, chunk_size=100)
    return whole[start : len(whole) - after]


def _curved(part: AudioSegment, curve: Callable[[float], float]) -> AudioSegment:
    """Return *part* under *curve* (0..1 to amplitude), in straight pieces.

    pydub's own crossfade is straight in amplitude, which lets two unrelated sounds dip by 3 dB in the middle.
    """
    pieces = part[:0]
    for at in range(0, len(part), _PIECE_MS):
        first, last = curve(at / len(part)), curve((at + _PIECE_MS) / len(part))
        levels = [max(decibels(level), -120.0) if level > 0 else -120.0 for level in (first, last)]
        piece = part[at : at + _PIECE_MS]
        pieces += piece.fade(from_gain=levels[0], to_gain=levels[1], start=0, end=len(piece))
    return pieces


def _loudness(loop: Pcm) -> float:
    """Return the loudness of *loop* in LUFS, from at most ten stretches of 12 s spread over it."""
    import pyloudnorm

    count, most = frames(12), 10
    starts = range(0, len(loop), max(count, len(loop) // most))
    heard = np.concatenate([loop[at : at + count] for at in starts]) / 32768.0
    lufs = float(pyloudnorm.Meter(RATE).integrated_loudness(heard))
    # Sparse sounds can hide from the gate; a bed of them is judged by its power alone.
    return lufs if math.isfinite(lufs) else 10 * math.log10(2 * float(np.mean(heard**2)) + 1e-9) - 0.691


def _keep_from_zero(loop: Pcm, floor_db: float) -> None:
    """Add noise at *floor_db* to *loop* in place, so that it is nowhere digital silence."""
    noise = np.random.default_rng(0).standard_normal((RATE * 10, 1), dtype=np.float32)
    louder = np.ceil(np.abs(noise) * (gain(floor_db) * 32768))  # one step of 16 bits at least
    steps = (louder * np.sign(noise)).astype(np.int16)
    for at in range(0, len(loop), len(steps)):
        part = loop[at : at + len(steps)]
        part += steps[: len(part)]


def _keep(folder: Path, name: str, loop: Pcm, entry: Entry) -> None:
    """Write sound, then entry: the entry is what makes it exist."""
    import soundfile as sf

    held = BytesIO()
    sf.write(held, loop, RATE, format="FLAC", subtype="PCM_16")
    try:
        put(folder / f"{name}.flac", held.getvalue())
        put(folder / f"{name}.json", (json.dumps(entry, indent=2) + "\n").encode())
    except OSError as error:
        raise StoreError(f"The ambience cannot be kept in {folder}: {error.strerror or error}.") from error
