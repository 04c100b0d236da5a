"""Many sessions counted at once come to what each comes to by itself."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import FrameType
from typing import Final

import pytest
from msgspec.structs import replace

from tests.plan.build import estimate
from tests.script.folder import put, sound
from voiceguide.audio import Frames, frames
from voiceguide.errors import LengthError, ScriptError
from voiceguide.plan import wording
from voiceguide.plan.fit import Fit
from voiceguide.plan.plan import lengths
from voiceguide.plan.tally import counted
from voiceguide.plan.unroll import unroll
from voiceguide.plan.wishes import Wishes, resolve
from voiceguide.plan.work import Work
from voiceguide.script.model import Pace, Script
from voiceguide.script.parse import load
from voiceguide.session import Studio
from voiceguide.store import MemoryStore
from voiceguide.voices.engines.hum import HumEngine

TODAY: Final = date(2026, 11, 22)

EVERYTHING = """\
voiceguide: 1
title: t
contains: [breath holds]
length: {default: 20m, least: 10s, most: 2h}
options: {eyes: [open, closed], chair: [the chair, a stool]}
steps:
  - use: blocks/all
    with: {seat: "{chair}, for {length}"}
  - say: Hello, {name}. We have {length}. [3s] Sit on {chair}, with eyes {eyes}.
  - rest: ~20s
  - section: Empty below five minutes
    steps:
      - rest: {about: 30s, least: 5s, most: 2m, weight: 3}
        if: {length: ">=5m"}
      - bell: {sound: wood, times: 3, every: 4s}
        if: {length: [">=5m", "<40m"], eyes: closed}
  - check in: before
  - breathe: {in: 4s, hold: 2s, out: 6s, rounds: 9}
  - breathe: {in: 4s, out: 6s, for: 1m, guide: words}
  - breathe: {in: 4s, out: 6s, rounds: 1, guide: tones}
  - count: {from: 5, to: 1, every: 3s}
  - repeat:
      for: 3m
      steps:
        - one of:
            - - say: One thing.
              - rest: ~8s
            - - say: Another thing altogether, and it takes longer.
            - - rest: 4s
              - ambience: none
        - say: Again.
          if: {length: ">8m"}
  - repeat: {times: 4, steps: [{one of: [[{say: Left.}], [{rest: 9s}]]}, {bell: bowl}]}
  - sound: song.wav
  - ladder:
      rungs:
        - {title: One, steps: [{say: One.}], stay: ~10s}
        - {title: Two, steps: [{say: Two.}, {rest: ~1m, if: {length: "<=30m"}}], stay: 10s}
      ground: blocks/all
  - say: Done.
"""
BLOCK = """\
voiceguide: 1
values: {seat: the floor}
steps:
  - say: Sit on {seat}.
  - say: Only in the dark.
    if: {light: off}
  - rest: ~6s
