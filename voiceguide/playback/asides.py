"""The asides of a session: the ground, and the spoken help."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from voiceguide.audio import Frames, frames
from voiceguide.plan.fit import Estimate
from voiceguide.plan.items import Gap, Item, Timeline
from voiceguide.plan.parts import parts
from voiceguide.plan.sheet import exactly
from voiceguide.plan.unroll import unroll
from voiceguide.plan.wishes import Resolved
from voiceguide.playback.adjustments import Adjustments
from voiceguide.playback.course import Course, line_at, natural
from voiceguide.playback.edits import revoiced
from voiceguide.playback.prompts import BREATHING_SPACE, LEFT_HERE, Prompts, asking, spoken
from voiceguide.playback.stage import ENTRY, Scene, Stage
from voiceguide.playback.take import Take, lines_of
from voiceguide.script.model import Bed, Script, Step, Use
from voiceguide.session.session import Session
from voiceguide.session.speech import Speech

_KEPT: Final = frames(6.0)
_TO_FIRST_WORD: Final = frames(0.35)
_BEFORE_ASKING: Final = frames(3.0)
_TAIL: Final = Gap(frames(8.0), frames(6.0), frames(12.0))
_ASKED: Final = 3


class Asides:
    """The ground, prepared before it is asked for, and the spoken help; on *stage*, beside *session*.

    Both have the bed and the voice as the listener has set them. *ground* is the script of the ground for a
    session that has no ground of its own.
    """

    def __init__(
        self,
        stage: Stage,
        adjustments: Adjustments,
        session: Session,
        speech: Speech,
        prompts: Prompts,
        ground: Script | None,
    ) -> None:
        self._stage = stage
        self._adjustments = adjustments
        self._session = session
        self._speech = speech
        self._prompts = prompts
        self._ground_script = ground
        self._ground: Take | None = None
        self._help: Take | None = None
        self._kept = False
        self._bed: Bed | None = None
        self._left: tuple[Scene, int, bool] = ("session", 0, False)

    @property
    def takes(self) -> tuple[Take, ...]:
        """The asides that exist."""
        return tuple(take for take in (self._ground, self._help) if take is not None)

    def ground(self) -> None:
        """Leave the session for the ground."""
        self._stage.step_aside("ground", self._grounding(), "ground")

    def help(self) -> None:
        """Read the ways to answer aloud; `after_help` returns."""
        stage = self._stage
        if stage.scene != "help":
            source, frame = stage.held or stage.feeder.place(stage.feeder.soon)
            line = line_at(source.view, frame) if isinstance(source, Take) else None
            self._left = stage.scene, frame if line is None else line, stage.held is not None
        if self._help is None:
            given = _help_course(
                self._session.script, self._adjustments.heard, self._session.clips.estimate, self._prompts
            )
            self._help = stage.taken(revoiced(given, self._adjustments.voice_db))
        stage.step_aside("help", self._help, "help")

    def after_help(self) -> None:
        """Return to what was heard before the help, or to the pause."""
        scene, frame, paused = self._left
        if scene == "ground":
            self._stage.put_back(scene, self._grounding(), frame, paused=paused)
        elif paused:
            self._stage.put_back(scene, self._stage.take, self._stage.left, paused=True)
        else:
            self._stage.come_back(None)

    def keep(self) -> None:
        """Put the bed that is heard now under the asides, and keep the ground's first seconds in memory."""
        bed = self._adjustments.heard
        if bed != self._bed:
            self._bed = bed
            self._stage.feeder.ring.bridge_with(self._adjustments.bridge())
            if self._stage.scene == "session":
                self.remake(lambda given: given)
        ground = self._grounding()
        if not self._kept and ground.known >= ENTRY + _KEPT:
            ground.keep(ENTRY, _KEPT)
            self._kept = True
            self._adjustments.foresee()

    def remake(self, edit: Callable[[Course], Course]) -> None:
        """Change the aside that is heard by *edit*; others are dropped, and made anew when needed."""
        self._kept = False
        self._ground, self._help = (self._redone(take, edit) for take in (self._ground, self._help))

    def _redone(self, aside: Take | None, edit: Callable[[Course], Course]) -> Take | None:
        if aside is None:
            return None
        if aside is self._stage.current:
            return self._stage.redo(edit)
        aside.close()
        return None

    def _grounding(self) -> Take:
        if self._ground is None:
            session = self._session
            given = _ground_course(
                session.script,
                self._ground_script,
                session.wishes,
                self._adjustments.heard,
                session.clips.estimate,
                self._prompts,
            )
            self._ground = self._stage.taken(revoiced(given, self._adjustments.voice_db))
            self._kept = False
            self._speech.keep(lines_of(given))
            self._ground.begin(ENTRY, first=False)
        return self._ground


def _ground_course(
    script: Script, ground: Script | None, resolved: Resolved, bed: Bed, estimate: Estimate, prompts: Prompts
) -> Course:
    """Return the course of the ground for *script*: its ladder's own, or the steps of *ground*.

    Then it asks the listener whether to come back; without an answer it ends gently.
    """
    own = parts(script, resolved.length).get("ground")
    steps = own.steps if own is not None else _core(ground.steps) if ground is not None else ()
    items = unroll(replace(script, steps=steps), resolved, estimate).items
    question = asking(prompts.grounded, prompts.grounded_again, script.pace, BREATHING_SPACE, _ASKED)
    ending = spoken(LEFT_HERE, script.pace)
    return _aside((*items, exactly(_BEFORE_ASKING), *question, *ending), bed, estimate)


def _help_course(script: Script, bed: Bed, estimate: Estimate, prompts: Prompts) -> Course:
    """Return the course that reads the listener's ways to answer aloud."""
    return _aside(spoken(prompts.help, script.pace), bed, estimate)


def _aside(items: tuple[Item, ...], bed: Bed, estimate: Estimate) -> Course:
    timeline = Timeline("aside", items, Frames(ENTRY + _TO_FIRST_WORD), _TAIL, bed)
    return natural(timeline, Frames(0), estimate)


def _core(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return the `use` steps among *steps*, without the greeting around them; all steps if there are none."""
    return tuple(step for step in steps if isinstance(step, Use)) or steps
