"""What the player says of its own accord."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from voiceguide.audio import Frames, frames
from voiceguide.plan.items import Gap, Item, Line
from voiceguide.plan.sheet import exactly
from voiceguide.script.model import Pace, Where

_HERE: Final = Where("the player", 1, 1)
_FIRST: Final = 1_000_000  # indices that no script's lines have
_BETWEEN: Final = frames(0.6)
BREATHING_SPACE: Final = frames(45.0)
"""How long the player waits for an answer before it asks again."""


class Wording(Struct, frozen=True):
    """How the listener answers: by keys, by words, or on buttons."""

    ladder: tuple[str, ...]
    ladder_again: tuple[str, ...]
    grounded: tuple[str, ...]
    grounded_again: tuple[str, ...]
    help: tuple[str, ...]


LEFT_HERE: Final = ("We can leave it here for today. Take your time.",)

WORDINGS: Final[Mapping[str, Wording]] = {
    "keys": Wording(
        ladder=(
            "S to stay here. N for the next step. B to go back a step. G for the ground. Q to finish.",
            "No key at all means stay.",
        ),
        ladder_again=("Still here. S, stay. N, next. B, back. G, ground. Q, finish.",),
        grounded=("N to come back to where we were. Q to finish here. There is no hurry.",),
        grounded_again=("Still here. N to come back. Q to finish.",),
        help=(
            "Space: pause, or go on.",
            "Left arrow: a line back. Right arrow: a line on.",
            "Up arrow: louder. Down arrow: softer.",
            "S: stay longer. N: the next part. B: back.",
            "G: ground me. Q: finish gently. Capital Q: stop now.",
            "Plus: ten minutes more. Minus: ten minutes less.",
            "Comma: fifteen seconds back. Full stop: fifteen seconds on. A number: that part.",
            "C: another sound behind the voice. A: more of it. Capital A: less.",
            "V: the voice louder. Capital V: softer.",
        ),
    ),
    "words": Wording(
        ladder=(
            "You can say: stay, next, back, ground me, or finish.",
            "Saying nothing means stay.",
        ),
        ladder_again=("Still here. You can say stay, next, back, ground me, or finish.",),
        grounded=("You can say: go on, to come back to where we were. Or: finish. There is no hurry.",),
        grounded_again=("Still here. You can say go on, or finish.",),
        help=("You can say: pause, go on, stay, next, back, ground me, finish, louder, or softer.",),
    ),
    "buttons": Wording(
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
    """Return *texts* as lines, a short rest after each, *after* after the last."""
    items: list[Item] = []
    for number, text in enumerate(texts):
        items += [Line(_FIRST + number, _FIRST + number, text, pace, None, 0.0, _HERE), exactly(_BETWEEN)]
    if after is not None:
        items[-1] = after
    return tuple(items)


def asking(
    first: Sequence[str], again: Sequence[str], pace: Pace, wait: Frames, times: int
) -> tuple[Item, ...]:
    """Return a question and *times* waits, *again* said between them."""
    items = spoken(first, pace, exactly(wait))
    for _ in range(times - 1):
        items += spoken(again, pace, exactly(wait))
    return items
