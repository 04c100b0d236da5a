"""Sessions as files, as bytes readable in any order, and as encoded segments."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from voiceguide.audio import Frames
from voiceguide.errors import SinkError
from voiceguide.export.containers import ContainerInfo
from voiceguide.export.cover import cover
from voiceguide.export.encoding.codecs import codec as codec_called
from voiceguide.export.encoding.codecs import codec_for
from voiceguide.export.encoding.grid import span
from voiceguide.export.encoding.meta import ChapterMark, Metadata
from voiceguide.export.encoding.parallel import encode
from voiceguide.export.file import whole
from voiceguide.export.growing import grow as grow_file
from voiceguide.export.progress import SPEAKING, Progress
from voiceguide.export.render import write
from voiceguide.export.sidecars import SIDECARS
from voiceguide.export.stream import Stream, mp3_stream, wav_stream
from voiceguide.export.text.chapters import marks
from voiceguide.files import PartFile
from voiceguide.plan.items import Cue
from voiceguide.plan.strays import refuse_strays
from voiceguide.session.session import Session


class Segment(Struct, frozen=True):
    """An encoded range: frames [`start`, `start + length`) as `parts`, MP3 frames, packets or samples."""

    start: Frames
    length: int
    parts: tuple[bytes, ...]

    @property
    def data(self) -> bytes:
        """All parts joined."""
        return b"".join(self.parts)


def segments(session: Session, codec: str = "mp3", bitrate: int | None = None) -> Iterator[Segment]:
    """Yield *session* encoded, in segments of 9.6 s, as they are finished.

    Joined, MP3 and WAV segments equal the file that `render` writes, without header and tags; those of AAC
    and Opus are packets that need a container.

    Raises:
        SinkError: if there is no such codec, or it has no such bitrate (bit/s).
        EngineError: if a line cannot be spoken by any voice.
    """
    row = codec_called(codec)
    rate = row.check(bitrate)
    with (
        ThreadPoolExecutor(session.encoders, "encode") as pool,
        closing(encode(row, session.block, session.length, rate, pool, session.encoders)) as made,
    ):
        for index, parts in enumerate(made):
            yield Segment(*span(index, session.length), tuple(parts))


def stream(session: Session, codec: str = "mp3", bitrate: int | None = None) -> Stream:
    """Return *session* as an MP3 or WAV of known size, whose bytes can be read in any order.

    Raises:
        SinkError: if *codec* is another one, or has no such bitrate (bit/s).
    """
    row = codec_called(codec)
    rate = row.check(bitrate)
    if row.name == "mp3":
        # Without the date, so that the bytes depend only on what the key covers.
        return mp3_stream(session.block, session.length, rate, replace(metadata(session), date=""))
    if row.name == "wav":
        return wav_stream(session.block, session.length, session.script.title)
    raise SinkError(f"the bytes of {codec} are known only when it is finished; ask for mp3 or wav")


def render(
    session: Session,
    path: str | Path,
    *,
    bitrate: int | None = None,
    sides: Iterable[str] = (),
    progress: Callable[[float], None] | None = None,
    strict: bool = False,
    series: str = "",
    part: str = "",
) -> Path:
    """Write *session* to *path*, in the format of its ending, and *sides* beside it.

    Files are written completely or not at all. *bitrate* is in bit/s; *sides* are names of `SIDECARS`;
    *progress* is called with the part done, from 0 to 1. If *strict*, nothing is written unless all is timed
    as written in the script. An audiobook is tagged as *part* of *series*, if given.

    Raises:
        StrayError: if *strict*, and the timing is not as written.
        SinkError: if a file cannot be written, or its ending is unknown.
        EngineError: if a line cannot be spoken by any voice.
    """
    target = Path(path)
    codec_for(target).check(bitrate)
    spoken = Progress(progress, SPEAKING)
    cues = tuple(spoken.follow(session.cues(), session.length))
    if strict:
        refuse_strays(cues, session.voice)
    with ExitStack() as together:  # the recording is renamed first, then its side files
        for name in sides:
            side = SIDECARS[name]
            beside = together.enter_context(whole(target.with_suffix(side.ending)))
            beside.write_bytes(side.write(session, cues).encode())
        write(
            session.block,
            session.length,
            target,
            meta=replace(metadata(session), series=series, part=part),
            chapters=_chapters(session, cues),
            cover=_cover(session),
            bitrate=bitrate,
            jobs=session.encoders,
            progress=spoken.rest,
        )
    return target


def grow(
    session: Session,
    part: PartFile,
    codec: str,
    *,
    bitrate: int | None = None,
    progress: Callable[[float], None] | None = None,
    series: tuple[str, str] = ("", ""),
) -> None:
    """Write *session* into *part* as it is spoken; other readers of its path can follow it to the end.

    *codec* is one of `GROWING`, or mp3. When all is written, a file with settled chapters replaces it; on
    failure it keeps what was written. *bitrate* is in bit/s; *progress* is called with the part done. An
    audiobook is tagged as a part of *series*: its title, and the number of the part.

    Raises:
        SinkError: if the file cannot be written.
        EngineError: if a line cannot be spoken by any voice.
    """
    row = codec_called(codec)
    rate = row.check(bitrate)

    def about(cues: Iterable[Cue]) -> ContainerInfo:
        chapters = _chapters(session, tuple(cues))
        meta = replace(metadata(session), series=series[0], part=series[1])
        return ContainerInfo(session.length, rate, meta, chapters, _cover(session))

    grow_file(
        session.block,
        part,
        row,
        about(session.planned()),
        lambda: about(session.cues()),
        jobs=session.encoders,
        progress=progress,
    )


def metadata(session: Session) -> Metadata:
    """Return the metadata of *session* for tags and feeds."""
    script = session.script
    return Metadata(
        script.title,
        script.summary,
        script.technique,
        script.language,
        session.day,
        narrator=session.voice,
    )


def _chapters(session: Session, cues: tuple[Cue, ...]) -> list[ChapterMark]:
    return [ChapterMark(mark.start, mark.title) for mark in marks(cues, title=session.script.title)]


def _cover(session: Session) -> bytes:
    return cover(session.script.title, session.script.technique, session.length)
