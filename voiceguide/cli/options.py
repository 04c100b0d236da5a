"""The options for a listener's wishes, which several commands share."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from voiceguide.audio import Frames, clock
from voiceguide.plan.wishes import LOUDNESSES, Wishes
from voiceguide.script.durations import duration
from voiceguide.script.model import Lengths

if TYPE_CHECKING:
    from voiceguide.session.session import Session

log = logging.getLogger("voiceguide")

F = TypeVar("F", bound=Callable[..., Any])

_LEVEL: Final = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*(?:dB)?", re.IGNORECASE)


class Length(click.ParamType[Frames]):
    """A length such as ``10m`` or ``7m13s``, in frames."""

    name = "length"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Frames:
        if isinstance(value, int):
            return Frames(value)
        try:
            return duration(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class Decibels(click.ParamType[float]):
    """A level such as ``-20 dB``, as a number."""

    name = "level"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        match = _LEVEL.fullmatch(str(value).strip())
        if match is None:
            self.fail(f'"{value}" is not a level; write -20 or "-20 dB"', param, ctx)
        return float(match[1])


class Choices(click.ParamType[tuple[str, str]]):
    """An option of the script and its value: ``eyes=closed``."""

    name = "name=value"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        name, sign, chosen = str(value).partition("=")
        if not (name and sign and chosen):
            self.fail(f'"{value}" is not a choice; write name=value, such as eyes=closed', param, ctx)
        return name.strip(), chosen.strip()


WISHES: Final = (
    click.option(
        "--length", type=Length(), help="How long, to the frame: 10m, 7m13s. Default: the script's."
    ),
    click.option(
        "--voice", metavar="ENGINE[/NAME]", help="Who speaks: see `voiceguide voices`. Default: the best."
    ),
    click.option(
        "--ambience", metavar="NAME", help="What sounds underneath: see `voiceguide ambiences`; or none."
    ),
    click.option(
        "--level",
        "--ambience-level",
        "ambience_level_db",
        type=Decibels(),
        metavar="DB",
        help="How loud that is, against the voice: -20.",
    ),
    click.option(
        "--set",
        "options",
        type=Choices(),
        multiple=True,
        callback=lambda ctx, param, chosen: dict(chosen),
        help="An option of the script: eyes=closed.",
    ),
    click.option("--name", help="What to call you, in scripts that do."),
    click.option("--seed", help="Chooses between variants; the day's date unless given."),
    click.option("--rungs", type=click.IntRange(min=1), default=1, help="How far up a ladder to go."),
    click.option(
        "--loudness",
        type=click.Choice(LOUDNESSES),
        default="calm",
        help="calm: speech at -19 LUFS; podcast: -16.",
    ),
)
"""Each option fills the field of `Wishes` with its name, and is named as in an address (`server.query`)."""


def wishes(command: F) -> F:
    """Give *command* the options that `wished` reads."""
    for option in reversed(WISHES):
        command = option(command)
    return command


def wished(given: dict[str, Any]) -> Wishes:
    """Return the wishes among a command's parameters, taking them out of *given*."""
    return Wishes(**{name: given.pop(name) for name in Wishes.__struct_fields__})


def tell_length(session: Session) -> None:
    """Warn if no length was asked for and the script's usual one is not possible."""
    usual = session.asked.length
    if isinstance(session.script.length, Lengths) and session.length != usual:
        log.warning(
            '"%s" cannot last its usual %s with %s and these options; this is %s',
            *(session.script.name, clock(usual), session.voice, clock(session.length)),
        )
