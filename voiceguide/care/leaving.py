"""Rules 3 and 5, by the clock: regular ways out, and no long silence without announcement."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from voiceguide.audio import RATE, Frames, clock, frames
from voiceguide.care.hearing import Hearing, Quiet
from voiceguide.care.phrases import any_of, sentences
from voiceguide.care.subject import Finding, Subject
from voiceguide.script.model import Where

FIRST_BY: Final = frames(60)
"""The first way out is offered within this time."""

EVERY: Final = frames(180)
"""The longest time from one way out to the next, or to the end."""

UNANNOUNCED: Final = frames(20)
"""The longest silence that needs no announcement."""

_LEAVE: Final = any_of(
    r"(?<!bus )stop(?:ping)?|walk(?:ing)? (?:away|off|out)|paus(?:e|ing)|skip(?:ping)?",
    r"finish(?:ing)?|quit",
    r"leav(?:e|ing)(?! (?:it|that|the|an?|some|your|them|one|room|out|any)\b)",
    r"end (?:it|this|here)|to end|step(?:ping)? (?:away|out)",
    r"(?:turn|switch)(?:ing)? (?:me|this|it) off|put(?:ting)? (?:me|this) down",
    r"tak(?:e|ing) a break|open(?:ing)? your eyes|eyes (?:can|may|might) (?:\w+ )?open",
    r"do something else|come back another",
)
_MAY: Final = any_of(
    r"you (?:can|could|may|might)",
    r"(?:is|it's|that's|still|all) (?:\w+ )?(?:fine|okay|ok|right|allowed|welcome)|fine way",
    r"free to|welcome to|if (?:you|it|this|that)|when(?:ever)? you|any ?time|at any|they can",
)


def is_way_out(text: str) -> bool:
    """Return whether a sentence of *text* permits the listener to leave."""
    return any(_LEAVE.search(each.text) and _MAY.search(each.text) for each in sentences(text))


def ways_out(subject: Subject) -> Iterator[Finding]:
    """Rule 3: a way out within the first minute, and at least every three minutes after."""
    worst: dict[tuple[Where | None, Where | None], _Missing] = {}
    for hearing in subject.hearings:
        for missing in _missing(hearing):
            known = worst.get(missing.between)
            if known is None or missing.late > known.late:
                worst[missing.between] = missing
    for missing in worst.values():
        instead = f'say one {missing.due}, such as "you can stop whenever you like"'
        yield Finding(missing.where, missing.what, instead)


class _Missing(Struct, frozen=True):
    """A way out that is `late` by so many frames; `between` has the ways out around it (None: start, end)."""

    between: tuple[Where | None, Where | None]
    where: Where
    late: int
    what: str
    due: str


def _missing(hearing: Hearing) -> Iterator[_Missing]:
    outs = [said for said in hearing.said if is_way_out(said.text)]
    for last, following in zip([None, *outs], [*outs, None], strict=True):
        limit = Frames(last.start + EVERY) if last else FIRST_BY
        reached = following.start if following else hearing.length
        if reached <= limit or not hearing.said:
            continue
        since = clock(last.start) if last else "the start"
        until = clock(following.start) if following else "the end"
        yield _Missing(
            between=(last.where if last else None, following.where if following else None),
            where=_near(hearing, limit),
            late=reached - limit,
            what=f"{hearing.kind} no way out is said from {since} to {until}",
            due=f"by {clock(limit)}, about here" if last else "within the first minute",
        )


def _near(hearing: Hearing, limit: Frames) -> Where:
    """Return the place of the last line before *limit*, or of the first line."""
    before = [said for said in hearing.said if said.start <= limit]
    return (before or hearing.said)[-1 if before else 0].where


_ANNOUNCES: Final = any_of(
    r"(?:i|we|there)(?:'ll| will)\b[^.!?]*\b(?:quiet|silent|silence|wait|say nothing|leave you|give you)",
    r"(?:quiet|silence|silent),? (?:again|now|once|for|while|stretch|minute|here|from|before|until|to)",
    r"(?:some|more|another|long|little|last|bit of|stretch of|minute of|moment of|in|of) (?:quiet|silence)",
    r"i (?:wait|stop talking|won't talk|won't say)|(?:minutes?|seconds) (?:for|to|of)",
    r"nothing (?:said )?from me",
)


def announces(text: str) -> bool:
    """Return whether *text* announces a silence."""
    return any(_ANNOUNCES.search(each.text) for each in sentences(text))


def silences(subject: Subject) -> Iterator[Finding]:
    """Rule 5: a silence over 20 s follows a line that announces it, at every length and with every voice."""
    worst: dict[Where, tuple[Quiet, str]] = {}
    for hearing in (*subject.hearings, *subject.quick_hearings):
        for silence in hearing.silences():
            known = worst.get(silence.where)
            if silence.length <= max(UNANNOUNCED, known[0].length if known else 0):
                continue
            if not announces(silence.before):
                worst[silence.where] = (silence, hearing.kind)
    for where, (silence, kind) in worst.items():
        what = f"after this line it can be silent for {silence.length / RATE:.0f} s ({kind})"
        yield Finding(where, what, 'announce it, as in "I\'ll be quiet for a bit", or rest 20 s at most')
