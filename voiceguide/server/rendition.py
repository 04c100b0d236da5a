"""A session in one format: its file's name, its size, and how a render job makes it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial
from typing import Final

from msgspec import Struct

from voiceguide.audio import RATE
from voiceguide.errors import SinkError, StoreError
from voiceguide.export import recording
from voiceguide.export.encoding.codecs import Codec
from voiceguide.export.encoding.grid import SEGMENT
from voiceguide.files import PartFile
from voiceguide.files.quota import Full, TooLarge
from voiceguide.server.file_cache import Draft, FileCache
from voiceguide.server.growing_job import GrowingJob
from voiceguide.server.limits import Limits
from voiceguide.server.ranged_job import RangedJob
from voiceguide.server.render_job import RenderJob
from voiceguide.server.sessions import HeldSession

_PICTURE: Final = 256 * 1024

NO_ROOM: Final = "there is no room on the disk for one more session while others are being made"
TOO_LARGE: Final = (
    "this is larger than all that may be kept here; ask for a shorter session, or another format"
)


class Rendition(Struct, frozen=True):
    """A session in one format. *bitrate* is in bit/s, 0 if the format has no choice.

    A *tagged* MP3 has chapters and a cover, and is complete only once they are known; other formats always
    have them. An audiobook can be part of a *series*: its title, and the number of the part.
    """

    held: HeldSession
    codec: Codec
    bitrate: int
    tagged: bool = False
    series: tuple[str, str] = ("", "")

    @property
    def name(self) -> str:
        """The name of its file in the cache."""
        return f"{self.held.key}{self._ending}"

    @property
    def id(self) -> str:
        """Its key while it is made, which is the same for a stand-in voice."""
        return f"{self.held.session.key}{self._ending}"

    @property
    def addressable(self) -> bool:
        """Whether the position of every byte is known before it is made."""
        return self.codec.name in ("mp3", "wav") and not self.tagged

    @property
    def size(self) -> int | None:
        """Its size in bytes, or None if that is unknown before it is made."""
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
        """A high guess of the bytes needed to make it: a job is better refused than stopped halfway."""
        if self.size is not None:
            return self.size
        rate = self.bitrate // 8 or RATE  # FLAC of a voice over a bed takes about a fourth of the PCM
        guess = round(1.05 * rate * self.held.session.length / RATE)
        return max(self.needed(0), 2 * guess + _PICTURE)

    def needed(self, size: int) -> int:
        """Return the bytes needed to finish its next segment, if *size* are written. For unknown sizes.

        They hold the growing file and, at the end, the whole file beside it, which also has a picture.
        """
        second = self.bitrate // 4 or RATE * 4  # an encoder may take twice its rate for a while
        return 2 * (size + round(second * SEGMENT / RATE)) + _PICTURE


Ended = Callable[[Rendition, Draft, RenderJob], None]


def begin(rendition: Rendition, cache: FileCache, limits: Limits, ended: Ended) -> RenderJob:
    """Begin to make *rendition* into a draft in *cache*; *ended* is called once, in the job's thread.

    Raises:
        TooLarge: if it can never be kept there.
        Full: if there is no room for it now.
        StoreError: if its file cannot be created or opened.
    """
    draft = cache.begin(rendition.name, rendition.expected)
    try:
        return _begun(rendition, draft, limits, partial(ended, rendition, draft))
    except OSError as error:
        draft.drop()
        raise StoreError(
            f"the session cannot be kept while it is made ({error.strerror or error})"
        ) from error
    except BaseException:
        draft.drop()
        raise


def _begun(
    rendition: Rendition, draft: Draft, limits: Limits, ended: Callable[[RenderJob], None]
) -> RenderJob:
    if not rendition.addressable:
        return GrowingJob(partial(_render, rendition, draft, limits), draft.part, ended=ended)
    stream = recording.stream(rendition.held.session, rendition.codec.name, rendition.bitrate or None)
    second = max(1, stream.size * RATE // rendition.held.session.length)
    return RangedJob(
        stream,
        draft.part,
        ahead=round(limits.ahead * second),
        turn=round(limits.turn * second),
        linger=limits.linger,
        ended=ended,
    )


def _render(
    rendition: Rendition, draft: Draft, limits: Limits, part: PartFile, report: Callable[[float], None]
) -> None:
    """Write *rendition*, reserving room for each segment before it is written."""

    def tell(done: float) -> None:
        try:
            draft.grow(rendition.needed(part.path.stat().st_size))
        except TooLarge:
            raise SinkError(TOO_LARGE) from None
        except Full:
            raise limits.busy(NO_ROOM) from None
        report(done)

    recording.grow(
        rendition.held.session,
        part,
        rendition.codec.name,
        bitrate=rendition.bitrate or None,
        progress=tell,
        series=rendition.series,
    )
