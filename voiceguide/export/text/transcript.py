"""The words of a session to read beforehand: by chapters, one line of text for each line of speech."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from voiceguide.audio import Frames, clock, frames
from voiceguide.export.text.text import last_frame, plain, session_length, unpaced
from voiceguide.plan.items import ChapterCue, Cue, Line, RestCue, SpeechCue, ToneCue

_LONG: Final = frames(20.0)  # a rest this long is mentioned


class Paragraph(Struct, frozen=True):
    """The text of a written line, a chapter's title, or the length of a long rest; it begins at `start`.

    `times` counts the repetitions of a breath word.
    """

    start: Frames
    kind: str
    text: str
    depth: int = 0
    times: int = 1


def transcript(cues: Sequence[Cue], *, title: str) -> str:
    """Return the session's words as plain text, to be read before listening."""
    out = [plain(title), clock(session_length(cues))]
    for paragraph in paragraphs(cues):
        if paragraph.kind == "chapter":
            out += ["", f"{'#' * (paragraph.depth + 2)} {paragraph.text}", ""]
        elif paragraph.kind == "rest":
            out.append(f"    … {paragraph.text}")
        else:
            out.append(paragraph.text + (f" (×{paragraph.times})" if paragraph.times > 1 else ""))
    return "\n".join(out) + "\n"


def paragraphs(cues: Sequence[Cue]) -> tuple[Paragraph, ...]:
    """Return the paragraphs in order; their kinds are ``say``, ``breath``, ``chapter`` and ``rest``."""
    return tuple(_fold(_phrases(cues)))


def _phrases(cues: Sequence[Cue]) -> Iterator[tuple[int, Paragraph]]:
    """Yield a paragraph for each cue, with a number that the phrases of one line share; -1 for the others."""
    beat_until = 0  # speech within a tone or a rest of the voice is on the beat
    group = 0
    last: Line | None = None
    for cue in unpaced(cues):
        if isinstance(cue, ToneCue | RestCue):
            beat_until = max(beat_until, last_frame(cue))
        if isinstance(cue, ChapterCue):
            yield -1, Paragraph(cue.start, "chapter", plain(cue.title), cue.depth)
        elif isinstance(cue, RestCue) and cue.length >= _LONG:
            yield -1, Paragraph(cue.start, "rest", clock(cue.length))
        elif isinstance(cue, SpeechCue):
            if cue.start < beat_until:
                yield -1, Paragraph(cue.start, "breath", plain(cue.line.text))
                continue
            if last is None or not (cue.line.say == last.say or (last.slot and cue.line.where == last.where)):
                group += 1
            last = cue.line
            yield group, Paragraph(cue.start, "say", plain(cue.line.text))


def _fold(phrases: Iterator[tuple[int, Paragraph]]) -> list[Paragraph]:
    """Join the phrases of a line, and merge repeated breath words."""
    out: list[Paragraph] = []
    groups: list[int] = []
    breath: dict[str, int] = {}
    for group, paragraph in phrases:
        if paragraph.kind != "breath":
            breath.clear()
        elif paragraph.text in breath:
            at = breath[paragraph.text]
            out[at] = _again(out[at])
            continue
        else:
            breath[paragraph.text] = len(out)
        if out and group >= 0 and group == groups[-1]:
            out[-1] = Paragraph(out[-1].start, "say", f"{out[-1].text} {paragraph.text}")
            continue
        out.append(paragraph)
        groups.append(group)
    return out


def _again(paragraph: Paragraph) -> Paragraph:
    return Paragraph(paragraph.start, paragraph.kind, paragraph.text, paragraph.depth, paragraph.times + 1)
