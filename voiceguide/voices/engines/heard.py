"""Reads a sound file of any format as one channel at `audio.RATE`."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, Final

import numpy as np

from voiceguide.audio import RATES, Mono
from voiceguide.voices.engines import pauses

_CHANNELS: Final = 2
_LONGEST: Final = 3600.0


def heard(file: Path | BinaryIO, most_seconds: float = _LONGEST) -> Mono:
    """Return the sound in *file*: WAV, FLAC, Ogg, MP3 or AIFF.

    Raises:
        ValueError: with what is wrong, as a part of a sentence.
    """
    import soundfile

    try:
        with soundfile.SoundFile(file) as opened:
            if opened.channels > _CHANNELS or opened.samplerate not in RATES:
                raise ValueError("its sound is in a form that no voice has")
            if opened.frames > most_seconds * opened.samplerate:
                raise ValueError(f"it gave more than {most_seconds:.0f} s of sound")
            sound = opened.read(dtype="float32", always_2d=True)
            rate = opened.samplerate
    except (OSError, soundfile.SoundFileError) as error:
        raise ValueError("its sound cannot be read") from error
    if not np.any(sound):
        raise ValueError("it gave no sound")
    return pauses.at_rate(sound.mean(axis=1, dtype=np.float32), rate)
