"""Makes a timeline of the length asked for, or tells which lengths are possible."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, assert_never

from msgspec.structs import replace

from voiceguide.audio import Frames
from voiceguide.plan.fit import Estimate, Reach, reach, refusal
from voiceguide.plan.items import Timeline
from voiceguide.plan.unroll import unroll
from voiceguide.plan.wishes import Resolved, Wishes, resolve
from voiceguide.script.model import Lengths, Own, Script

if TYPE_CHECKING:
    from voiceguide.plan.stretches import Stretches


def plan(script: Script, resolved: Resolved, estimate: Estimate) -> Timeline:
    """Return *script* written out for *resolved*, as a timeline that can have the resolved length.

    Raises:
        LengthError: if that length is impossible; with every possible length.
        ScriptError: if the script has too many steps.
    """
    made = unroll(script, resolved, estimate)
    here = reach(made, estimate)
    if not here.shortest <= resolved.length <= here.longest:
        possible = lengths(script, resolved, estimate)
        beyond = () if possible else lengths(script, resolved, estimate, Own())
        raise refusal(script.name, resolved.length, possible, beyond)
    return made


def unasked(script: Script, resolved: Resolved, estimate: Estimate) -> Resolved:
    """Return *resolved* at the length used when none is asked for.

    That is the script's default, or the nearest possible length. A script with a length of its own has its
    rests as written, in whole seconds. If no length is possible, it is unchanged.
    has its rests as written, and whole seconds. Where no length can be had it stays as it is.
    """
    match script.length:
        case Lengths(default=usual):
            return nearest(script, replace(resolved, length=usual), estimate)
        case Own():
            return replace(resolved, length=_stretches(script, resolved, estimate).own() or resolved.length)
        case _:
            assert_never(script.length)


def nearest(script: Script, resolved: Resolved, estimate: Estimate) -> Resolved:
    """Return *resolved* at the possible length nearest to its own; unchanged if there is none.

    Used when no length is asked for: a slow voice or a high rung may not fit the script's default.
    """
    asked = resolved.length
    reached = reach(unroll(script, resolved, estimate), estimate)
    if reached.shortest <= asked <= reached.longest:
        return resolved
    return replace(resolved, length=near(asked, lengths(script, resolved, estimate)))


def near(asked: Frames, possible: Sequence[Reach]) -> Frames:
    """Return the length nearest to *asked* among those *possible*; *asked* if there are none."""
    ends = [min(max(asked, each.shortest), each.longest) for each in possible]
    return min(ends, key=lambda length: abs(length - asked), default=asked)


def span(script: Script, estimate: Estimate) -> Lengths:
    """Return the lengths *script* may have: as declared, or else estimated with its first options."""
    match script.length:
        case Lengths():
            return script.length
        case Own(least=least):
            found = _stretches(script, resolve(script, Wishes(), date.min), estimate)
            possible = found.joined() or (Reach(least, least),)
            return Lengths(found.own() or least, possible[0].shortest, possible[-1].longest)
        case _:
            assert_never(script.length)


def lengths(
    script: Script,
    resolved: Resolved,
    estimate: Estimate,
    bounds: Lengths | Own | None = None,
) -> tuple[Reach, ...]:
    """Return the lengths that a session can have with all other wishes unchanged, in ascending order.

    They are within *bounds*, by default those that the script declares.
    """
    return _stretches(script, resolved, estimate, bounds).joined()


def _stretches(
    script: Script, resolved: Resolved, estimate: Estimate, bounds: Lengths | Own | None = None
) -> Stretches:
    from voiceguide.plan.stretches import Stretches  # not needed by most sessions at their start

    return Stretches(script, resolved, estimate, bounds)
