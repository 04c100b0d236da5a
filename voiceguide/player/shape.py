"""The shape of a session while it plays: how long it is, what is under the voice, how loud the voice is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from voiceguide.audio import Block, Frames, clock, frames
from voiceguide.mix import REFERENCE_LUFS
from voiceguide.player.cover import cover
from voiceguide.player.edits import rebedded, relengthed, revoiced
from voiceguide.player.stage import Stage
from voiceguide.script.model import Bed
from voiceguide.studio.session import Session
from voiceguide.timeline.unroll import unroll

_BED: Final = frames(1.0)


class Shape:
    """Changes *session* on *stage*; *rebedded* hears of another bed. `note` is what came of a change."""

    def __init__(self, stage: Stage, session: Session, rebedded: Callable[[], None]) -> None:
        self.bed = session.timeline.bed
        self.note = ""
        self._own_sound, self._own_level = session.wishes.own_sound, session.wishes.own_level
        self._stage = stage
        self._session = session
        self._rebedded = rebedded

    def longer(self, extra: int) -> None:
        """Have the session last *extra* frames longer, shorter where negative, as far as it can."""
        stage, script, given = self._stage, self._session.script, self._stage.take.course
        asked = max(script.length.least, min(given.length + extra, max(script.length.most, given.length)))
        wishes = replace(self._session.wishes, length=Frames(asked))
        fresh = unroll(script, wishes, self._session.clips.estimate)
        view = stage.sight(stage.item + 1)
        made = relengthed(given, view, stage.frame, fresh, Frames(asked), self._session.clips.estimate)
        self.note = f"{clock(made.length)} in all."
        stage.replace(made, "louder" if extra > 0 else "softer")

    def ambience(self, sound: str | None, level_db: float | None = None) -> None:
        """Have the bed be *sound*, None for no bed; *level_db* is against the voice, None as it is."""
        self._own_sound = self._own_sound or sound != self.bed.sound
        self._own_level = self._own_level or level_db is not None
        self.bed = Bed(sound, self.bed.level_db if level_db is None else level_db)
        given = rebedded(self._stage.here(), self.bed, own_sound=self._own_sound, own_level=self._own_level)
        self._rebedded()
        self._stage.replace(given, "line on", _BED)

    def bed_level(self, level_db: float) -> None:
        """Have the bed at *level_db* against the voice."""
        self.ambience(self.bed.sound, level_db)

    def voice_level(self, louder_db: float) -> None:
        """Have the voice *louder_db* louder than it is, as far as there is room; softer where negative."""
        self._stage.replace(revoiced(self._stage.here(), louder_db), "louder" if louder_db > 0 else "softer")

    def cover(self) -> Block:
        """Return the bed as the loop that covers what is late."""
        louder = self._session.clips.target_lufs - REFERENCE_LUFS
        return cover(self.bed, self._session.palette, louder)
