"""The sentence with which a voice introduces itself, as an MP3."""

from __future__ import annotations

import hashlib
from typing import Final

import numpy as np
from msgspec import Struct

from voiceguide.audio import CHANNELS, Block, Frames, frames
from voiceguide.export.encoding.meta import Metadata
from voiceguide.export.encoding.mp3 import BITRATE
from voiceguide.export.stream import mp3_stream
from voiceguide.session import Studio
from voiceguide.session.greeting import said

MEDIA_TYPE: Final = "audio/mpeg"

_SILENCE: Final = frames(0.25)  # before and after, as devices may lose the start of a sound


class Sample(Struct, frozen=True):
    """An MP3 in `data`, and a hash of it."""

    data: bytes
    digest: str


def sample(studio: Studio, voice: str) -> Sample:
    """Return the introduction of *voice*, ENGINE/NAME, in its language, without stand-ins.

    Raises:
        UnknownError: if there is no such voice, or it is not ready; with what to do about it.
        EngineError: if it cannot speak.
    """
    sentence = said(studio, voice)
    both = np.repeat(np.pad(sentence.samples, _SILENCE)[:, None], CHANNELS, axis=1)

    def block(start: Frames, count: int) -> Block:
        return both[start : start + count]

    meta = Metadata(voice, language=sentence.language or "und", narrator=voice)
    data = b"".join(mp3_stream(block, Frames(len(both)), BITRATE, meta).read())
    return Sample(data, hashlib.sha256(data).hexdigest()[:32])
