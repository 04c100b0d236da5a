"""Writes a script out: sections, repeats, choices and includes become a sequence of items."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import Final, assert_never

from msgspec import Struct
from msgspec.structs import replace

from voiceguide.audio import Frames, frames
from voiceguide.plan import wording
from voiceguide.plan.fit import Estimate
from voiceguide.plan.items import BedChange, Gap, Line, Overlay, Sound, Strike, Timeline, Tone
from voiceguide.plan.paper import Paper
from voiceguide.plan.sheet import AFTER_BELL, AFTER_VOICE, Sheet, exactly
from voiceguide.plan.wishes import Resolved
from voiceguide.script.model import (
    Bell,
    Breathe,
    ChangeAmbience,
    CheckIn,
    Count,
    Ladder,
    OneOf,
    PlaySound,
    Repeat,
    Rest,
    Say,
    Script,
    Section,
    Step,
    Use,
)

LEAD_IN: Final = frames(1.5)
"""Silence before the first sound: Bluetooth speakers lose the first second."""

TAIL: Final = Gap(frames(6.0), frames(3.0), frames(24.0))
"""The silence after the last item, in which the bed fades."""
AFTER_CHECK_IN: Final = Gap(frames(6.0), frames(2.0), frames(20.0))
ROUNDS_WITH_WORDS: Final = 3
"""The number of breaths with words; later ones have tones only."""

ROOM_TO_SPARE: Final = frames(0.3)
"""A word on the beat ends at least this long before the next beat."""


def unroll(script: Script, resolved: Resolved, estimate: Estimate) -> Timeline:
    """Return *script* written out for the wishes in *resolved*; deterministic on any machine.

    *estimate* is used only to count the rounds of a repeat that is given a time.

    Raises:
        ScriptError: if there are more than `sheet.MOST` steps or items.
    """
    sheet = Sheet(resolved, script.title, estimate)
    write(script, resolved, sheet)
    return Timeline(script.name, tuple(sheet.items), LEAD_IN, TAIL, resolved.bed)


def write(script: Script, resolved: Resolved, paper: Paper) -> None:
    """Write *script* out on *paper*; of *resolved*, only the listener's choice of ambience is used."""
    _Writer(script, resolved, paper).steps(script.steps, _Scope(paper.values))


class _Scope(Struct, frozen=True):
    """The context of a step: values of placeholders, the path of branches taken, depth in chapters."""

    values: Mapping[str, str]
    path: tuple[int, ...] = ()
    depth: int = 0

    def into(self, *turns: int) -> _Scope:
        return replace(self, path=self.path + turns)

    def under(self) -> _Scope:
        return replace(self, depth=self.depth + 1)


