"""Statistics of a session: its silences, its share of speech, and the rate of speech."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from voiceguide.audio import RATE, Frames
from voiceguide.export.text.text import last_frame, plain, session_length, spoken
from voiceguide.plan.items import Cue, RestCue, SoundCue, SpeechCue, ToneCue


class Silence(Struct, frozen=True):
    """Nothing is said, played or paced from `start` for `length` frames; bells may ring.

    `planned` is the length with every rest as written ("about"); `exact` is whether none of its rests is
    flexible. `before` and `after` are the words around it, or "".
    """

    start: Frames
    length: Frames
    planned: Frames
    exact: bool
    before: str
    after: str


class _Sounding(Struct, frozen=True):
    start: Frames
    end: Frames
    text: str


def rests(cues: Sequence[Cue]) -> tuple[Silence, ...]:
    """Return every gap between the last sound of one thing and the first of the next.

    Speech, sounds of the author's own and breath tones count as sounds. The gaps before the first and after
    the last sound are included.
    """
    written = [cue for cue in cues if isinstance(cue, RestCue)]
    return tuple(_silence(before, after, written) for before, after in _gaps(cues))


def longest_silence(cues: Sequence[Cue]) -> Frames:
    """Return the length of the longest of `rests`; 0 if there is none."""
    return max((gap.length for gap in rests(cues)), default=Frames(0))


def speech_share(cues: Sequence[Cue]) -> float:
    """Return the share of speech in the session, from 0 to 1."""
    length = session_length(cues)
    return speech_frames(cues) / length if length else 0.0


def speech_frames(cues: Sequence[Cue]) -> Frames:
    """Return the frames of speech in the session, without pauses."""
    total = reached = 0
    for cue in spoken(cues):
        end = cue.start + cue.length
        total += max(0, end - max(cue.start, reached))
        reached = max(reached, end)
    return Frames(total)


def words(cues: Sequence[Cue]) -> int:
    """Return the number of words said."""
    return sum(any(map(str.isalnum, word)) for cue in spoken(cues) for word in plain(cue.line.text).split())


def words_per_minute(cues: Sequence[Cue]) -> float:
    """Return the words a minute while the voice speaks; 0 if it never does."""
    said = speech_frames(cues)
    return words(cues) * 60 * RATE / said if said else 0.0


def _gaps(cues: Sequence[Cue]) -> Iterator[tuple[_Sounding, _Sounding]]:
    length = session_length(cues)
    sounding = sorted((_sounding(cue) for cue in cues if _is_heard(cue)), key=lambda one: one.start)
    last = _Sounding(Frames(0), Frames(0), "")
    for one in [*sounding, _Sounding(length, length, "")]:
        if one.start > last.end:
            yield last, one
        if one.end >= last.end:
            last = one


def _is_heard(cue: Cue) -> bool:
    return isinstance(cue, SpeechCue | SoundCue | ToneCue)


def _sounding(cue: Cue) -> _Sounding:
    assert isinstance(cue, SpeechCue | SoundCue | ToneCue)
    text = plain(cue.line.text) if isinstance(cue, SpeechCue) else ""
    return _Sounding(cue.start, Frames(cue.start + cue.length), text)


def _silence(before: _Sounding, after: _Sounding, written: list[RestCue]) -> Silence:
    inside = [rest for rest in written if before.end < last_frame(rest) and rest.start < after.start]
    length = after.start - before.end
    planned = length + sum(rest.planned - rest.length for rest in inside)
    return Silence(
        start=before.end,
        length=Frames(length),
        planned=Frames(planned),
        exact=all(rest.exact for rest in inside),
        before=before.text,
        after=after.text,
    )
