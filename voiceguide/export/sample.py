"""A voice to choose by: one sentence of it, as an MP3."""

from __future__ import annotations

import hashlib
from typing import Final

import numpy as np
from msgspec import Struct

from voiceguide.audio import CHANNELS, Block, Frames, frames
from voiceguide.export.encoding.meta import Metadata
from voiceguide.export.encoding.mp3 import BITRATE
from voiceguide.export.stream import mp3_stream
from voiceguide.script.model import PACES
from voiceguide.session.sentences import sentence
from voiceguide.voices.clips import Clips

MEDIA_TYPE: Final = "audio/mpeg"

_SILENCE: Final = frames(0.25)  # before and after: what is switched on for it may swallow its beginning
_PACE: Final = PACES["slow"]


class Sample(Struct, frozen=True):
    """An MP3 in `data`, and a hash of it."""

    data: bytes
    digest: str


def sample(clips: Clips) -> Sample:
    """Return the first of the cast of *clips* saying one sentence in its language, as loud as in a session.

    Raises:
        EngineError: if it cannot be spoken.
    """
    voice = clips.cast[0]
    spoken = np.pad(clips.get(sentence(voice.language), _PACE).samples, _SILENCE)
    both = np.repeat(spoken[:, None], CHANNELS, axis=1)

    def block(start: Frames, count: int) -> Block:
        return both[start : start + count]

    meta = Metadata(str(voice), language=voice.language or "und", narrator=str(voice))
    data = b"".join(mp3_stream(block, Frames(len(both)), BITRATE, meta).read())
    return Sample(data, hashlib.sha256(data).hexdigest()[:32])
