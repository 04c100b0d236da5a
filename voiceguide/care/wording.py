"""Rules 1, 2 and 7, on single lines: no commands, eyes as a choice, no promises."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from voiceguide.care.phrases import Match, any_of, find, sentences, word_set
from voiceguide.care.subject import Finding, Subject

_HAS_TO: Final = re.compile(
    r"\byou(?:'ve| have)? (?:must|have to|need to|should|ought to|are to|got to|mustn't|shouldn't)\b",
    re.IGNORECASE,
)
_DONT: Final = re.compile(r"(?:^|[,;:—–] ?)(?:(?:and|but|so|or|please|just|then) )?(?:don't|do not)\b", re.I)
_ORDER: Final = re.compile(
    r"(?:^(?:and |now |so )?(?:relax|concentrate|calm down)\b|\bjust relax\b|\b(?:relax|let go) now\b"
    r"|\b(?:calm down|try harder|cheer up|snap out of|pull yourself together)\b|\b(?:clear|empty) your mind\b"
    r"|\bstop (?:thinking|worrying|crying|feeling)\b|\b(?:think|stay|be) positive\b)",
    re.IGNORECASE,
)

_BEFORE_HAS_TO: Final = word_set(
    "if when whenever unless until what whatever that as where wherever than because do does did n't nothing "
    "nobody once before all everything feel think believe"
)
_SOFTENS: Final = word_set(
    "if might may could can would want like or not n't never no nobody nothing without than instead trying "
    "told asked nor whether"
)


def commands(subject: Subject) -> Iterator[Finding]:
    """Rule 1: invite, never command. "If you must", "you don't have to" and questions are fine."""
    for line in subject.lines:
        for found in find(_HAS_TO, line.text):
            if not (found.sentence.asks or found.after_any(_BEFORE_HAS_TO, 1)):
                yield Finding(line.where, f'"{found.phrase}" commands', 'write "you might" or "if you like"')
        for found in find(_DONT, line.text):
            if not (found.sentence.asks or _in_an_if(found)):
                yield Finding(line.where, f'"{found.phrase}" commands', "say what might be done instead")
        for found in find(_ORDER, line.text):
            if not (found.sentence.asks or found.after_any(_SOFTENS, 4)):
                yield Finding(line.where, f'"{found.phrase}" commands', "invite something small instead")


def _in_an_if(found: Match) -> bool:
    """Return whether the phrase is part of an "if", as in "If you laugh, or don't, both are fine"."""
    return bool(re.match(r"\W*(?:if|when|whether)\b", found.before, re.IGNORECASE))


_PROMISE: Final = any_of(
    r"you(?:'ll| will) (?:soon |now |then |surely |certainly )?(?:feel|heal|recover|relax|get better)",
    r"you(?:'ll| will) (?:soon |now |then )?be (?:fine|all right|calmer?|safe|healed|better|happ(?:y|ier))",
    r"you(?:'ll| will) find (?:peace|calm)",
    r"(?:this|it|that|which) (?:will )?(?:always )?(?:heals?|cures?|fixes|works (?:every time|for everyone))",
    r"(?:this|it|that)(?:'ll| will) (?:help|make you|get better|go away|calm)",
    r"guarantee[ds]?|i promise|you(?:'re| are) (?:completely |perfectly |quite )?safe",
    r"nothing (?:bad )?can (?:hurt|happen to|touch) you",
)
_DIAGNOSIS: Final = any_of(
    r"you(?:'re| are) (?:depressed|traumati[sz]ed|dissociat\w+|(?:mentally )?ill|damaged|broken|in shock)",
    r"you have (?:depression|trauma|ptsd|an? \w+ disorder|alexithymia)|your (?:trauma|disorder|ptsd)",
)


def promises(subject: Subject) -> Iterator[Finding]:
    """Rule 7: no promises and no diagnoses, in lines or in the summary."""
    summary = (subject.key("summary"), subject.script.summary)
    for where, text in (summary, *((line.where, line.text) for line in subject.lines)):
        for found in find(_PROMISE, text):
            if not (found.sentence.asks or found.after_any(_SOFTENS, 5)):
                yield Finding(where, f'"{found.phrase}" promises', 'write "you may notice", or ask')
        for found in find(_DIAGNOSIS, text):
            if not (found.sentence.asks or found.after_any(_SOFTENS, 5)):
                yield Finding(where, f'"{found.phrase}" is a diagnosis', "say what it may be like instead")


_CLOSE: Final = any_of(
    r"(?:close|shut|lower) your eyes",
    r"your eyes (?:to )?(?:\w+ly |fall |rest |now )*(?:close|closed|shut)",
)
_CHOICE: Final = any_of(
    r"if|might|may|could|can|whether|would (?:like|rather)|want|wish|whenever",
    r"or (?:keep|leave|let)|choose|choice|prefer|rather|either",
)


def eyes(subject: Subject) -> Iterator[Finding]:
    """Rule 2: closing the eyes is a choice; a script with that option is written for both values."""
    values = subject.script.options.get("eyes", ())
    for line in subject.lines:
        for found in find(_CLOSE, line.text):
            if not any(_CHOICE.search(each.text) for each in sentences(line.text)):
                yield Finding(line.where, f'"{found.phrase}" leaves no choice', 'write "if you like" with it')
            elif values and "eyes" not in line.options:
                what = "this is said to listeners who chose open eyes too"
                yield Finding(line.where, what, "add if: {eyes: closed} to it")
    said = {value for line in subject.lines for value in line.options.get("eyes", ())}
    for value in values:
        if value not in said:
            what = f"no line is for listeners who chose eyes {value}"
            yield Finding(subject.key("options"), what, f"write one with if: {{eyes: {value}}}")
