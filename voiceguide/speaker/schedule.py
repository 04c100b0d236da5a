"""`schedule.yaml`: what plays at which hour, on which days."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import time
from pathlib import Path
from typing import Final

from msgspec import Struct

from voiceguide.errors import Problem, ScriptError, VoiceguideError, WishError
from voiceguide.script.form import Form
from voiceguide.script.source import Items, Node, Pairs, Scalar
from voiceguide.server.query import PARAMETERS, Asked, read_query
from voiceguide.speaker.weekly import WeeklyTime, days, time_of_day

FILE: Final = "schedule.yaml"

_WISHES: Final = tuple(row.name for row in PARAMETERS.values() if row.wish)
_ENTRY: Final = ("at", "days", "script", *_WISHES, "options")
_MOST: Final = 100

Offers = Callable[[str, Asked], object]
"""Checks that a script exists and offers what is asked for; raises a VoiceguideError if it does not."""


class ScheduleItem(Struct, frozen=True):
    """The script `script`, as `asked`, at the times `when`."""

    when: WeeklyTime
    script: str
    asked: Asked


class Schedule(Struct, frozen=True):
    """A parsed schedule: the valid `items`, the problems of `missing` scripts, and all others in `wrong`."""

    items: tuple[ScheduleItem, ...] = ()
    missing: tuple[Problem, ...] = ()
    wrong: tuple[Problem, ...] = ()

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(sorted((*self.missing, *self.wrong)))


def load(path: Path, offers: Offers) -> tuple[ScheduleItem, ...]:
    """Return the items of the schedule *path*; *offers* checks each of them.

    Raises:
        ScriptError: if there are problems; with all of them.
    """
    found = read(path, offers)
    if found.problems:
        raise ScriptError(found.problems)
    return found.items


def read(path: Path, offers: Offers) -> Schedule:
    """Return the schedule *path*, with its valid items and all problems."""
    form = Form(path)
    root = form.root("a schedule", ("sessions",))
    items: list[ScheduleItem] = []
    missing: list[Problem] = []
    for field, node in form.items(root, "sessions", ""):
        before = len(form.problems)
        pairs = form.pairs(node, field, _ENTRY)
        made = _item(form, pairs, field)
        wrong = _missing(form, pairs, field, offers, made) if made.script else None
        if wrong is not None:
            missing.append(wrong)
        elif len(form.problems) == before:
            items.append(made)
    if len(items) > _MOST:
        form.fail(root, "sessions", f"there are {len(items)} sessions; {_MOST} are the most")
    return Schedule(tuple(items[:_MOST]), tuple(missing), form.problems)


def _item(form: Form, pairs: Pairs, field: str) -> ScheduleItem:
    at, on = time(), frozenset(range(7))
    written = form.text(pairs, "at", field)
    try:
        at = time_of_day(written) if written else at
    except ValueError as error:
        form.fail(pairs.get("at") or pairs, f"{field}.at", str(error))
    try:
        on = days(_words(pairs.get("days"))) if pairs.get("days") is not None else on
    except ValueError as error:
        form.fail(pairs.get("days") or pairs, f"{field}.days", str(error))
    script = form.text(pairs, "script", field)
    return ScheduleItem(WeeklyTime(at, on), script, _asked(form, pairs, field))


def _words(node: Node | None) -> list[str]:
    """Return the words of a list, or of a text with commas."""
    if isinstance(node, Items):
        return [each.text if isinstance(each, Scalar) else "" for each in node.nodes]
    return node.text.split(",") if isinstance(node, Scalar) else [""]


def _asked(form: Form, pairs: Pairs, field: str) -> Asked:
    """Parse the wishes one by one, so that each problem has its place."""
    good: list[tuple[str, str]] = []
    for name, value, node, place in _values(form, pairs, field):
        try:
            read_query([*good, (name, value)])
            good.append((name, value))
        except WishError as error:
            form.fail(node, place, str(error))
    return read_query(good)


def _values(form: Form, pairs: Pairs, field: str) -> Iterator[tuple[str, str, Node, str]]:
    for name in _WISHES:
        node = pairs.get(name)
        if node is not None and (value := form.text(pairs, name, field)):
            plain = value.removesuffix("dB").strip() if name == "level" else value
            yield name, plain, node, f"{field}.{name}"
    options = pairs.get("options")
    if options is not None and not isinstance(options, Pairs):
        form.fail(options, f"{field}.options", "names and values belong here, such as {eyes: closed}")
    elif options is not None:
        for key, node in options.pairs:
            place = f"{field}.options.{key.text}"
            if key.text in PARAMETERS:
                form.fail(key, place, f"{key.text} is no option of a script; write it beside options")
            elif value := form.text(options, key.text, f"{field}.options"):
                yield key.text, value, node, place


def _missing(form: Form, pairs: Pairs, field: str, offers: Offers, item: ScheduleItem) -> Problem | None:
    """Return the problem if the script does not exist or does not offer what is asked for, else None."""
    try:
        offers(item.script, item.asked)
    except VoiceguideError as error:
        return form.problem(pairs.get("script") or pairs, f"{field}.script", str(error))
    return None
