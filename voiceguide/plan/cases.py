"""Many sessions of one script side by side; what differs between them is held in columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import compress
from operator import is_not

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from voiceguide.plan import wording
from voiceguide.plan.wishes import Resolved
from voiceguide.script.fill import fill
from voiceguide.script.model import COMPARE, Condition

Mask = npt.NDArray[np.bool_]
"""A mask over sessions, shape (sessions,)."""


class Column(Struct, frozen=True):
    """A text in each session: `word(codes[i])` in session *i*; each of `count` words occurs."""

    count: int
    word: Callable[[int], str]
    codes: npt.NDArray[np.int64]

    @classmethod
    def of(cls, texts: Sequence[str]) -> Column:
        words = {text: code for code, text in enumerate(dict.fromkeys(texts))}
        codes = np.fromiter((words[text] for text in texts), dtype=np.int64)
        return cls(len(words), tuple(words).__getitem__, codes)

    def being(self, values: Sequence[str]) -> Mask:
        """Return a mask of the sessions whose text is one of *values*."""
        among = frozenset(values)
        return np.array([self.word(code) in among for code in range(self.count)])[self.codes]

    def there(self, here: Mask) -> npt.NDArray[np.int64]:
        """Return the codes of the words that occur in the sessions *here*."""
        return np.flatnonzero(np.bincount(self.codes[here], minlength=self.count))


class Cases:
    """The sessions that *resolved* ask for; they differ in length, options, seed and rungs only.

    *said* is the wording of each session's length; by default it follows from the length.
    """

    def __init__(self, resolved: Sequence[Resolved], title: str, said: Sequence[str] | None = None) -> None:
        self.count = len(resolved)
        self.lengths = np.fromiter((each.length for each in resolved), dtype=np.int64)
        self.rungs = np.fromiter((each.rungs for each in resolved), dtype=np.int64)
        self.seeds = Column.of([each.seed for each in resolved])
        self._options = _options(resolved)
        words = said or [wording.duration(each.length) for each in resolved]
        columns = {**self._options, "length": Column.of(words)}
        self.varying = {name: column for name, column in columns.items() if column.count > 1}
        alike = {name: column.word(0) for name, column in columns.items() if column.count == 1}
        self.values: Mapping[str, str] = {**alike, "title": title, "name": resolved[0].name}

    def meeting(self, when: Condition) -> Mask:
        """Return a mask of the sessions that meet *when*."""
        found = np.ones(self.count, dtype=np.bool_)
        for name, values in when.options:
            column = self._options.get(name)
            found &= False if column is None else column.being(values)
        for sign, bound in when.length:
            found &= COMPARE[sign](self.lengths, bound)
        return found


def filled(text: str, values: Mapping[str, str], columns: Mapping[str, Column]) -> Column:
    """Return *text* in each session, with its placeholders filled in from *columns*, or else from *values*.

    Each different text is filled in only when it is asked for.
    """
    first, *others = columns.values()
    codes = first.codes
    for other in others:
        # Renumbered after each column, so that codes stay below the number of sessions.
        codes = np.unique(codes * other.count + other.codes, return_inverse=True)[1]
    firsts = np.unique(codes, return_index=True)[1]

    @cache
    def word(code: int) -> str:
        at = firsts[code]
        way = {name: column.word(int(column.codes[at])) for name, column in columns.items()}
        return fill(text, {**values, **way})

    return Column(len(firsts), word, codes)


def _options(resolved: Sequence[Resolved]) -> dict[str, Column]:
    # Compared by identity: many sessions share one options object, and options can be many.
    sets = {id(each.options): each.options for each in resolved}
    index = {each: at for at, each in enumerate(sets)}
    place = np.fromiter((index[id(each.options)] for each in resolved), dtype=np.int64)
    usual = resolved[0].options
    others: dict[str, dict[int, str]] = {}
    for at, options in enumerate(sets.values()):
        for name, value in compress(options, map(is_not, options, usual)):
            others.setdefault(name, {})[at] = value
    found = {}
    for name, value in usual:
        words, codes = {value: 0}, np.zeros(len(sets), dtype=np.int64)
        for at, other in others.get(name, {}).items():
            codes[at] = words.setdefault(other, len(words))
        found[name] = Column(len(words), tuple(words).__getitem__, codes[place])
    return found
