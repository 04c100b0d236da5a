"""Beginning to make a session: at any byte where each has a known place, else from its start."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from voiceguide.audio import RATE
from voiceguide.errors import SinkError
from voiceguide.export import recording
from voiceguide.files import PartFile
from voiceguide.files.quota import Full, TooLarge
from voiceguide.server.file_cache import Draft, FileCache
from voiceguide.server.growing_job import GrowingJob
from voiceguide.server.job import Job
from voiceguide.server.limits import Limits
from voiceguide.server.ranged_job import RangedJob
from voiceguide.server.render_job import RenderJob

NO_ROOM: Final = "there is no room on the disk for one more session while others are being made"
TOO_LARGE: Final = (
    "this is larger than all that may be kept here; ask for a shorter session, or another format"
)

Ended = Callable[[Job, Draft, RenderJob], None]


def begin(job: Job, cache: FileCache, limits: Limits, ended: Ended) -> RenderJob:
    """Return *job* being made into a draft in *cache*; *ended* is told of it once, in its thread.

    Raises:
        TooLarge: if it can never be kept there.
        Full: if there is no room for it now.
    """
    if not job.addressable:
        draft = cache.begin(job.name, job.expected)
        return GrowingJob(partial(_render, job, draft, limits), draft.part, ended=partial(ended, job, draft))
    stream = recording.stream(job.held.session, job.codec.name, job.bitrate or None)
    second = max(1, stream.size * RATE // job.held.session.length)
    draft = cache.begin(job.name, stream.size)
    return RangedJob(
        stream,
        draft.part,
        ahead=round(limits.ahead * second),
        turn=round(limits.turn * second),
        linger=limits.linger,
        ended=partial(ended, job, draft),
    )


def _render(job: Job, draft: Draft, limits: Limits, part: PartFile, report: Callable[[float], None]) -> None:
    """Write *job*, with room for what comes next before it is written."""

    def told(done: float) -> None:
        try:
            draft.grow(job.needed(part.path.stat().st_size))
        except TooLarge:
            raise SinkError(TOO_LARGE) from None
        except Full:
            raise limits.busy(NO_ROOM) from None
        report(done)

    recording.grow(
        job.held.session,
        part,
        job.codec.name,
        bitrate=job.bitrate or None,
        progress=told,
        series=job.series,
    )
