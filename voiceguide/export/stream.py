"""A session as a file that is not stored: its size is known, and any range of bytes can be made alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct

from voiceguide.audio import Frames
from voiceguide.export.encoding import mp3, wav
from voiceguide.export.encoding.grid import Render
from voiceguide.export.encoding.meta import Metadata
from voiceguide.export.id3 import id3_tag


class Stream(Struct, frozen=True):
    """`size` bytes of `media_type`: `head`, then the bytes that `body(first, last)` yields, both included."""

    media_type: str
    head: bytes
    size: int
    body: Callable[[int, int], Iterator[bytes]]

    def read(self, first: int = 0, last: int | None = None) -> Iterator[bytes]:
        """Yield bytes [*first*, *last*] as they are made; to the end if *last* is None.

        Raises:
            ValueError: if the range is not within the file.
        """
        final = self.size - 1 if last is None else last
        if not 0 <= first <= final < self.size:
            raise ValueError(f"bytes {first} to {final} of {self.size}")
        if first < len(self.head):
            yield self.head[first : final + 1]
        if final >= len(self.head):
            yield from self.body(max(0, first - len(self.head)), final - len(self.head))


def mp3_stream(
    render: Render, length: Frames, bitrate: int, meta: Metadata, cover: bytes | None = None
) -> Stream:
    """Return the session as an MP3, without chapters: the tag comes before their times are known."""
    layout = mp3.Mp3Layout(length, bitrate)
    head = id3_tag(meta, (), cover, length) + mp3.info_frame(layout)

    def body(first: int, last: int) -> Iterator[bytes]:
        return mp3.encode_range(render, layout, first, last)

    return Stream("audio/mpeg", head, len(head) + layout.audio_bytes, body)


def wav_stream(render: Render, length: Frames, title: str) -> Stream:
    """Return the session as a WAV."""
    head = wav.header(length, title)

    def body(first: int, last: int) -> Iterator[bytes]:
        return wav.encode_range(render, length, first, last)

    return Stream("audio/wav", head, len(head) + length * wav.FRAME_BYTES, body)
