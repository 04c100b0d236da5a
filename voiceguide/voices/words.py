"""Properties of a text before it is spoken: sentences, words, syllables and likely length."""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

from voiceguide.audio import Frames, frames
from voiceguide.script.model import Pace

_WORD: Final = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*")
# A sentence's final mark, closing quotes or brackets, then white space or the end of the text.
_END: Final = re.compile(r"[.!?…]+[\"'’”)\]]*(?=\s|$)")
# A dot that does not end a sentence: short forms, and a single capital other than I ("J. Smith", "so do I.").
_SHORT_FORM: Final = re.compile(r"(?:^|[\s(])(?:(?i:e\.g|i\.e|vs|mr|mrs|ms|dr|st)|[A-HJ-Z])\.$")
_SPELLED: Final = re.compile(r"\b[A-Z](?:-[A-Z])+\b")
_COMMA: Final = re.compile(r"[,;:](?=\s|$)|\s?[—–](?=\s|\w)|\s-\s")

_VOWELS: Final = re.compile(r"[aeiouyà-öø-ý]+")
# "place", "noticed", "leaves"; but "little", "rested", "noses".
_SILENT_END: Final = re.compile(
    r"(?<![^aeiouy]l)e$|(?<![td])(?<![^aeiouyl]l)ed$|(?<![szxcg])(?<![sc]h)(?<![^aeiouy]l)es$"
)
# A silent e inside a word: "something", "careful", "every".
_SILENT_INSIDE: Final = re.compile(
    r"(?<=some|home|here|care|hope|like|life|safe)(?=[^aeiouyds])|ev(?=e(?:ry|ning))"
)
# Two vowels that are two syllables: "being", "idea", "heavier", "create", "curious", "usual"; and "didn't".
_SPLIT: Final = re.compile(
    r"[eioy]ing|[dr]ea$|ie[rt]$|crea|[rv]iou|scien|[clr]ien|poe|[dr]io|ua[^r]|[aeiou]tia|nue$|uie|maybe|[sd]n't"
)

_TENS: Final = (0, 0, 2, 2, 2, 2, 2, 3, 2, 2)
_ONES: Final = (2, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1, 3, 1, 2, 2, 2, 2, 3, 2, 2)


def plain(text: str) -> str:
    """Return *text* without the ``*`` marks of emphasis, and with single spaces."""
    return " ".join(text.replace("*", "").split())


def sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of *text* with their marks; not split at ``e.g.``, ``Dr.`` or ``2.5``."""
    found: list[str] = []
    start = 0
    for end in _END.finditer(text):
        if _SHORT_FORM.search(text[start : end.end()]):
            continue
        found.append(text[start : end.end()].strip())
        start = end.end()
    found.append(text[start:].strip())
    return tuple(sentence for sentence in found if sentence)


def words(text: str) -> int:
    """Return the count of words in *text*; a number in digits is one."""
    return len(_WORD.findall(text))


def commas(text: str) -> int:
    """Return the count of short stops inside the sentences of *text*: commas, colons and dashes."""
    return len(_COMMA.findall(text))


def syllables(text: str) -> int:
    """Return about how many syllables *text* has in English; exact for most plain words."""
    return sum(_number(word) if word[0].isdecimal() else _word(word.lower()) for word in _WORD.findall(text))


def letters(text: str) -> int:
    """Return about how many letters *text* has with numbers and single letters written out as words."""
    found = _WORD.findall(text)
    named = 2 * sum(len(one) // 2 + 1 for one in _SPELLED.findall(text))
    return named + sum(
        3 * _number(word) if word[0].isdecimal() else sum(map(str.isalpha, word)) for word in found
    )


def _word(word: str) -> int:
    """Return the vowel groups in *word*, minus its silent e, plus its split groups; at least 1."""
    if word == "w":
        return 3
    groups = len(_VOWELS.findall(word)) + len(_SPLIT.findall(word)) - len(_SILENT_INSIDE.findall(word))
    return max(1, groups - bool(_SILENT_END.search(word)))


def _number(digits: str) -> int:
    """Return the syllables of a number as it is read; beyond thousands, of its digits one by one."""
    whole, *decimals = re.split(r"[.,]", digits)
    tail = sum(1 + sum(_ONES[int(digit)] for digit in part) for part in decimals)
    if len(whole) > 4:
        return tail + sum(_ONES[int(digit)] for digit in whole)
    return tail + _whole(int(whole))


def _whole(value: int) -> int:
    if value < 20:
        return _ONES[value]
    if value < 100:
        return _TENS[value // 10] + (_ONES[value % 10] if value % 10 else 0)
    power = 1000 if value >= 1000 else 100
    return _whole(value // power) + 2 + (_whole(value % power) if value % power else 0)


class Rhythm(Struct, frozen=True):
    """The time of an engine's speech, in seconds at `pace` words a minute, as measured for each engine.

    `line` is added once a line; `word`, `syllable`, `letter` and `comma` (short stop) for each one; `stop`
    between two sentences. With `stops_follow`, stops stretch with the pace as words do.
    """

    pace: Pace
    syllable: float
    word: float = 0.0
    line: float = 0.0
    comma: float = 0.0
    stop: float = 0.0
    stops_follow: bool = True
    letter: float = 0.0


def estimate(text: str, pace: Pace, rhythm: Rhythm) -> Frames:
    """Return about how many frames *text* takes at *pace* in *rhythm*, from first sound to last. Pure."""
    text = plain(text)
    slower = rhythm.pace / pace
    said = rhythm.line + rhythm.word * words(text) + rhythm.syllable * syllables(text)
    said += rhythm.letter * letters(text)
    stops = rhythm.comma * commas(text) + rhythm.stop * max(0, len(sentences(text)) - 1)
    return frames(said * slower + stops * (slower if rhythm.stops_follow else 1.0))
