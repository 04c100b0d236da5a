"""Splits lines into sentences, and finds phrases with their context: question, quotation, "no", "if"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

_END: Final = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+")
_WORD: Final = re.compile(r"\w+(?:['’]\w+)*")
_QUOTES: Final = re.compile(r"\"[^\"]*\"|“[^”]*”|‘[^’]*’(?!\w)|(?<!\w)'[^']*'(?!\w)")

_SAYS_SO: Final = re.compile(
    r"\b(?:says?|said|saying|tells? you|telling you|thoughts? (?:that|like|of|is|such as)"
    r"|(?:thoughts?|rules?|sentences?|words?|voice)\b[^:]*:)",
    re.IGNORECASE,
)
"""Matches text before a phrase that attributes it: a person or a thought says it."""

_LISTS: Final = re.compile(
    r"\b(?:sentences|thoughts?|rules?|voices?|things? (?:you|we|people) (?:tell|say)|says?)\b.*"
    r"\b(?:like|such as|says?|goes|in stock|for example|for instance|these|this)\W*$",
    re.IGNORECASE,
)
"""Matches a sentence that introduces thoughts: "Heads keep a few hard sentences in stock."."""


class Sentence(Struct, frozen=True):
    """One sentence of a line; `reported` is whether the line presents it as a thought to look at."""

    text: str
    reported: bool = False

    @property
    def asks(self) -> bool:
        """Whether it is a question."""
        return self.text.rstrip("\"'”’) ").endswith("?")


class Match(Struct, frozen=True):
    """A phrase found in a sentence; `before` is the text before it in that sentence."""

    phrase: str
    before: str
    sentence: Sentence

    def after_any(self, words: frozenset[str], within: int) -> bool:
        """Return whether one of *words* is among the last *within* words before the phrase."""
        last = [word.lower().replace("’", "'") for word in _WORD.findall(self.before)][-within:]
        return any(word in words or ("n't" in words and word.endswith("n't")) for word in last)


def plain(text: str) -> str:
    """Return *text* with straight apostrophes, single spaces and no ``*``."""
    return " ".join(text.replace("*", "").replace("’", "'").split())


def sentences(text: str) -> tuple[Sentence, ...]:
    """Return the sentences of *text*; those after "a few thoughts like these." are `reported`."""
    found: list[Sentence] = []
    reported = False
    for piece in _END.split(plain(text)):
        if not piece.strip():
            continue
        found.append(Sentence(piece.strip(), reported))
        reported = reported or bool(_LISTS.search(piece))
    return tuple(found)


def find(pattern: re.Pattern[str], text: str) -> Iterator[Match]:
    """Yield the matches of *pattern* in *text*, except in quoted and `reported` sentences."""
    for sentence in sentences(text):
        if sentence.reported:
            continue
        quoted = [match.span() for match in _QUOTES.finditer(sentence.text)]
        for match in pattern.finditer(sentence.text):
            inside = any(start <= match.start() < end for start, end in quoted)
            before = sentence.text[: match.start()]
            if not inside and not _SAYS_SO.search(before):
                yield Match(match[0].strip(" ,;:"), before, sentence)


def count_words(text: str) -> int:
    """Return how many words *text* has."""
    return len(_WORD.findall(text))


def word_set(words: str) -> frozenset[str]:
    """Return the set of *words*, which are separated by spaces."""
    return frozenset(words.split())


def any_of(*ways: str) -> re.Pattern[str]:
    """Return a pattern of any of *ways*, each one or more patterns of whole words; case is ignored."""
    return re.compile(rf"\b(?:{'|'.join(ways)})\b", re.IGNORECASE)
