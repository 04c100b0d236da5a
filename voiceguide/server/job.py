"""A session in one format: what the desk makes."""

from __future__ import annotations

import hashlib
from typing import Final

from msgspec import Struct

from voiceguide.audio import RATE
from voiceguide.export import recording
from voiceguide.export.encoding.codecs import Codec
from voiceguide.export.encoding.grid import SEGMENT
from voiceguide.server.sessions import HeldSession

_PICTURE: Final = 256 * 1024


class Job(Struct, frozen=True):
    """A session in one format; *bitrate* in bit/s, 0 where there is nothing to choose.

    An MP3 that is *tagged* has chapters and cover, and waits for them to be known; others have them anyway.
    An audiobook can be a part of a *series*: its title, and the number of the part.
    """

    held: HeldSession
    codec: Codec
    bitrate: int
    tagged: bool = False
    series: tuple[str, str] = ("", "")

    @property
    def name(self) -> str:
        """What its file is called in the cache."""
        return f"{self.held.key}{self._ending}"

    @property
    def slot(self) -> str:
        """Its place at the desk, the same whoever speaks."""
        return f"{self.held.session.key}{self._ending}"

    @property
    def addressable(self) -> bool:
        """Whether every byte's place is known before it is made."""
        return self.codec.name in ("mp3", "wav") and not self.tagged

    @property
    def size(self) -> int | None:
        """How many bytes it has, where that is known before it is made."""
        if not self.addressable:
            return None
        return recording.stream(self.held.session, self.codec.name, self.bitrate or None).size

    @property
    def _ending(self) -> str:
        rate = f".{self.bitrate // 1000}k" if self.bitrate else ""
        series = f".{hashlib.sha256(repr(self.series).encode()).hexdigest()[:12]}" if any(self.series) else ""
        return f"{rate}{'.tagged' if self.tagged else ''}{series}.{self.codec.name}"

    @property
    def expected(self) -> int:
        """The bytes it may take while it is made, as far as can be guessed: sooner refused than cut off."""
        if self.size is not None:
            return self.size
        rate = self.bitrate // 8 or RATE  # FLAC of a voice over a bed takes about a fourth of its samples
        guess = round(1.05 * rate * self.held.session.length / RATE)
        return max(self.needed(0), 2 * guess + _PICTURE)

    def needed(self, size: int) -> int:
        """Return the bytes it may take before its next segment is done, while *size* are there; size unknown.

        The file that grows and, at the end, the whole one beside it, which has a picture too.
        """
        second = self.bitrate // 4 or RATE * 4  # an encoder may take twice its rate for a while
        return 2 * (size + round(second * SEGMENT / RATE)) + _PICTURE
