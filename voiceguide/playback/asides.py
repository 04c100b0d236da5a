"""What is heard beside a session: the ground, and the keys read aloud."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from voiceguide.audio import Frames, frames
from voiceguide.plan.fit import Estimate
from voiceguide.plan.items import Gap, Item, Timeline
from voiceguide.plan.parts import parts
from voiceguide.plan.sheet import exactly
from voiceguide.plan.unroll import LEAD_IN, unroll
from voiceguide.plan.wishes import Resolved
from voiceguide.playback.course import Course, natural
from voiceguide.playback.wording import BREATHING_SPACE, LEFT_HERE, Wording, asking, spoken
from voiceguide.script.model import Bed, Script, Step, Use

ENTRY: Final = LEAD_IN
"""An aside is entered at this frame of its own: past the fade with which every session begins."""

_TO_FIRST_WORD: Final = frames(0.35)
_BEFORE_ASKING: Final = frames(3.0)
_TAIL: Final = Gap(frames(8.0), frames(6.0), frames(12.0))
_ASKED: Final = 3


def ground(
    script: Script, shared: Script | None, resolved: Resolved, bed: Bed, estimate: Estimate, wording: Wording
) -> Course:
    """Return the way to the ground from *script*: its ladder's own, or the steps of *shared*.

    Then the listener is asked whether to come back; with no answer it ends gently.
    """
    own = parts(script, resolved.length).get("ground")
    steps = own.steps if own is not None else _core(shared.steps) if shared is not None else ()
    items = unroll(replace(script, steps=steps), resolved, estimate).items
    question = asking(wording.grounded, wording.grounded_again, script.pace, BREATHING_SPACE, _ASKED)
    ending = spoken(LEFT_HERE, script.pace)
    return _aside((*items, exactly(_BEFORE_ASKING), *question, *ending), bed, estimate)


def help_aloud(script: Script, bed: Bed, estimate: Estimate, wording: Wording) -> Course:
    """Return the listener's ways to answer, read aloud."""
    return _aside(spoken(wording.help, script.pace), bed, estimate)


def _aside(items: tuple[Item, ...], bed: Bed, estimate: Estimate) -> Course:
    timeline = Timeline("aside", items, Frames(ENTRY + _TO_FIRST_WORD), _TAIL, bed)
    return natural(timeline, Frames(0), estimate)


def _core(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return the shared pieces among *steps*, without the greeting around them; all if there are none."""
    return tuple(step for step in steps if isinstance(step, Use)) or steps
