"""Sessions of a script at many lengths and with every option, settled by estimates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, TypeVar, assert_never

from msgspec import Struct
from msgspec.structs import replace

from voiceguide.audio import RATE, Frames, clock
from voiceguide.errors import ScriptError
from voiceguide.plan.fit import SPREAD, Estimate, Reach, reach
from voiceguide.plan.items import (
    Ahead,
    Cue,
    Gap,
    Item,
    Line,
    RestCue,
    SoundCue,
    SpeechCue,
    Timeline,
    ToneCue,
)
from voiceguide.plan.plan import near
from voiceguide.plan.settle import settle
from voiceguide.plan.stretches import Stretches
from voiceguide.plan.unroll import unroll
from voiceguide.plan.walk import walk
from voiceguide.plan.wishes import Resolved, Wishes, resolve
from voiceguide.plan.work import MOST_WORK, Work
from voiceguide.script.model import Ladder, Lengths, OneOf, Own, Pace, Script, Step, Where

_Thing = TypeVar("_Thing")

_DAY: Final = date(2026, 1, 1)
_SEEDS: Final = ("1", "2", "3", "4")
"""Seeds tried if a script chooses between branches."""

_MOST_ITEMS: Final = 30_000
"""After this many items, the sessions heard so far stand for the rest."""

_MOST_WORK: Final = MOST_WORK // 2
"""The budget for finding the sessions to listen to."""

_MOST: Final = 16
"""The most lengths, and the most values of an option, that are tried; evenly chosen if there are more."""


class Said(Struct, frozen=True):
    """A line of speech with its inner pauses, from first sound to last, in frames."""

    where: Where
    text: str
    start: Frames
    end: Frames


class Quiet(Struct, frozen=True):
    """Nothing is said, played or paced for `length` frames. `before` is the text of the line so far."""

    where: Where
    length: Frames
    before: str


class Planned(Struct, frozen=True):
    """One session written out for its `length`. `kind` describes it, as ``at 5:00 with eyes closed``."""

    kind: str
    usual: bool
    length: Frames
    timeline: Timeline


class Hearing(Struct, frozen=True):
    """One session like `Planned`, with what is said in it and when."""

    kind: str
    usual: bool
    length: Frames
    cues: tuple[Cue, ...]
    said: tuple[Said, ...]

    def silences(self) -> Iterator[Quiet]:
        """Yield the silences between two sounds; the one after the last written rest is left out."""
        rests = [cue for cue in self.cues if isinstance(cue, RestCue)]
        closing = rests[-1].start if rests else self.length
        before: SpeechCue | None = None
        words, end = "", 0
        for cue in self.cues:
            if isinstance(cue, RestCue) and cue.start == closing and before is not None:
                yield Quiet(before.line.where, Frames(max(0, closing - end)), words)
            if not isinstance(cue, SpeechCue | SoundCue | ToneCue):
                continue
            if before is not None and cue.start > end:
                yield Quiet(before.line.where, Frames(cue.start - end), words)
            end = max(end, cue.start + cue.length)
            if isinstance(cue, SpeechCue):
                same = before is not None and before.line.say == cue.line.say
                words = f"{words} {cue.line.text}" if same else cue.line.text
                before = cue


def by_pace(text: str, pace: Pace) -> Frames:
    """Return how long *text* takes at *pace* words a minute, in frames; an estimate without an engine."""
    return Frames(max(1, len(text.split())) * 60 * RATE // pace)


def planned(script: Script, estimate: Estimate) -> tuple[Planned, ...]:
    """Return the sessions that stand for all of *script*'s, the usual one first if it is possible.

    They have the least, default and most lengths, both sides of every length that a condition names, each
    value of each option, the top and the foot of a ladder, and several seeds.
    """
    found: dict[str, Planned] = {}
    work, heard, steps = Work(_MOST_WORK), 0, list(walk(script.steps))
    for wishes, asked in _wishes(script, steps, _ends(script, estimate, work)):
        resolved = resolve(script, wishes, _DAY)
        for timeline, at in _reached(script, resolved, asked, estimate, work):
            kind = _kind(at)
            if kind not in found and heard < _MOST_ITEMS and not work.spent:
                heard += len(timeline.items)
                found[kind] = Planned(kind, not found, at.length, timeline)
            work.written(len(steps) + _cost(timeline.items))
        if work.spent or heard >= _MOST_ITEMS:
            break
    return tuple(found.values())


def hearing(planned: Planned, estimate: Estimate, *, quick: bool = False) -> Hearing:
    """Return *planned* settled by *estimate*.

    With *quick*, lines are as short as the engine's promise allows, and rests as long as possible.
    """
    cues = _settled(planned.timeline, planned.length, estimate, quick)
    return Hearing(planned.kind, planned.usual, planned.length, cues, tuple(_said(cues)))


def _ends(script: Script, estimate: Estimate, work: Work) -> tuple[Frames, ...]:
    """Return the default, least and most length of *script*, as declared or as estimated."""
    match script.length:
        case Lengths(default=default, least=least, most=most):
            return default, least, most
        case Own():
            stretches = Stretches(script, resolve(script, Wishes(seed="0"), _DAY), estimate, work=work)
            own = None if stretches.spent else stretches.own()
            if own is None:
                return ()
            possible = stretches.joined()
            return own, possible[0].shortest, possible[-1].longest
        case _:
            assert_never(script.length)


def _reached(
    script: Script, resolved: Resolved, asked: Sequence[Frames], estimate: Estimate, work: Work
) -> Iterator[tuple[Timeline, Resolved]]:
    """Yield *script* planned at the possible length nearest to each of those *asked*, if there is any."""
    possible: tuple[Reach, ...] | None = None
    for length in asked:
        at = replace(resolved, length=length)
        made = _planned(script, at, estimate)
        if made is None and not work.spent:
            if possible is None:
                stretches = Stretches(script, resolved, estimate, work=work)
                possible = () if stretches.spent else stretches.joined()
            at = replace(resolved, length=near(length, possible))
            made = _planned(script, at, estimate)
        if made is not None:
            yield made, at


def _cost(items: Sequence[Item]) -> int:
    """Return the cost of listening to *items*, in steps written out."""
    rests = sum(isinstance(item, Gap) and not item.exact for item in items)
    return 10 * len(items) + 30 * rests


def _planned(script: Script, resolved: Resolved, estimate: Estimate) -> Timeline | None:
    """Return *script* written out, or None if it cannot have the length of *resolved*."""
    try:
        made = unroll(script, resolved, estimate)
    except ScriptError:  # too many steps
        return None
    reached = reach(made, estimate)
    return made if reached.shortest <= resolved.length <= reached.longest else None


def _wishes(
    script: Script, steps: Sequence[Step], usual: tuple[Frames, ...]
) -> Iterator[tuple[Wishes, tuple[Frames, ...]]]:
    yield Wishes(seed="0"), (*usual, *_turns(script, steps))
    values = [(name, value) for name, values in script.options.items() for value in values[1:]]
    for name, value in _some(values):
        yield Wishes(seed="0", options={name: value}), usual
    rungs = max((len(step.rungs) for step in steps if isinstance(step, Ladder)), default=1)
    if rungs > 1:
        yield Wishes(seed="0", rungs=rungs), usual
    if any(isinstance(step, OneOf) for step in steps):
        for seed in _SEEDS:
            yield Wishes(seed=seed), usual


def _turns(script: Script, steps: Sequence[Step]) -> tuple[Frames, ...]:
    """Return the lengths on both sides of those at which the script changes."""
    tests = [test for step in steps if step.when is not None for test in step.when.length]
    bounds = _some(sorted({bound for _, bound in tests}))
    around = {Frames(bound + by) for bound in bounds for by in (-RATE, 0)}
    return tuple(sorted(at for at in around if script.length.least < at < script.length.most))


def _some(all_of_them: Sequence[_Thing]) -> Sequence[_Thing]:
    """Return at most `_MOST` of them, evenly chosen, with the first and the last."""
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
    """Yield lines, each with its phrases joined."""
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
