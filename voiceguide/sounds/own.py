"""Reads the author's own sounds, levelled to the voice and limited in length."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from voiceguide.audio import CHANNELS, RATE, Block, decibels, frames, gain
from voiceguide.audio.loudness import lufs
from voiceguide.errors import AssetError
from voiceguide.script.files import MOST_SOUND_SECONDS
from voiceguide.sounds.ambience import decode, heard
from voiceguide.sounds.mix import REFERENCE_LUFS

_PEAK_DB: Final = -4.0
_AT_ONCE: Final = frames(60.0)


def read(path: Path) -> Block:
    """Return the sound at *path* at the reference loudness, shape (frames, 2), as long as its header says.

    Raises:
        AssetError: if it cannot be read, or is too long to hold in memory.
    """
    import soundfile

    try:
        info = soundfile.info(path)
    except (OSError, soundfile.LibsndfileError) as error:
        raise AssetError(f"{path} cannot be read as sound ({error}); use WAV, FLAC, Ogg or MP3") from error
    sound = _held(path, -(-info.frames * RATE // max(1, info.samplerate)))
    peak = float(np.max(np.abs(sound), initial=0.0))
    loudness = _loudness(sound, peak)
    if np.isfinite(loudness):
        sound *= np.float32(min(gain(REFERENCE_LUFS - loudness), gain(_PEAK_DB) / peak))
    return sound


def _held(path: Path, length: int) -> Block:
    """Return *length* frames of *path*, padded with silence if it is shorter."""
    sound = np.zeros((min(length, frames(MOST_SOUND_SECONDS)), CHANNELS), np.float32)
    at = 0
    for block in decode.blocks(path, MOST_SOUND_SECONDS):
        part = block[: len(sound) - at]
        sound[at : at + len(part)] = part
        at += len(part)
    return sound


def _loudness(sound: Block, peak: float) -> float:
    """Return the loudness of *sound* in LUFS; a long one is measured piece by piece."""
    if len(sound) <= _AT_ONCE or not peak:
        return lufs(sound)
    pieces = (sound[at : at + _AT_ONCE] for at in range(0, len(sound), _AT_ONCE))
    return heard.listen(pieces).lufs(0, len(sound)) + decibels(peak)
