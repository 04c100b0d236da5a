"""Many sessions of one script side by side: what differs between them, as columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from voiceguide.script.fill import fill
from voiceguide.script.model import COMPARE, Condition
from voiceguide.timeline import wording
from voiceguide.timeline.wishes import Resolved

Mask = npt.NDArray[np.bool_]
"""Which of the sessions, shape (sessions,)."""


class Column(Struct, frozen=True):
    """A text in each session: `words[codes[i]]` in the session *i*; each of `words` is somewhere."""

    words: tuple[str, ...]
    codes: npt.NDArray[np.int64]

    @classmethod
    def of(cls, texts: Sequence[str]) -> Column:
        words = {text: code for code, text in enumerate(dict.fromkeys(texts))}
        return cls(tuple(words), np.fromiter((words[text] for text in texts), dtype=np.int64))


class Cases:
    """The sessions that *resolved* ask for; they differ in length, options, seed and rungs only.

    *said* is what each says of its length, if not what it is.
    """

    def __init__(self, resolved: Sequence[Resolved], title: str, said: Sequence[str] | None = None) -> None:
        self.count = len(resolved)
        self.lengths = np.fromiter((each.length for each in resolved), dtype=np.int64)
        self.rungs = np.fromiter((each.rungs for each in resolved), dtype=np.int64)
        self.seeds = Column.of([each.seed for each in resolved])
        self._options = _options(resolved)
        words = said or [wording.duration(each.length) for each in resolved]
        columns = {**self._options, "length": Column.of(words)}
        self.varying = {name: column for name, column in columns.items() if len(column.words) > 1}
        alike = {name: column.words[0] for name, column in columns.items() if len(column.words) == 1}
        self.values: Mapping[str, str] = {**alike, "title": title, "name": resolved[0].name}

    def meeting(self, when: Condition) -> Mask:
        """Return which sessions meet *when*."""
        found = np.ones(self.count, dtype=np.bool_)
        for name, values in when.options:
            column = self._options.get(name)
            if column is None:
                found[:] = False
            else:
                found &= np.array([word in values for word in column.words])[column.codes]
        for sign, bound in when.length:
            found &= COMPARE[sign](self.lengths, bound)
        return found


def filled(text: str, values: Mapping[str, str], columns: Mapping[str, Column]) -> Column:
    """Return *text* in each session, with its placeholders filled in from *values* and, first, *columns*."""
    (name, column), *others = columns.items()
    if not others:
        return Column(tuple(fill(text, {**values, name: word}) for word in column.words), column.codes)
    codes = column.codes
    for _, other in others:
        # Numbered anew for each column, so that no number is higher than there are sessions.
        codes = np.unique(codes * len(other.words) + other.codes, return_inverse=True)[1]
    firsts = np.unique(codes, return_index=True)[1]
    ways = (
        {name: column.words[int(column.codes[first])] for name, column in columns.items()} for first in firsts
    )
    return Column(tuple(fill(text, {**values, **way}) for way in ways), codes)


def _options(resolved: Sequence[Resolved]) -> dict[str, Column]:
    sets = {options: index for index, options in enumerate(dict.fromkeys(each.options for each in resolved))}
    place = np.fromiter((sets[each.options] for each in resolved), dtype=np.int64)
    usual = next(iter(sets))
    others: dict[str, dict[int, str]] = {}
    for index, options in enumerate(sets):
        for name, value in {*options} - {*usual}:
            others.setdefault(name, {})[index] = value
    found = {}
    for name, value in usual:
        words, codes = {value: 0}, np.zeros(len(sets), dtype=np.int64)
        for index, other in others.get(name, {}).items():
            codes[index] = words.setdefault(other, len(words))
        found[name] = Column(tuple(words), codes[place])
    return found
