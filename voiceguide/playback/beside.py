"""What is heard beside a session, kept ready under the bed and the voice that the listener has chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from voiceguide.audio import frames
from voiceguide.playback import asides
from voiceguide.playback.course import Course, line_at
from voiceguide.playback.edits import revoiced
from voiceguide.playback.shape import Shape
from voiceguide.playback.stage import Scene, Stage
from voiceguide.playback.take import Take, lines_of
from voiceguide.playback.wording import Wording
from voiceguide.script.model import Bed, Script
from voiceguide.session.session import Session
from voiceguide.session.speech import Speech

_KEPT: Final = frames(6.0)


class Beside:
    """The ground, made before it is asked for, and the ways to answer; on *stage*, beside *session*.

    *shared* is the script that the ground comes from where the session has none of its own.
    """

    def __init__(
        self,
        stage: Stage,
        shape: Shape,
        session: Session,
        speech: Speech,
        wording: Wording,
        shared: Script | None,
    ) -> None:
        self._stage = stage
        self._shape = shape
        self._session = session
        self._speech = speech
        self._wording = wording
        self._shared = shared
        self._ground: Take | None = None
        self._help: Take | None = None
        self._kept = False
        self._bed: Bed | None = None
        self._left: tuple[Scene, int, bool] = ("session", 0, False)

    @property
    def takes(self) -> tuple[Take, ...]:
        """Those that are made."""
        return tuple(take for take in (self._ground, self._help) if take is not None)

    def ground(self) -> None:
        """Leave for the ground."""
        self._stage.step_aside("ground", self._grounding(), "ground")

    def help(self) -> None:
        """Read the ways to answer aloud; `after_help` leads back."""
        stage = self._stage
        if stage.scene != "help":
            source, frame = stage.held or stage.desk.place(stage.desk.soon)
            line = line_at(source.view, frame) if isinstance(source, Take) else None
            self._left = stage.scene, frame if line is None else line, stage.held is not None
        if self._help is None:
            given = asides.help_aloud(
                self._session.script, self._shape.heard, self._session.clips.estimate, self._wording
            )
            self._help = stage.taken(revoiced(given, self._shape.voice_db))
        stage.step_aside("help", self._help, "help")

    def after_help(self) -> None:
        """Come back to what was heard before it, or to the pause."""
        scene, frame, paused = self._left
        if scene == "ground":
            self._stage.put_back(scene, self._grounding(), frame, paused=paused)
        elif paused:
            self._stage.put_back(scene, self._stage.take, self._stage.left, paused=True)
        else:
            self._stage.come_back(None)

    def keep(self) -> None:
        """Have the bed that is heard now under all this, and the ground's first seconds in memory."""
        bed = self._shape.heard
        if bed != self._bed:
            self._bed = bed
            self._stage.desk.ring.cover_with(self._shape.cover())
            if self._stage.scene == "session":
                self.remake(lambda given: given)
        ground = self._grounding()
        if not self._kept and ground.known >= asides.ENTRY + _KEPT:
            ground.keep(asides.ENTRY, _KEPT)
            self._kept = True
            self._shape.foresee()

    def remake(self, edit: Callable[[Course], Course]) -> None:
        """Have all this as the listener has it by *edit*: one that is heard at once, others when needed."""
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
            given = asides.ground(
                session.script,
                self._shared,
                session.wishes,
                self._shape.heard,
                session.clips.estimate,
                self._wording,
            )
            self._ground = self._stage.taken(revoiced(given, self._shape.voice_db))
            self._kept = False
            self._speech.keep(lines_of(given))
            self._ground.begin(asides.ENTRY, first=False)
        return self._ground
