"""Rule 4: breath is never the only anchor, and holds are declared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from voiceguide.care.hearing import Hearing
from voiceguide.care.leaving import is_way_out
from voiceguide.care.phrases import any_of, find, word_set
from voiceguide.care.subject import Finding, Subject
from voiceguide.plan.items import ToneCue
from voiceguide.script.model import Breathe

_BREATH: Final = re.compile(r"\b(?:breath(?:s|e|es|ing)?|inhal\w+|exhal\w+)\b", re.IGNORECASE)
_OTHER: Final = any_of(
    r"feet|foot|toes|heels?|hands?|fingers?|palms?|chair|seat|floor|ground|bed|wall|window",
    r"table|sleeves?|cloth|sounds?|listen|hear|look|see|touch|weight|skin|back|shoulders?",
)
_MANY: Final = 2
"""The number of lines on the breath from which it counts as an anchor."""

_BODY_OF_IT: Final = 0.75
"""Other anchors count only in this first part of a session, since every ending mentions the room anyway."""

_HOLD: Final = any_of(r"hold(?:ing)? (?:your|the|that|this) breath", r"breath[^.!?]*\b(?:and|then) hold")
_UNASKED: Final = word_set("not n't no without never if nobody need")


def anchors(subject: Subject) -> Iterator[Finding]:
    """Rule 4: a script that uses the breath offers another anchor, and `contains` lists breath holds."""
    for hearing in subject.hearings:
        lines = [said for said in hearing.said if _BREATH.search(said.text)]
        paced = any(isinstance(cue, ToneCue) for cue in hearing.cues)
        if lines and (paced or len(lines) >= _MANY) and not _has_another(hearing):
            what = f"{hearing.kind} breath is the only anchor"
            yield Finding(lines[0].where, what, "offer another as well: feet, hands or sounds")
            break
    yield from _holds(subject)


def _has_another(hearing: Hearing) -> bool:
    body = [said for said in hearing.said if said.start <= hearing.length * _BODY_OF_IT]
    return any(_OTHER.search(said.text) and not is_way_out(said.text) for said in body)


def _holds(subject: Subject) -> Iterator[Finding]:
    if any("hold" in told for told in subject.script.contains):
        return
    instead = "add breath holds to contains, or leave the hold out"
    for step in subject.steps:
        if isinstance(step, Breathe) and (step.hold_full or step.hold_empty):
            yield Finding(step.where, "the breath is held here, and contains does not say so", instead)
    for line in subject.lines:
        for found in find(_HOLD, line.text):
            if not found.after_any(_UNASKED, 4):
                what = f'"{found.phrase}" holds the breath, and contains does not say so'
                yield Finding(line.where, what, instead)
