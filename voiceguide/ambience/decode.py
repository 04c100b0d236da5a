"""Any sound file to samples: soundfile for what it knows, PyAV for the rest; no ffmpeg program."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

import numpy as np

from voiceguide.audio import CHANNELS, RATE, Block, frames
from voiceguide.errors import AssetError


def decode(path: Path, most_seconds: float) -> Block:
    """Return the sound in *path* at `RATE`, shape (frames, 2): mono on both sides, surround mixed to mono.

    Raises:
        AssetError: if there is no such file, no sound in it, or more than *most_seconds*.
    """
    if not path.is_file():
        raise AssetError(f"There is no file {path}.")
    sound = _with_soundfile(path, most_seconds)
    if sound is None:
        sound = _with_av(path, most_seconds)
    return np.nan_to_num(sound, copy=False, nan=0.0, posinf=1.0, neginf=-1.0)


def _with_soundfile(path: Path, most_seconds: float) -> Block | None:
    """Return the sound, or None if soundfile does not know the format."""
    import soundfile as sf
    import soxr

    try:
        with path.open("rb") as raw, sf.SoundFile(raw) as file:
            if file.frames > most_seconds * file.samplerate:
                raise AssetError(_too_long(path, most_seconds))
            samples, rate = file.read(dtype="float32", always_2d=True), file.samplerate
    except (sf.SoundFileError, TypeError):
        return None
    except OSError as error:
        raise AssetError(f"{path} cannot be read: {error.strerror or error}.") from error
    if samples.shape[1] > CHANNELS:
        samples = samples.mean(axis=1, keepdims=True)
    if rate != RATE:
        samples = soxr.resample(samples, rate, RATE)
    if samples.shape[1] < CHANNELS:
        samples = np.repeat(samples, CHANNELS, axis=1)
    return np.asarray(samples, dtype=np.float32)


def _with_av(path: Path, most_seconds: float) -> Block:
    import av

    resampler = av.AudioResampler(format="flt", layout="stereo", rate=RATE)
    parts: list[Block] = []
    count, most = 0, frames(most_seconds)
    try:
        with av.open(str(path)) as container:
            if not container.streams.audio:
                raise AssetError(f"{path} has no sound in it.")
            for frame in chain(container.decode(audio=0), (None,)):
                for even in resampler.resample(frame):
                    parts.append(np.asarray(even.to_ndarray(), dtype=np.float32).reshape(-1, CHANNELS))
                    count += len(parts[-1])
                if count > most:
                    raise AssetError(_too_long(path, most_seconds))
    except (av.FFmpegError, OSError, ValueError) as error:
        raise AssetError(
            f"{path} is not a sound file that can be read; try WAV, FLAC, Ogg, MP3 or M4A."
        ) from error
    if not parts:
        raise AssetError(f"{path} has no sound in it.")
    return np.concatenate(parts)


def _too_long(path: Path, most_seconds: float) -> str:
    return f"{path} is longer than {most_seconds / 60:.0f} minutes; cut out the part you like best."
