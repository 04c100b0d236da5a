"""What the rules examine: a script, its written lines, and sessions of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property

from msgspec import Struct

from voiceguide.care.hearing import Hearing, Planned, hearing, planned
from voiceguide.care.written import Written, lines
from voiceguide.plan.fit import Estimate
from voiceguide.plan.walk import walk
from voiceguide.script.model import Script, Step, Where
from voiceguide.script.places import place


class Finding(Struct, frozen=True):
    """A place where a rule is broken: what is wrong, and what to write instead."""

    where: Where
    what: str
    instead: str


class Subject(Struct, frozen=True, dict=True):
    """A script with what its rules share, each computed once."""

    script: Script
    estimate: Estimate

    @cached_property
    def lines(self) -> tuple[Written, ...]:
        """Every line written."""
        return lines(self.script)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Every step, however deep."""
        return tuple(walk(self.script.steps))

    @cached_property
    def hearings(self) -> tuple[Hearing, ...]:
        """The sessions that stand for all of the script's."""
        return tuple(hearing(each, self.estimate) for each in self._planned)

    @cached_property
    def quick_hearings(self) -> tuple[Hearing, ...]:
        """The same sessions, with the quickest voice that keeps its promise."""
        return tuple(hearing(each, self.estimate, quick=True) for each in self._planned)

    @cached_property
    def _planned(self) -> tuple[Planned, ...]:
        return planned(self.script, self.estimate)

    def key(self, name: str) -> Where:
        """Return the place of the script's key *name*, or the first line if it is missing."""
        return place(self.script.path, name)


Check = Callable[[Subject], Iterator[Finding]]
