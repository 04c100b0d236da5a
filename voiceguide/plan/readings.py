"""Texts that differ between sessions, each represented by a mark, and how long they take."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from voiceguide.plan.cases import Cases, Column, Mask, filled
from voiceguide.plan.fit import Counts, Estimate, spread
from voiceguide.plan.items import Line
from voiceguide.plan.work import Work
from voiceguide.script.fill import PLACEHOLDER, fill
from voiceguide.script.model import Pace

_MARK = "\0{}"
"""Represents a text that differs; no script contains a NUL character."""


class Readings:
    """The texts of a script in many sessions. Texts that differ are charged to *work*."""

    def __init__(self, cases: Cases, estimate: Estimate, work: Work) -> None:
        self._sessions = cases.count
        self._work = work
        self._varying = cases.varying
        self._estimate = estimate
        self._marks: dict[object, str] = {}
        self._columns: dict[str, Column] = {}
        self._heard: dict[str, npt.NDArray[np.int8]] = {}
        self._spans: dict[tuple[str, Pace, int], Counts] = {}

    def filled(self, text: str, values: Mapping[str, str]) -> str:
        """Return *text* filled in from *values*, or a mark if it differs between sessions."""
        names = dict.fromkeys(match[1] for match in PLACEHOLDER.finditer(text))
        columns = {name: column for name in names if (column := self._column(name, values)) is not None}
        if not columns:
            return fill(text, values)
        known = {name: values[name] for name in names if name in values}
        key = text, tuple(known.items())
        if key not in self._marks:
            mark = self._marks[key] = _MARK.format(len(self._marks))
            self._columns[mark] = filled(text, known, columns)
            for _ in columns:
                self._work.item(self._sessions)
        return self._marks[key]

    def heard(self, text: str, here: Mask) -> Mask | None:
        """Return a mask of the sessions in which *text* has a word; None if it has one in all of *here*."""
        column = self._columns.get(text)
        if column is None:
            return None
        heard = self._heard.setdefault(text, np.full(column.count, -1, dtype=np.int8))
        there = column.there(here)
        for code in there[heard[there] < 0]:
            heard[code] = any(map(str.isalnum, column.word(int(code))))
        return None if heard[there].all() else heard[column.codes] > 0

    def spans(self, line: Line, here: Mask) -> Counts | None:
        """Return the least, estimated and most frames of *line* in the sessions *here*, shape (3, sessions).

        None if the line is the same in all sessions.
        """
        column = self._columns.get(line.text)
        if column is None:
            return None
        key = line.text, line.pace, line.slot
        spans = self._spans.setdefault(key, np.full((3, column.count), -1, dtype=np.int64))
        there = column.there(here)
        for code in there[spans[0, there] < 0]:
            text = column.word(int(code)).strip()
            self._work.estimate(text)
            spans[:, code] = spread(replace(line, text=text), self._estimate)
        found: Counts = spans[:, column.codes]
        return found

    def _column(self, name: str, values: Mapping[str, str]) -> Column | None:
        return self._columns.get(values[name]) if name in values else self._varying.get(name)
