"""Decodes any sound file, block by block, with soundfile if it knows the format, else PyAV; needs no ffmpeg.

Memory is bounded for any length, any number of channels, and any header.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np

from voiceguide.audio import CHANNELS, RATE, RATES, Block, clock, frames
from voiceguide.errors import AssetError

_SAMPLES: Final = 1 << 20
"""The most samples read at a time, of all channels together."""

_SECONDS: Final = 4
"""The most seconds read at a time; at a low sample rate they become many frames."""

_CONTAINERS: Final = (
    "aac,ac3,aiff,amr,amrnb,amrwb,ape,asf,au,avi,caf,dsf,dts,eac3,flac,flv,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,"
    "mp3,mpc,mpc8,mpeg,mpegts,oga,ogg,rm,tta,voc,w64,wav,wv"
)
"""Formats that PyAV may read: sound files, but no playlists of other files and addresses."""

_TRY: Final = "try WAV, FLAC, Ogg, MP3 or M4A."


def blocks(path: Path, most_seconds: float) -> Iterator[Block]:
    """Yield the sound in *path* at `RATE`, shape (frames, 2): mono on both sides, surround mixed to mono.

    A block is a few seconds at most, and the caller may change it.

    Raises:
        AssetError: if there is no file, no sound in it, or more than *most_seconds*, once that is read.
    """
    if not path.is_file():
        raise AssetError(f"There is no file {path}.")
    count, most = 0, frames(most_seconds)
    for block in _with_soundfile(path, most_seconds) or _with_av(path):
        count += len(block)
        if count > most:
            raise AssetError(_too_long(path, most_seconds))
        yield np.nan_to_num(block, copy=False, nan=0.0, posinf=1.0, neginf=-1.0)
    if not count:
        raise AssetError(f"{path} has no sound in it.")


def _with_soundfile(path: Path, most_seconds: float) -> Iterator[Block] | None:
    """Return the sound, or None if soundfile does not know the format or finds no sound in it."""
    import soundfile as sf

    try:
        raw = path.open("rb")
    except OSError as error:
        raise AssetError(f"{path} cannot be read: {error.strerror or error}.") from error
    try:
        file = sf.SoundFile(raw.fileno(), closefd=False)
    except (sf.SoundFileError, TypeError):
        raw.close()
        return None
    if not file.frames:  # the header of a recording that was cut off: PyAV reads to the end
        raw.close()
        return None
    return _read(path, raw, file, most_seconds)


def _read(path: Path, raw: BinaryIO, file: Any, most_seconds: float) -> Iterator[Block]:
    import soundfile as sf
    import soxr

    with raw, file:
        rate = _checked(path, file.samplerate)
        channels = CHANNELS if file.channels == CHANNELS else 1
        if file.frames > most_seconds * rate:
            raise AssetError(_too_long(path, most_seconds))
        stream = soxr.ResampleStream(rate, RATE, channels, dtype="float32") if rate != RATE else None
        most, done = max(1, min(_SECONDS * rate, _SAMPLES // file.channels)), 0
        last = False
        while not last:
            try:
                samples = file.read(most, dtype="float32", always_2d=True)
            except sf.SoundFileError as error:
                raise AssetError(f"{path} is damaged after {clock(done * RATE // rate)}; {_TRY}") from error
            last = not len(samples)
            done += len(samples)
            if samples.shape[1] > CHANNELS:
                samples = samples.mean(axis=1, keepdims=True)
            if stream is not None:
                samples = stream.resample_chunk(samples, last=last)
            yield np.repeat(samples, CHANNELS, axis=1) if channels < CHANNELS else samples


def _with_av(path: Path) -> Iterator[Block]:
    import av

    resampler = av.AudioResampler(format="flt", layout="stereo", rate=RATE)
    only = {"format_whitelist": _CONTAINERS, "protocol_whitelist": "file"}
    try:
        with av.open(f"file:{path}", options=only) as container:
            if not container.streams.audio:
                raise AssetError(f"{path} has no sound in it.")
            for frame in chain(container.decode(audio=0), (None,)):
                if frame is not None:
                    _checked(path, frame.sample_rate)
                for even in resampler.resample(frame):
                    yield np.array(even.to_ndarray(), dtype=np.float32).reshape(-1, CHANNELS)
    except (av.FFmpegError, OSError, ValueError) as error:
        raise AssetError(f"{path} is not a sound file that can be read; {_TRY}") from error


def _checked(path: Path, rate: int) -> int:
    """Return *rate*, in frames a second, if it is possible for a sound."""
    if rate not in RATES:
        raise AssetError(f"{path} has {rate:,} samples a second, as it says; {_TRY}")
    return rate


def _too_long(path: Path, most_seconds: float) -> str:
    return f"{path} is longer than {most_seconds / 60:.0f} minutes; cut out the part you like best."
