"""Rule 11, in numbers: short sentences, slow speech, and at least as much silence as speech."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from voiceguide.audio import RATE
from voiceguide.care.hearing import Hearing
from voiceguide.care.phrases import count_words, sentences
from voiceguide.care.subject import Finding, Subject
from voiceguide.plan.items import SpeechCue

WORDS_A_SENTENCE: Final = 20
LONGEST_SENTENCE: Final = 32
SLOWEST, QUICKEST = 90, 110
"""Words a minute while speaking."""

TOLERANCE: Final = 8
"""The allowed error of an estimate, in words a minute."""

MOST_SPEECH: Final = 0.5


def figures(subject: Subject) -> Iterator[Finding]:
    """Rule 11: sentences can be understood when heard once."""
    counts = []
    for line in subject.lines:
        mine = [count_words(sentence.text) for sentence in sentences(line.text)]
        counts += mine
        if max(mine, default=0) > LONGEST_SENTENCE:
            what = f"a sentence has {max(mine)} words"
            yield Finding(line.where, what, f"cut it in two; {LONGEST_SENTENCE} is a lot to hear at once")
    if counts and sum(counts) / len(counts) >= WORDS_A_SENTENCE:
        average = f"sentences have {sum(counts) / len(counts):.0f} words on average"
        yield Finding(
            subject.key("steps"), average, f"cut long ones in two, to fewer than {WORDS_A_SENTENCE}"
        )
    usual = next((hearing for hearing in subject.hearings if hearing.usual), None)
    if usual is not None and usual.said:
        yield from _speed(subject, usual)


def _speed(subject: Subject, usual: Hearing) -> Iterator[Finding]:
    spoken = [cue for cue in usual.cues if isinstance(cue, SpeechCue)]
    time = sum(cue.length for cue in spoken)
    share = time / usual.length
    if share > MOST_SPEECH:
        what = f"{usual.kind} {share:.0%} is speech"
        yield Finding(subject.key("length"), what, "make it longer, say less or rest more: half at most")
    pace = sum(count_words(cue.line.text) for cue in spoken) * 60 * RATE / max(time, 1)
    if not SLOWEST - TOLERANCE <= pace <= QUICKEST + TOLERANCE:
        what = f"the voice says {pace:.0f} words a minute while it speaks"
        yield Finding(subject.key("voice"), what, f"write voice: {{pace: slow}}, or {SLOWEST} to {QUICKEST}")
