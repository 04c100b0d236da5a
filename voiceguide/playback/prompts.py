"""The player's own lines: its questions and the spoken help."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from voiceguide.audio import Frames, frames
from voiceguide.plan.items import Gap, Item, Line
from voiceguide.plan.sheet import exactly
from voiceguide.playback.commands import GROUPS, ROWS
from voiceguide.script.model import Pace, Where

_HERE: Final = Where("the player", 1, 1)
_FIRST: Final = 1_000_000  # indices that no script's lines have
_BETWEEN: Final = frames(0.6)
BREATHING_SPACE: Final = frames(45.0)
"""How long the player waits for an answer before it asks again."""


class Prompts(Struct, frozen=True):
    """The lines for one way to answer: by keys, by words, or by buttons."""

    ladder: tuple[str, ...]
    ladder_again: tuple[str, ...]
    grounded: tuple[str, ...]
    grounded_again: tuple[str, ...]
    help: tuple[str, ...]


_KEYS: Final = {
    " ": "Space",
    "left": "Left arrow",
    "right": "Right arrow",
    "up": "Up arrow",
    "down": "Down arrow",
    "+": "Plus",
    "-": "Minus",
    ",": "Comma",
    ".": "Full stop",
    "1": "A number",
}


def _pressed(key: str) -> str:
    """Return *key* as it is spoken."""
    return _KEYS.get(key) or (f"Capital {key}" if key.isupper() else key.upper())


def _keys() -> dict[str, str]:
    """Return the first key of each command as it is spoken, by the command's name."""
    return {row.name: _pressed(row.keys[0]) for row in ROWS if row.keys}


def _keys_aloud() -> tuple[str, ...]:
    """Return what each key does, one line for each group of commands."""
    lines = (
        " ".join(f"{_pressed(row.keys[0])}: {row.aloud}." for row in group if row.aloud) for group in GROUPS
    )
    return tuple(line for line in lines if line)


LEFT_HERE: Final = ("We can leave it here for today. Take your time.",)

PROMPTS: Final[Mapping[str, Prompts]] = {
    "keys": Prompts(
        ladder=(
            "{stay} to stay here. {next} for the next step. {back} to go back a step. "
            "{ground} for the ground. {finish} to finish.".format_map(_keys()),
            "No key at all means stay.",
        ),
        ladder_again=(
            "Still here. {stay}, stay. {next}, next. {back}, back. "
            "{ground}, ground. {finish}, finish.".format_map(_keys()),
        ),
        grounded=(
            "{next} to come back to where we were. {finish} to finish here. There is no hurry.".format_map(
                _keys()
            ),
        ),
        grounded_again=("Still here. {next} to come back. {finish} to finish.".format_map(_keys()),),
        help=_keys_aloud(),
    ),
    "words": Prompts(
        ladder=(
            "You can say: stay, next, back, ground me, or finish.",
            "Saying nothing means stay.",
        ),
        ladder_again=("Still here. You can say stay, next, back, ground me, or finish.",),
        grounded=("You can say: go on, to come back to where we were. Or: finish. There is no hurry.",),
        grounded_again=("Still here. You can say go on, or finish.",),
        help=("You can say: pause, go on, stay, next, back, ground me, finish, louder, or softer.",),
    ),
    "buttons": Prompts(
        ladder=(
            "You can choose: stay, next, back, ground me, or finish.",
            "Choosing nothing means stay.",
        ),
        ladder_again=("Still here. You can stay, take the next step, go back, or finish.",),
        grounded=("You can choose next, to come back to where we were. Or finish. There is no hurry.",),
        grounded_again=("Still here. You can choose next, or finish.",),
        help=("You can choose: pause, go on, stay, next, back, ground me, finish, louder, or softer.",),
    ),
}


def spoken(texts: Sequence[str], pace: Pace, after: Gap | None = None) -> tuple[Item, ...]:
    """Return *texts* as lines with a short rest after each, or the rest *after* after the last one."""
    items: list[Item] = []
    for number, text in enumerate(texts):
        items += [Line(_FIRST + number, _FIRST + number, text, pace, None, 0.0, _HERE), exactly(_BETWEEN)]
    if after is not None:
        items[-1] = after
    return tuple(items)


def asking(
    first: Sequence[str], again: Sequence[str], pace: Pace, wait: Frames, times: int
) -> tuple[Item, ...]:
    """Return the question *first* and *times* waits of *wait* frames, with *again* said between them."""
    items = spoken(first, pace, exactly(wait))
    for _ in range(times - 1):
        items += spoken(again, pace, exactly(wait))
    return items
