"""Sentences, and what stands around a phrase in one: a question, a quoted thought, a "no", an "if"."""

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
"""Before a phrase in its own sentence: somebody, or a thought, says it."""

_LISTS: Final = re.compile(
    r"\b(?:sentences|thoughts?|rules?|voices?|things? (?:you|we|people) (?:tell|say)|says?)\b.*"
    r"\b(?:like|such as|says?|goes|in stock|for example|for instance|these|this)\W*$",
    re.IGNORECASE,
)
"""A whole sentence after which thoughts follow: "Heads keep a few hard sentences in stock."."""


class Sentence(Struct, frozen=True):
    """One sentence of a line. `reported`: the line brought it in as a thought to look at, not as its own."""

    text: str
    reported: bool = False

    @property
    def asks(self) -> bool:
        """Whether it is a question."""
        return self.text.rstrip("\"'”’) ").endswith("?")


class Match(Struct, frozen=True):
    """A phrase as it stands in a sentence; `before` is what comes before it there."""

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
    """Yield where *pattern* is in *text* as the line's own words: not quoted, not a reported thought."""
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
    """Return the *words*, which spaces part."""
    return frozenset(words.split())


def any_of(*ways: str) -> re.Pattern[str]:
    """Return what finds any of *ways*, each one or more patterns of whole words; case does not matter."""
    return re.compile(rf"\b(?:{'|'.join(ways)})\b", re.IGNORECASE)
