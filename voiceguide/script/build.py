"""Builds steps from fields, with the checks that need more context than the table has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal, Protocol

from msgspec import Struct

from voiceguide.audio import Frames, frames
from voiceguide.script.files import Files
from voiceguide.script.given import Given
from voiceguide.script.kinds import RestSpan
from voiceguide.script.model import (
    Bell,
    Breathe,
    ChangeAmbience,
    CheckIn,
    Condition,
    Count,
    Ladder,
    OneOf,
    Pace,
    PlaySound,
    Repeat,
    Rest,
    Rung,
    Say,
    Section,
    Step,
    Use,
    Where,
)
from voiceguide.script.read import Hooks
from voiceguide.script.report import Report
from voiceguide.script.shapes import StepKind
from voiceguide.script.text import placeholders

RESERVED: Final = ("name", "length", "title")
"""Placeholders that are always there: the listener's name, how long the session is, the script's title."""

MOST_LENGTHS_SAID: Final = 100
"""Times that a script may say `{length}`; each is looked at for every wording of the length."""

_LONGEST_BREATH: Final = frames(60.0)
_SHORTEST_COUNT: Final = frames(1.0)


class Scope(Struct, frozen=True):
    """What is known in the file being read; `options` is None for a block read alone, where any may occur.

    `holds` is whether `contains` lists breath holds; `values` names the block's own placeholders.
    """

    options: Mapping[str, tuple[str, ...]] | None
    holds: bool
    values: frozenset[str] = frozenset()
    block: bool = False


class Blocks(Protocol):
    """Reads the blocks that a file uses."""

    def use(self, name: str, given: Mapping[str, str], where: Where, nested: int) -> Use | None:
        """Return the block *name* with the values *given*, or None if it has problems, which are noted."""


class Builder:
    """Makes the steps of one file."""

    def __init__(self, scope: Scope, report: Report, files: Files, blocks: Blocks) -> None:
        self._scope = scope
        self._report = report
        self._files = files
        self._blocks = blocks
        self.filled: set[str] = set()
        """Names of the placeholders in the file's texts."""

    def hooks(self) -> Hooks:
        """Return what a `Reader` of this file calls."""
        return Hooks(self._step, self._fill, self._option)

    def _fill(self, where: Where, text: str) -> None:
        try:
            names = placeholders(text)
        except ValueError as error:
            self._report.add(where, str(error))
            return
        self.filled.update(names)
        options = self._scope.options
        self._report.used.update(names)
        if "length" in names:
            self._report.lengths_said += 1
            if self._report.lengths_said == MOST_LENGTHS_SAID + 1:
                what = f"{{length}} is said more than {MOST_LENGTHS_SAID} times; once or twice will do"
                self._report.add(where, what)
        if options is None:
            return
        known = [*RESERVED, *options, *sorted(self._scope.values)]
        for name in names:
            if name not in known:
                what = f'"{{{name}}}" is not a placeholder that is known here'
                self._report.add(where, what + self._report.hint(name, known))

    def _option(self, where: Where, name: str, values: Sequence[tuple[Where, str]]) -> None:
        options = self._scope.options
        self._report.used.add(name)
        if options is None:
            return
        if name in options:
            for place, value in values:
                # A block serves many scripts, and not all of them offer every value.
                if value not in options[name] and not self._scope.block:
                    what = f'"{value}" is not a value of the option "{name}"'
                    self._report.add(place, what + self._report.hint(value, options[name]))
        elif not self._scope.block or "did you mean" in self._report.hint(name, options):
            what = f'"{name}" is not an option of this script'
            hint = (
                self._report.hint(name, options)
                or f"; declare it under options, as in options: {{{name}: [...]}}"
            )
            self._report.add(where, what + hint)

    def _step(self, kind: StepKind, given: Given, when: Condition | None, nested: int) -> Step | None:
        where = given.at(kind.name)
        match kind.name:
            case "say":
                return self._say(given, where, when)
            case "rest":
                span, weight = self._span(given.need("rest", Given))
                return Rest(where, when, span.about, span.least, span.most, weight)
            case "breathe":
                return self._breathe(given.need("breathe", Given), when)
            case "count":
                return self._count(given.need("count", Given), when)
            case "bell":
                return _bell(given.need("bell", Given), when)
            case "ambience":
                return _ambience(given.need("ambience", Given), when)
            case "sound":
                return self._sound(given, where, when)
            case "section":
                return Section(where, when, given.need("section", str), given.need("steps", tuple))
            case "repeat":
                inner = given.need("repeat", Given)
                times, lasting = inner.get("times", int), inner.get("for", int)
                return Repeat(where, when, inner.need("steps", tuple), times, _maybe(lasting))
            case "one of":
                return OneOf(where, when, given.need("one of", tuple))
            case "use":
                return self._use(given, where, when, nested)
            case "check in":
                moment: Literal["before", "after"] = "before"
                if given.need("check in", str) == "after":
                    moment = "after"
                return CheckIn(where, when, moment)
            case "ladder":
                return self._ladder(given.need("ladder", Given), when, nested)
        raise AssertionError(f"no rule to build the step kind {kind.name!r}")

    def _say(self, given: Given, where: Where, when: Condition | None) -> Say:
        pace = given.get("pace", int)
        return Say(
            where,
            when,
            given.need("say", tuple),
            None if pace is None else Pace(pace),
            given.get("voice", str),
            given.need("level", float),
        )

    def _span(self, given: Given) -> tuple[RestSpan, int]:
        """Return a rest's times and its weight."""
        weight = given.need("weight", int)
        short = given.get("rest", RestSpan)
        if short is not None:
            return short, weight
        usual = RestSpan.loose(Frames(given.need("about", int)))
        least = Frames(given.get("least", int) or usual.least)
        most = Frames(given.get("most", int) or usual.most)
        if least > usual.about:
            self._report.add(given.at("least"), "least is longer than about; write a shorter time")
        if most < usual.about:
            self._report.add(given.at("most"), "most is shorter than about; write a longer time")
        return RestSpan(usual.about, least, most), weight

    def _breathe(self, given: Given, when: Condition | None) -> Breathe:
        phases = {name: Frames(given.get(name, int) or 0) for name in ("in", "hold", "out", "hold out")}
        for name, length in phases.items():
            if length > _LONGEST_BREATH:
                self._report.add(given.at(name), "this is longer than a minute, the longest a breath can be")
            if name.startswith("hold") and length and not self._scope.holds:
                what = "a listener has to know of this before; add breath holds to contains, or leave it out"
                self._report.add(given.at(name), what)
        lasting = _maybe(given.get("for", int))
        if lasting is not None and lasting < sum(phases.values()):
            self._report.add(given.at("for"), "this is shorter than one breath; write a longer time")
        return Breathe(
            given.where,
            when,
            breath_in=phases["in"],
            hold_full=phases["hold"],
            breath_out=phases["out"],
            hold_empty=phases["hold out"],
            rounds=given.get("rounds", int),
            lasting=lasting,
            guide=given.need("guide", str),
        )

    def _count(self, given: Given, when: Condition | None) -> Count:
        every = Frames(given.need("every", int))
        if every < _SHORTEST_COUNT:
            self._report.add(given.at("every"), "a number takes about a second to say; write 1s or more")
        return Count(given.where, when, given.need("from", int), given.need("to", int), every)

    def _sound(self, given: Given, where: Where, when: Condition | None) -> PlaySound | None:
        try:
            path, length = self._files.sound(given.need("sound", str))
        except ValueError as error:
            self._report.add(where, str(error))
            return None
        return PlaySound(where, when, path, length, given.need("level", float))

    def _use(self, given: Given, where: Where, when: Condition | None, nested: int) -> Step | None:
        values = given.get("with", dict) or {}
        used = self._blocks.use(given.need("use", str), values, where, nested)
        return used and Use(where, when, used.name, used.steps, used.values)

    def _ladder(self, given: Given, when: Condition | None, nested: int) -> Ladder:
        rungs = tuple(self._rung(rung) for rung in given.need("rungs", tuple))
        ground = self._blocks.use(given.need("ground", str), {}, given.at("ground"), nested)
        return Ladder(given.where, when, rungs, (ground,) if ground else ())

    def _rung(self, given: Given) -> Rung:
        stay = given.need("stay", Given)
        span, weight = self._span(stay)
        rest = Rest(stay.where, None, span.about, span.least, span.most, weight)
        return Rung(given.where, given.need("title", str), given.need("steps", tuple), rest)


def _maybe(length: int | None) -> Frames | None:
    return None if length is None else Frames(length)


def _bell(given: Given, when: Condition | None) -> Bell:
    every, level = Frames(given.need("every", int)), given.need("level", float)
    return Bell(given.where, when, given.need("sound", str), given.need("times", int), every, level)


def _ambience(given: Given, when: Condition | None) -> ChangeAmbience:
    sound, fade = given.need("sound", str), Frames(given.need("fade", int))
    return ChangeAmbience(
        given.where, when, None if sound == "none" else sound, given.get("level", float), fade
    )