"""


@pytest.fixture
def everything(tmp_path: Path) -> Script:
    put(tmp_path, BLOCK, "blocks/all")
    sound(tmp_path, "song.wav", 2.5)
    return load(put(tmp_path, EVERYTHING))


def test_each_is_as_by_itself(everything: Script) -> None:
    """With every kind of step: the same shortest, usual and longest as a timeline of its own has."""
    asked = [
        Wishes(length=frames(length), options=options, seed=str(seed), rungs=rungs)
        for length in (10, 59.7, 299, 300, 480, 481, 1800, 2400, 7200)
        for options in ({}, {"eyes": "closed"}, {"chair": "a stool"})
        for seed in range(4)
        for rungs in (1, 2)
    ]
    resolved = [resolve(everything, wishes, TODAY) for wishes in asked]
    found = counted(everything, resolved, estimate, Work())
    assert not found.over.any()
    assert len(set(found.longest.tolist())) > 40
    for index, each in enumerate(resolved):
        fit = Fit(unroll(everything, each, estimate), estimate)
        here = (found.shortest[index], found.about[index], found.longest[index])
        assert here == (fit.reach.shortest, fit.about, fit.reach.longest), asked[index]


def test_too_many_steps_are_found_where_they_are(tmp_path: Path) -> None:
    """The session that comes to too many steps is told, with its line; the others are counted."""
    text = (
        "voiceguide: 1\ntitle: t\nlength: {default: 1m, least: 1s, most: 8h}\noptions: {much: [no, yes]}\n"
        "steps:\n  - say: Hello.\n"
        "  - repeat: {times: 30, steps: [{breathe: {in: 0.5s, out: 0.5s, rounds: 500}}]}\n"
        "    if: {much: yes}\n"
    )
    script = load(put(tmp_path, text))
    resolved = [resolve(script, Wishes(options={"much": each}), TODAY) for each in ("no", "yes")]
    found = counted(script, resolved, estimate, Work())
    assert found.over.tolist() == [False, True]
    with pytest.raises(ScriptError) as caught:
        unroll(script, resolved[1], estimate)
    assert caught.value.problems == (found.problem,)


def test_every_turn_of_the_words_is_known() -> None:
    """The length is said otherwise from each turn on, and nowhere between."""
    turns = wording.duration_turns()
    for turn in turns:
        assert wording.duration(turn) != wording.duration(turn - 1)
    between = {wording.duration(Frames(each)) for each in range(0, frames(8 * 3600), frames(0.9))}
    assert len(between) == len(turns) + 1


def many_tests(folder: Path, count: int) -> Script:
    """A script with so many different tests of the length, which cannot last as long as usual."""
    head = "voiceguide: 1\ntitle: t\nlength: {default: 2h, least: 1m, most: 8h}\nsteps:\n  - rest: ~1m\n"
    steps = (f"  - say: Line.\n    if: {{length: '>={60 + 7 * at}s'}}\n" for at in range(count))
    return load(put(folder, head + "".join(steps), f"tests-{count}"))


def calls(work: Callable[[], object]) -> int:
    """Return how many functions *work* calls: its cost, the same on a busy machine."""
    count = 0

    def counting(frame: FrameType, event: str, arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counting)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("asked", [None, frames(8 * 3600)], ids=["unasked", "refused"])
def test_many_tests_of_the_length_cost_little(tmp_path: Path, asked: Frames | None) -> None:
    """Planning with 200 different tests of the length costs at most five times what it does with 50."""
    studio = Studio(engines=[HumEngine()], store=MemoryStore())

    def plan(script: Script) -> None:
        try:
            studio.session(script, Wishes(length=asked))
        except LengthError:
            assert asked is not None

    few, many = many_tests(tmp_path, 50), many_tests(tmp_path, 200)
    assert calls(lambda: plan(many)) < 5 * calls(lambda: plan(few))


def test_each_step_is_gone_through_once(tmp_path: Path) -> None:
    """However many lengths are asked about, a line's length is estimated once for each way that it reads."""
    script = many_tests(tmp_path, 200)
    said: list[str] = []

    def listening(text: str, pace: Pace) -> Frames:
        said.append(text)
        return estimate(text, pace)

    lengths(script, resolve(script, Wishes(), TODAY), listening)
    assert len(said) == 200


def test_a_length_that_is_said_leaves_no_gap(tmp_path: Path) -> None:
    """Where lines say how long it is, what is told as possible is possible, and nothing else."""
    steps = "  - say: For {length}, {length}.\n  - rest: ~20s\n  - rest: 3m\n    if: {length: '>=80s'}\n"
    top = "voiceguide: 1\ntitle: t\nlength: {default: 1m, least: 5s, most: 8h}\nsteps:\n"
    script = load(put(tmp_path, top + steps))
    asked = resolve(script, Wishes(), TODAY)
    possible = lengths(script, asked, estimate)
    assert len(possible) > 1
    edges = {end + by for each in possible for end in (each.shortest, each.longest) for by in (-1, 0, 1)}
    edges |= {turn + by for turn in wording.duration_turns()[:90] for by in (-1, 0)}
    for length in sorted(edges):
        here = Fit(unroll(script, replace(asked, length=Frames(length)), estimate), estimate).reach
        told = any(each.shortest <= length <= each.longest for each in possible)
        assert told == (here.shortest <= length <= here.longest), length
