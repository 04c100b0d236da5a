"""Sessions of a script as they would be heard: at many lengths, with every option, settled by estimates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from voiceguide.audio import RATE, Frames, clock
from voiceguide.errors import VoiceguideError
from voiceguide.script.model import Ladder, OneOf, Pace, Script, Where
from voiceguide.timeline.fit import SPREAD, Estimate
from voiceguide.timeline.items import Ahead, Cue, Line, RestCue, SoundCue, SpeechCue, Timeline, ToneCue
from voiceguide.timeline.plan import lengths, near, plan, span
from voiceguide.timeline.settle import settle
from voiceguide.timeline.walk import walk
from voiceguide.timeline.wishes import Resolved, Wishes, resolve

_Thing = TypeVar("_Thing")

_DAY: Final = date(2026, 1, 1)
_SEEDS: Final = ("1", "2", "3", "4")
"""Seeds tried where a script chooses between branches."""

_MOST_ITEMS: Final = 30_000
"""When so much has been listened to, it stands for the rest: hours of breaths are not gone through often."""

_MOST: Final = 16
"""So many lengths at which a script changes are listened to, and values of options; of more, some of each."""


class Said(Struct, frozen=True):
    """A line of speech, its pauses inside it. `end` is its last sound; both in frames."""

    where: Where
    text: str
    start: Frames
    end: Frames


class Silence(Struct, frozen=True):
    """Nothing is said, played or paced for `length` frames. `before` has the line's words up to here."""

    where: Where
    length: Frames
    before: str


class Hearing(Struct, frozen=True):
    """One session: what is said in it, and when. `kind` tells which, as ``at 5:00 with eyes closed``."""

    kind: str
    usual: bool
    length: Frames
    cues: tuple[Cue, ...]
    said: tuple[Said, ...]

    def silences(self) -> Iterator[Silence]:
        """Yield the silences between one sound and the next; that after the last written rest is left out."""
        rests = [cue for cue in self.cues if isinstance(cue, RestCue)]
        closing = rests[-1].start if rests else self.length
        before: SpeechCue | None = None
        words, end = "", 0
        for cue in self.cues:
            if isinstance(cue, RestCue) and cue.start == closing and before is not None:
                yield Silence(before.line.where, Frames(max(0, closing - end)), words)
            if not isinstance(cue, SpeechCue | SoundCue | ToneCue):
                continue
            if before is not None and cue.start > end:
                yield Silence(before.line.where, Frames(cue.start - end), words)
            end = max(end, cue.start + cue.length)
            if isinstance(cue, SpeechCue):
                same = before is not None and before.line.say == cue.line.say
                words = f"{words} {cue.line.text}" if same else cue.line.text
                before = cue


def by_pace(text: str, pace: Pace) -> Frames:
    """Return how long *text* takes at *pace* words a minute: an estimate that needs no engine."""
    return Frames(max(1, len(text.split())) * 60 * RATE // pace)


def hearings(script: Script, estimate: Estimate, *, quick: bool = False) -> tuple[Hearing, ...]:
    """Return the sessions that stand for all of *script*'s; the usual one first, if it can be had.

    At the least, default and most lengths, on both sides of every length that a condition names, with each
    value of each option, up a ladder and at its foot, and for several seeds. With *quick* the voice is as far
    ahead of its estimates as it may be, and rests get as long as they can.
    """
    found: dict[str, Hearing] = {}
    heard = 0
    for wishes, asked in _wishes(script, estimate):
        resolved = resolve(script, wishes, _DAY)
        possible = lengths(script, resolved, estimate)
        for length in asked:
            resolved = replace(resolved, length=near(length, possible))
            try:
                timeline = plan(script, resolved, estimate)
            except VoiceguideError:
                continue  # not a session that anybody can have
            kind = _kind(resolved)
            if kind not in found and heard < _MOST_ITEMS:
                heard += len(timeline.items)
                cues = _settled(timeline, resolved.length, estimate, quick)
                found[kind] = Hearing(kind, not found, resolved.length, cues, tuple(_said(cues)))
    return tuple(found.values())


def _wishes(script: Script, estimate: Estimate) -> Iterator[tuple[Wishes, tuple[Frames, ...]]]:
    length = span(script, estimate)
    usual = (length.default, length.least, length.most)
    yield Wishes(seed="0"), (*usual, *_turns(script))
    values = [(name, value) for name, values in script.options.items() for value in values[1:]]
    for name, value in _some(values):
        yield Wishes(seed="0", options={name: value}), usual
    steps = list(walk(script.steps))
    rungs = max((len(step.rungs) for step in steps if isinstance(step, Ladder)), default=1)
    if rungs > 1:
        yield Wishes(seed="0", rungs=rungs), usual
    if any(isinstance(step, OneOf) for step in steps):
        for seed in _SEEDS:
            yield Wishes(seed=seed), usual


def _turns(script: Script) -> tuple[Frames, ...]:
    """Return the lengths around those at which the script changes."""
    tests = [test for step in walk(script.steps) if step.when is not None for test in step.when.length]
    bounds = _some(sorted({bound for _, bound in tests}))
    around = {Frames(bound + by) for bound in bounds for by in (-RATE, 0)}
    return tuple(sorted(at for at in around if script.length.least < at < script.length.most))


def _some(all_of_them: Sequence[_Thing]) -> Sequence[_Thing]:
    """Return at most `_MOST` of them, the first and the last and evenly between."""
    count = len(all_of_them)
    if count <= _MOST:
        return all_of_them
    return [all_of_them[index * (count - 1) // (_MOST - 1)] for index in range(_MOST)]


def _settled(timeline: Timeline, length: Frames, estimate: Estimate, quick: bool) -> tuple[Cue, ...]:
    def spoken(line: Line) -> Frames:
        about = estimate(line.text, line.pace)
        return Frames(about - about // SPREAD) if quick else about

    return tuple(cue for cue in settle(timeline, length, estimate, spoken) if not isinstance(cue, Ahead))


def _kind(resolved: Resolved) -> str:
    options = [f"{name} {value}" for name, value in resolved.options]
    rungs = [f"{resolved.rungs} rungs"] if resolved.rungs > 1 else []
    seed = [f"seed {resolved.seed}"] if resolved.seed != "0" else []
    extra = ", ".join([*options, *rungs, *seed])
    return f"at {clock(resolved.length)}" + (f" with {extra}" if extra else "")


def _said(cues: tuple[Cue, ...]) -> Iterator[Said]:
    """Yield lines, the phrases of each joined."""
    open_say: Said | None = None
    number = -1
    for cue in sorted((cue for cue in cues if isinstance(cue, SpeechCue)), key=lambda cue: cue.start):
        end = Frames(cue.start + cue.length)
        if open_say is not None and cue.line.say == number:
            open_say = replace(open_say, text=f"{open_say.text} {cue.line.text}", end=end)
            continue
        if open_say is not None:
            yield open_say
        open_say, number = Said(cue.line.where, cue.line.text, cue.start, end), cue.line.say
    if open_say is not None:
        yield open_say
