"""A timeline that can be as long as was asked, or the lengths that can be had."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from voiceguide.audio import RATE, Frames
from voiceguide.script.model import Script
from voiceguide.timeline.fit import Estimate, Fit, Reach, reach, refusal
from voiceguide.timeline.items import Timeline
from voiceguide.timeline.unroll import unroll
from voiceguide.timeline.walk import walk
from voiceguide.timeline.wishes import Resolved


def plan(script: Script, resolved: Resolved, estimate: Estimate) -> Timeline:
    """Return *script* written out for *resolved*; it can be settled to the length that is asked for there.

    Raises:
        LengthError: if it cannot; with every length that can be had.
        ScriptError: if it comes to too many steps.
    """
    made = unroll(script, resolved, estimate)
    here = reach(made, estimate)
    if not here.shortest <= resolved.length <= here.longest:
        raise refusal(script.name, resolved.length, lengths(script, resolved, estimate))
    return made


def nearest(script: Script, resolved: Resolved, estimate: Estimate) -> Resolved:
    """Return *resolved* at the length nearest to its own that can be had; as it is where there is none.

    For when nobody asked for a length: a slow voice or a high rung may not fit the script's usual one.
    """
    asked = resolved.length
    reached = reach(unroll(script, resolved, estimate), estimate)
    if reached.shortest <= asked <= reached.longest:
        return resolved
    near = [min(max(asked, each.shortest), each.longest) for each in lengths(script, resolved, estimate)]
    if not near:
        return resolved
    return replace(resolved, length=min(near, key=lambda length: abs(length - asked)))


def natural(script: Script, resolved: Resolved, estimate: Estimate) -> Frames:
    """Return how long *script* lasts with every rest as written, in whole seconds that can be had.

    The length among *resolved* is not asked about.
    """
    made = unroll(script, resolved, estimate)
    fit = Fit(made, estimate)
    about = -(-fit.about // RATE) * RATE
    return Frames(min(max(about, fit.reach.shortest), fit.reach.longest))


def lengths(script: Script, resolved: Resolved, estimate: Estimate) -> tuple[Reach, ...]:
    """Return the lengths that a session can have if all other wishes stay: stretches, the shortest first.

    A script whose steps depend on the length is written out for each stretch in which they are the same.
    """
    found: list[Reach] = []
    for least, most in _stretches(script):
        here = reach(unroll(script, replace(resolved, length=least), estimate), estimate)
        shortest, longest = max(least, here.shortest), min(most, here.longest)
        if shortest > longest:
            continue
        if found and found[-1].longest + 1 == shortest:
            shortest = found.pop().shortest
        found.append(Reach(shortest, longest))
    return tuple(found)


def _stretches(script: Script) -> Iterator[tuple[Frames, Frames]]:
    """Yield first and last of each stretch of declared lengths over which every condition stays as it is."""
    least, most = script.length.least, script.length.most
    tests = [test for step in walk(script.steps) if step.when is not None for test in step.when.length]
    turns = {bound + (sign in (">", "<=")) for sign, bound in tests}
    starts = [least, *sorted(turn for turn in turns if least < turn <= most)]
    for start, after in zip(starts, [*starts[1:], most + 1], strict=True):
        yield Frames(start), Frames(after - 1)
