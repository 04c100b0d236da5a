"""Captions in WebVTT (W3C, https://www.w3.org/TR/webvtt1/).

A caption appears when its words are spoken, has at most two lines of 42 characters, and stays long enough to
be read unless the next one follows at once.
"""

from __future__ import annotations

import html
import textwrap
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from voiceguide.audio import RATE, Frames, frames
from voiceguide.export.text.text import clean, plain
from voiceguide.plan.items import SpeechCue

LINE_WIDTH: Final = 42
"""Characters per line, as subtitle style guides recommend for Latin scripts."""

LINES: Final = 2

_JOIN: Final = frames(1.0)  # phrases of one line closer than this share a caption
_READ_MS: Final = 1500  # a caption stays this long if possible, even with few words
_MS: Final = RATE // 1000


class Caption(Struct, frozen=True):
    """`text`, of one or two lines, shown from `start` to `end`, in milliseconds."""

    start: int
    end: int
    text: str


class _Piece(Struct, frozen=True):
    """Words of the written line `say`, heard from `start` to `end`."""

    start: Frames
    end: Frames
    say: int
    text: str


def vtt(cues: Iterable[SpeechCue], length: Frames, *, language: str, title: str) -> Iterator[str]:
    """Yield a WebVTT file for a session of *length* frames, each caption once the words after it are known.

    *language* is a BCP 47 tag. Title and language are written in a comment, as the format has no field for
    them.
    """
    before = f"WEBVTT\n\nNOTE\nTitle: {_comment(title)}\nLanguage: {_comment(language)}\n"
    for number, caption in enumerate(captions(cues, length), start=1):
        times = f"{_timestamp(caption.start)} --> {_timestamp(caption.end)}"
        yield f"{before}\n{number}\n{times}\n{_escape(caption.text)}\n"
        before = ""
    if before:
        yield before


def captions(cues: Iterable[SpeechCue], length: Frames) -> Iterator[Caption]:
    """Yield the captions in order, within the session, without overlaps, each at least a millisecond long."""
    return _timed(_join(piece for cue in cues for piece in _split(cue)), length // _MS)


def wrap(text: str) -> list[str]:
    """Return *text* in lines of at most `LINE_WIDTH` characters; if there are two, of about equal length."""
    lines = textwrap.wrap(text, LINE_WIDTH)
    if len(lines) != LINES:
        return lines
    for width in range(len(text) // 2, LINE_WIDTH):
        even = textwrap.wrap(text, width, break_long_words=False)
        if len(even) == LINES and max(map(len, even)) <= LINE_WIDTH:
            return even
    return lines


def _split(cue: SpeechCue) -> Iterator[_Piece]:
    """Split a long text into captions, with its time shared out by characters."""
    parts = list(_parts(plain(cue.line.text)))
    total = sum(len(part) for part in parts)
    before = 0
    for part in parts:
        start = cue.start + cue.length * before // total
        before += len(part)
        end = cue.start + cue.length * before // total
        yield _Piece(Frames(start), Frames(end), cue.line.say, part)


def _parts(text: str) -> Iterator[str]:
    """Split *text* into parts that fit a caption: after a sentence if possible, or a clause, or a word."""
    while text:
        lines = textwrap.wrap(text, LINE_WIDTH)
        if len(lines) <= LINES:
            yield text
            return
        most = _whole_words(text, lines[:LINES])
        cut = _after(most, ".?!…。？！") or _after(most, ",;:–—、，；：") or most
        yield cut
        text = text[len(cut) :].lstrip()


def _whole_words(text: str, lines: list[str]) -> str:
    """Return the start of *text* that *lines* show; a word too long for a line is cut without a space."""
    end = 0
    for line in lines:
        end = text.index(line, end) + len(line)
    return text[:end]


def _after(text: str, marks: str) -> str:
    """Return *text* up to the last of *marks* that ends a word, if over a third of *text*, else ""."""
    ends = (
        at + 1 for at in range(len(text) - 2, len(text) // 3, -1) if text[at] in marks and text[at + 1] == " "
    )
    return text[: next(ends, 0)]


def _join(pieces: Iterable[_Piece]) -> Iterator[_Piece]:
    """Join phrases of one written line that are close together and fit one caption."""
    last: _Piece | None = None
    for piece in pieces:
        if last and last.say == piece.say and piece.start - last.end <= _JOIN:
            both = f"{last.text} {piece.text}"
            if len(textwrap.wrap(both, LINE_WIDTH)) <= LINES:
                last = _Piece(last.start, piece.end, piece.say, both)
                continue
        if last:
            yield last
        last = piece
    if last:
        yield last


def _timed(pieces: Iterable[_Piece], session_ms: int) -> Iterator[Caption]:
    """Convert to milliseconds, at least one for each piece; those after the last millisecond share it."""
    shown: tuple[int, _Piece] | None = None
    for piece in pieces if session_ms else ():
        at = min(max(round(piece.start / _MS), shown[0] + 1 if shown else 0), session_ms - 1)
        if shown and at == shown[0]:
            first, last = shown
            shown = (first, _Piece(last.start, piece.end, last.say, f"{last.text} {piece.text}"))
            continue
        if shown:
            yield _caption(*shown, at)
        shown = (at, piece)
    if shown:
        yield _caption(*shown, session_ms)


def _caption(at: int, piece: _Piece, following: int) -> Caption:
    end = max(round(piece.end / _MS), at + _READ_MS)
    return Caption(at, min(end, following), "\n".join(wrap(piece.text)))


def _timestamp(ms: int) -> str:
    seconds, ms = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{ms:03}"


def _escape(text: str) -> str:
    return html.escape(text, quote=False)


def _comment(text: str) -> str:
    """Return *text* as allowed in a comment: on one line, without the arrow that begins a cue's times."""
    return clean(text).replace("-->", "→")
