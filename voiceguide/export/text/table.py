"""A session as rows to print: time, length and event."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from msgspec import Struct

from voiceguide.audio import Frames, clock, seconds
from voiceguide.export.text.text import clean, plain, unpaced
from voiceguide.plan.items import (
    BedCue,
    BellCue,
    ChapterCue,
    Cue,
    EndCue,
    RestCue,
    SoundCue,
    SpeechCue,
    ToneCue,
)


class CueRow(Struct, frozen=True):
    """One event at `start`; `length` is 0 for an instant.

    `kind` is the step's name in the script: ``say``, ``rest``, ``breathe``, ``sound``, ``bell``, ``ambience``
    or ``section``; the last row is ``end``.
    """

    start: Frames
    length: Frames
    kind: str
    text: str


def table(cues: Sequence[Cue], *, fold: bool = True) -> tuple[CueRow, ...]:
    """Return the session's rows in order. *fold* puts the tones and words of paced breathing into one row."""
    if not fold:
        return tuple(_row(cue) for cue in cues)
    return tuple(_folded(cues))


def table_json(rows: Sequence[CueRow], *, length: Frames) -> str:
    """Return *rows* as JSON, times in frames and in seconds."""
    listed = [
        {
            "start": row.start,
            "length": row.length,
            "seconds": round(seconds(row.start), 3),
            "kind": row.kind,
            "text": row.text,
        }
        for row in rows
    ]
    document = {"length": length, "seconds": round(seconds(length), 3), "rows": listed}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def span(count: int) -> str:
    """Return a short length as text: ``4 s``, ``2.5 s``, from 100 s on ``1:40``."""
    exact = seconds(count)
    return f"{round(exact, 1):g} s" if exact < 99.95 else clock(count)


def _folded(cues: Sequence[Cue]) -> Iterator[CueRow]:
    breath: list[ToneCue] = []
    words: list[str] = []
    for cue in unpaced(cues):
        if isinstance(cue, ToneCue) and (not breath or cue.start == _end(breath)):
            breath.append(cue)
            continue
        if breath and isinstance(cue, SpeechCue) and cue.start < _end(breath):
            words.append(plain(cue.line.text))
            continue
        if breath:
            yield _breathing(breath, words)
            breath, words = [], []
        if isinstance(cue, ToneCue):
            breath.append(cue)
        else:
            yield _row(cue)
    if breath:
        yield _breathing(breath, words)


def _end(breath: list[ToneCue]) -> Frames:
    return Frames(breath[-1].start + breath[-1].length)


def _breathing(breath: list[ToneCue], words: list[str]) -> CueRow:
    rounds = sum(cue.kind == "in" for cue in breath)
    phases = ", ".join(
        f"{kind} {span(length)}" for kind, length in dict.fromkeys((c.kind, c.length) for c in breath)
    )
    said = ", ".join(f"“{text}”" for text in dict.fromkeys(words))
    text = f"{rounds} × {phases}" + (f"; {said}" if said else "")
    return CueRow(breath[0].start, Frames(_end(breath) - breath[0].start), "breathe", text)


def _row(cue: Cue) -> CueRow:
    match cue:
        case SpeechCue():
            return CueRow(cue.start, cue.length, "say", plain(cue.line.text))
        case RestCue():
            return CueRow(
                cue.start, cue.length, "rest", "exact" if cue.exact else f"about {span(cue.planned)}"
            )
        case ToneCue():
            return CueRow(cue.start, cue.length, "breathe", cue.kind)
        case SoundCue():
            return CueRow(cue.start, cue.length, "sound", clean(cue.path.name))
        case BellCue():
            return CueRow(cue.start, Frames(0), "bell", clean(cue.sound))
        case BedCue():
            return CueRow(cue.start, Frames(0), "ambience", bed_text(cue))
        case ChapterCue():
            return CueRow(cue.start, Frames(0), "section", plain(cue.title))
        case EndCue():
            return CueRow(cue.start, Frames(0), "end", clock(cue.start))


def bed_text(cue: BedCue) -> str:
    """Return a change of the bed as text: ``stream at -20 dB, over 8 s``."""
    level = f" at {cue.level_db:g} dB" if cue.sound is not None and cue.level_db is not None else ""
    fade = f", over {span(cue.fade)}" if cue.fade else ""
    return f"{clean(cue.sound) if cue.sound is not None else 'none'}{level}{fade}"
