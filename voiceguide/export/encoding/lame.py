"""LAME, the MP3 encoder, set so that a frame depends only on the samples around it.

It is found in three places, best first: the `lameenc` wheel (on Linux its extension module exports LAME's C
functions; its Python class cannot switch the bit reservoir off), the system's libmp3lame, and PyAV. PyAV
cannot switch off the slow adaptation of the hearing threshold, so there joined segments equal a serial encode
only within coding noise.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import importlib.util
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Final, Protocol, Self

import numpy as np

from voiceguide.audio import CHANNELS, RATE, Block

if TYPE_CHECKING:
    import av

QUALITY: Final = 5
"""On LAME's scale, from 0 (slow) to 9; also ffmpeg's default."""

_PRESETS: Final = {128_000: 0.95, 160_000: 0.95, 192_000: 0.97}
"""The scale that LAME's presets apply to samples, if LAME cannot be asked; 1 at other bit rates."""

_JOINT_STEREO: Final = 1
_ROOM: Final = 7200
"""Bytes an output buffer needs beyond 1.25 for each frame, by lame.h."""


class Encoder(Protocol):
    """One run of the encoder. A context manager, which frees its memory."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *failure: object) -> None: ...

    def encode(self, block: Block) -> bytes:
        """Return the MP3 frames finished by adding *block*, b"" if none is."""


class NativeLame:
    """LAME called through its C interface, which releases the GIL."""

    def __init__(self, library: ctypes.CDLL, bitrate: int, quality: int) -> None:
        self._library = library
        self._handle = _started(library, bitrate, quality, 1.0 / _preset_scale(library, bitrate))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        if self._handle:
            self._library.lame_close(self._handle)
            self._handle = ctypes.c_void_p()

    def encode(self, block: Block) -> bytes:
        samples = np.ascontiguousarray(block, np.float32)
        size = len(samples) * 5 // 4 + _ROOM
        out = ctypes.create_string_buffer(size)
        made = self._library.lame_encode_buffer_interleaved_ieee_float(
            self._handle, samples.ctypes.data, len(samples), out, size
        )
        if made < 0:
            raise RuntimeError(f"LAME failed with status {made}")
        return out.raw[:made]

    def finish(self) -> bytes:
        """Return the frames still inside, the last one padded with silence. Segments do not need this."""
        out = ctypes.create_string_buffer(2 * _ROOM)
        made = self._library.lame_encode_flush(self._handle, out, len(out))
        return out.raw[: max(0, made)]


def _started(library: ctypes.CDLL, bitrate: int, quality: int, scale: float) -> ctypes.c_void_p:
    """Return the handle of an encoder that multiplies samples by *scale* and by its preset's scale."""
    handle = ctypes.c_void_p(library.lame_init())
    if not handle:
        raise MemoryError("LAME could not be started")
    library.lame_set_scale(handle, scale)
    for name, value in (
        ("num_channels", CHANNELS),
        ("in_samplerate", RATE),
        ("out_samplerate", RATE),
        ("mode", _JOINT_STEREO),
        ("brate", bitrate // 1000),
        ("quality", quality),
        # No frame may borrow bits from another, and the hearing threshold may not follow the last seconds'
        # loudness: either would make a frame depend on everything before it.
        ("disable_reservoir", 1),
        ("athaa_type", 0),
        ("bWriteVbrTag", 0),
    ):
        getattr(library, f"lame_set_{name}")(handle, value)
    if library.lame_init_params(handle) < 0:
        library.lame_close(handle)
        raise ValueError(f"LAME refuses {bitrate} bit/s at {RATE} Hz")
    return handle


@cache
def _preset_scale(library: ctypes.CDLL, bitrate: int) -> float:
    """Return the scale of LAME's preset for *bitrate*, which would make the file softer."""
    handle = _started(library, bitrate, QUALITY, 1.0)
    try:
        return float(library.lame_get_scale(handle))
    finally:
        library.lame_close(handle)


class PyAvLame:
    """LAME inside PyAV's wheel: a third as fast, and available wherever PyAV is."""

    def __init__(self, bitrate: int, quality: int) -> None:
        from av import AudioCodecContext

        self._context = AudioCodecContext.create("libmp3lame", "w")
        self._context.sample_rate = RATE
        self._context.layout = "stereo"
        self._context.format = "fltp"
        self._context.time_base = Fraction(1, RATE)
        self._context.bit_rate = bitrate
        self._context.options = {"reservoir": "0", "compression_level": str(quality)}
        self._at = 0
        self._louder = np.float32(1.0 / _PRESETS.get(bitrate, 1.0))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        """PyAV frees the encoder with its last reference."""

    def encode(self, block: Block) -> bytes:
        from av import AudioFrame

        samples = np.ascontiguousarray(block.T) * self._louder
        frame: av.AudioFrame = AudioFrame.from_ndarray(samples, "fltp", "stereo")
        frame.sample_rate, frame.pts, frame.time_base = RATE, self._at, Fraction(1, RATE)
        self._at += len(block)
        return b"".join(bytes(packet) for packet in self._context.encode(frame))


def encoder(bitrate: int, quality: int = QUALITY) -> Encoder:
    """Return a new encoder for *bitrate* bit/s at `RATE`, joint stereo, all frames of the same size."""
    library = native()
    return NativeLame(library, bitrate, quality) if library else PyAvLame(bitrate, quality)


def name() -> str:
    """Return a name for the LAME in use, for people."""
    library = native()
    if library is None:
        return "LAME inside PyAV"
    library.get_lame_version.restype = ctypes.c_char_p
    return f"LAME {library.get_lame_version().decode()}"


@cache
def native() -> ctypes.CDLL | None:
    """Return LAME's C functions, or None if only PyAV's LAME is available."""
    spec = importlib.util.find_spec("lameenc")
    return _load(spec.origin if spec else None) or _load(ctypes.util.find_library("mp3lame"))


def _load(path: str | None) -> ctypes.CDLL | None:
    try:
        library = ctypes.CDLL(path) if path else None
    except OSError:
        return None
    if library is None or not hasattr(library, "lame_encode_buffer_interleaved_ieee_float"):
        return None
    library.lame_init.restype = ctypes.c_void_p
    library.lame_get_scale.restype = ctypes.c_float
    library.lame_set_scale.argtypes = [ctypes.c_void_p, ctypes.c_float]
    library.lame_encode_buffer_interleaved_ieee_float.argtypes = [
        ctypes.c_void_p,
        ctypes.c_void_p,
        ctypes.c_int,
        ctypes.c_char_p,
        ctypes.c_int,
    ]
    return library
