"""Capitals: makes every engine read a shouted word as a word, and "PTSD" as its letters."""

from __future__ import annotations

import re
from typing import Final

from voiceguide.voices.readings.row import Reading, row
from voiceguide.voices.readings.short_forms import spelled

_WORDS: Final = """
a i am an as at be by do go he hi if in is it me my no of oh ok on or so to up we ah ha hm mm act
add age ago air all and any are arm ask bad bed big bit but bow box boy buy bye can car cat cry cup
cut day did dog dry due ear eat end eye far few fly for fun get god got gym had ham has her hey him
hip his hot how hum ice ill its jaw joy key kid lap leg let lie lip lot low mad man may men met mom
mum mud new nor not now nut odd off oil old one our out own pay pen per pet put ran raw red rib rid
run sad sat saw say sea see set she shy sip sit six sky son spa sun tea ten the tip toe too top try
two use via war was way wet who why win yes yet you zen shh psst hmm mmm brr pst tsk
"""
_SHORT_WORDS: Final = frozenset(_WORDS.split())
_LETTERS: Final = frozenset(["AARP", "ADHD", "ASAP", "ASMR", "EMDR", "FAQ", "OCPD", "SOS", "YMCA", "YWCA"])
_VOWEL: Final = re.compile("[AEIOUY]")
_SHORT: Final = 3
_WORD: Final = r"[A-Z]+(?:['’][A-Z]+)*"


def _run(match: re.Match[str]) -> str:
    """Return a run of capital words in words or letters; beside a shouted word, "US" is a word too."""
    words = re.findall(_WORD, match[0])
    shouted = len(words) > 1 and any(len(word) > 1 and _is_word(word) for word in words)
    return re.sub(_WORD, lambda found: _one(found[0], shouted), match[0])


def _one(word: str, shouted: bool) -> str:
    if word == "I" or (len(word) == 1 and not shouted):
        return word
    if _is_word(word) or (shouted and _VOWEL.search(word) and word not in _LETTERS):
        return re.sub(r"\bi\b", "I", word.lower())
    return spelled(word)


def _is_word(word: str) -> bool:
    if "'" in word or "’" in word or word.lower() in _SHORT_WORDS:
        return True
    return len(word) > _SHORT and word not in _LETTERS and bool(_VOWEL.search(word))


ROWS: Final[tuple[Reading, ...]] = (
    row(r"\bOK\b", "okay"),
    row(rf"(?<![\w-])(?=[A-Z'’ ]*[A-Z]['’]?[A-Z]){_WORD}(?:[ ,]+{_WORD})*(?![\w-])", _run),
)
