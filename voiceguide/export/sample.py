"""A voice to choose by: one sentence of it, as an MP3."""

from __future__ import annotations

import hashlib
from typing import Final

import numpy as np
from msgspec import Struct

from voiceguide.audio import CHANNELS, Block, Frames, frames
from voiceguide.export.encoding.meta import Metadata
from voiceguide.export.encoding.mp3 import BITRATE
from voiceguide.export.sentences import sentence
from voiceguide.export.stream import mp3_stream
from voiceguide.script.model import PACES
from voiceguide.session import Studio

MEDIA_TYPE: Final = "audio/mpeg"

_SILENCE: Final = frames(0.25)  # before and after: what is switched on for it may swallow its beginning
_PACE: Final = PACES["slow"]


class Sample(Struct, frozen=True):
    """An MP3 in `data`, and a hash of it."""

    data: bytes
    digest: str


def sample(studio: Studio, voice: str) -> Sample:
    """Return *voice*, ENGINE/NAME, saying one sentence in its language; nobody stands in for it.

    Raises:
        UnknownError: if there is no such voice, or it is not ready; with what would mend it.
        EngineError: if it cannot speak.
    """
    clips = studio.alone(voice)
    language = clips.cast[0].language
    spoken = np.pad(clips.get(sentence(language), _PACE).samples, _SILENCE)
    both = np.repeat(spoken[:, None], CHANNELS, axis=1)

    def block(start: Frames, count: int) -> Block:
        return both[start : start + count]

    meta = Metadata(voice, language=language or "und", narrator=voice)
    data = b"".join(mp3_stream(block, Frames(len(both)), BITRATE, meta).read())
    return Sample(data, hashlib.sha256(data).hexdigest()[:32])