class _Writer:
    """Writes steps on paper, one method for each kind."""

    def __init__(self, script: Script, resolved: Resolved, paper: Paper) -> None:
        self._script = script
        self._resolved = resolved
        self._lines = count()
        self._says = count()
        self._paper = paper

    def steps(self, steps: tuple[Step, ...], scope: _Scope) -> None:
        for index, step in enumerate(steps):
            self._paper.step(step.where)
            for _ in self._paper.meeting(step.when):
                self._step(step, scope.into(index))

    def _step(self, step: Step, scope: _Scope) -> None:
        match step:
            case Say():
                self._say(step, scope)
            case Rest():
                self._paper.gap(Gap(step.about, step.least, step.most, step.weight))
            case Breathe():
                self._breathe(step)
            case Count():
                self._count(step)
            case Bell():
                self._bell(step)
            case ChangeAmbience():
                self._change_ambience(step)
            case PlaySound():
                self._paper.sound(Sound(step.path, step.length, step.level_db), due=AFTER_VOICE)
            case Section():
                self._chapter(step.title, step.steps, scope)
            case Repeat():
                self._repeat(step, scope)
            case OneOf():
                for branch in self._paper.branches(scope.path, len(step.branches)):
                    self.steps(step.branches[branch], scope.into(branch))
            case Use():
                self._use(step, scope)
            case CheckIn():
                line = self._line(step, wording.CHECK_IN[step.moment], next(self._says))
                self._paper.sound(line, due=AFTER_VOICE)
                self._paper.gap(AFTER_CHECK_IN)
            case Ladder():
                self._ladder(step, scope)
            case _:
                assert_never(step)

    def _line(self, step: Step, text: str, say: int) -> Line:
        """Return the next line, with the pace, voice and level of *step* if it is a `Say`."""
        pace, voice, level_db = self._script.pace, None, 0.0
        if isinstance(step, Say):
            pace, voice, level_db = step.pace or pace, step.voice, step.level_db
        return Line(next(self._lines), say, text, pace, voice, level_db, step.where)

    def _chapter(self, title: str, steps: tuple[Step, ...], scope: _Scope) -> None:
        for _ in self._paper.chapter(title, scope.depth, scope.values):
            self.steps(steps, scope.under())

    def _use(self, step: Use, scope: _Scope) -> None:
        given = {name: self._paper.filled(value, scope.values) for name, value in step.values}
        self.steps(step.steps, replace(scope, values={**scope.values, **given}))

    def _say(self, step: Say, scope: _Scope) -> None:
        say = next(self._says)
        for phrase in step.phrases:
            text = self._paper.filled(phrase.text, scope.values)
            if any(letter.isalnum() for letter in text):
                self._paper.sound(self._line(step, text.strip(), say), due=AFTER_VOICE)
            if phrase.pause:
                self._paper.gap(exactly(phrase.pause))

    def _breathe(self, step: Breathe) -> None:
        phases = (
            (Tone("in", step.breath_in), wording.BREATHE_IN),
            (Tone("hold", step.hold_full), wording.HOLD),
            (Tone("out", step.breath_out), wording.BREATHE_OUT),
            (Tone("hold", step.hold_empty), wording.WAIT),
        )
        round_length = sum(tone.length for tone, _ in phases)
        rounds = step.rounds or max(1, (step.lasting or 0) // max(round_length, 1))
        worded = {"tones": 0, "words": rounds}.get(step.guide, ROUNDS_WITH_WORDS)
        for _ in self._paper.alike(min(worded, rounds)):
            self._breath(step, phases, worded=True)
        for _ in self._paper.alike(max(rounds - worded, 0)):
            self._breath(step, phases, worded=False)

    def _breath(self, step: Breathe, phases: tuple[tuple[Tone, str], ...], *, worded: bool) -> None:
        """Write one breath."""
        for tone, words in phases:
            if not tone.length:
                continue
            if step.guide != "words":
                self._paper.sound(tone)
            if worded:
                line = self._line(step, words, next(self._says))
                self._paper.sound(Overlay(line, Frames(max(tone.length - ROOM_TO_SPARE, 0))))
            self._paper.gap(exactly(tone.length))

    def _count(self, step: Count) -> None:
        down = step.stop < step.start
        for value in range(step.start, step.stop + (-1 if down else 1), -1 if down else 1):
            slot = Frames(0) if value == step.stop else step.every
            line = self._line(step, f"{wording.number(value).capitalize()}.", next(self._says))
            self._paper.sound(replace(line, slot=slot), due=Frames(0) if slot else AFTER_VOICE)

    def _bell(self, step: Bell) -> None:
        strike = Strike(step.sound, step.level_db)
        for _ in self._paper.alike(step.times - 1):
            self._paper.sound(strike, due=AFTER_BELL)
            self._paper.gap(exactly(step.every))
        self._paper.sound(strike, due=AFTER_BELL)

    def _change_ambience(self, step: ChangeAmbience) -> None:
        """Change the bed, except to what would override the listener's own choice."""
        sound = step.sound
        if self._resolved.own_sound and sound is not None:
            sound = self._resolved.bed.sound
        level_db = None if self._resolved.own_level else step.level_db
        self._paper.mark(BedChange(sound, level_db, step.fade))

    def _repeat(self, step: Repeat, scope: _Scope) -> None:
        for done in self._paper.rounds(step.times, step.lasting):
            self.steps(step.steps, scope.into(done))

    def _ladder(self, step: Ladder, scope: _Scope) -> None:
        """Climb to the rung that was asked for, with a stay at each."""
        for index in self._paper.rungs(len(step.rungs)):
            rung = step.rungs[index]
            self._chapter(rung.title, (*rung.steps, rung.stay), scope.into(index))
