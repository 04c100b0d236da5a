"""What a listener adjusts while a session plays: its length, the bed under the voice, the voice's level."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

from msgspec.structs import replace

from voiceguide.audio import Block, Frames, clock, frames
from voiceguide.errors import AssetError
from voiceguide.plan.items import Item
from voiceguide.plan.unroll import unroll
from voiceguide.plan.wishes import QUIETEST_DB
from voiceguide.playback.bridge import bridge
from voiceguide.playback.course import Course, View
from voiceguide.playback.earcons import Earcon
from voiceguide.playback.edits import rebedded, rebedded_items, relengthed, revoiced, revoiced_items
from voiceguide.playback.stage import Stage
from voiceguide.script.model import Bed
from voiceguide.session.session import Session
from voiceguide.sounds.ambience import sounds
from voiceguide.sounds.mix import REFERENCE_LUFS, loudest_db

VOICE_LOUDEST_DB: Final = 6.0
VOICE_SOFTEST_DB: Final = -12.0

_BED: Final = frames(1.0)
_LOOKS: Final = 4  # attempts to find a length that fits the steps which depend on it


class Adjustments:
    """Changes *session* on *stage*; `note` is the result of the last change, for the listener.

    *remade* is called with each change of the bed or the voice, to apply it to the asides too.
    """

    def __init__(
        self, stage: Stage, session: Session, remade: Callable[[Callable[[Course], Course]], None]
    ) -> None:
        self.bed = session.timeline.bed
        self.voice_db = 0.0
        self.note = ""
        self._own_sound, self._own_level = session.wishes.own_sound, session.wishes.own_level
        self._stage = stage
        self._session = session
        self._remade = remade
        stage.tuned = self.tuned

    def longer(self, extra: int) -> None:
        """Make the session *extra* frames longer, shorter where negative, as far as it can be."""
        stage, bounds, given = self._stage, self._session.script.length, self._stage.take.course
        asked = Frames(max(bounds.least, min(given.length + extra, max(bounds.most, given.length))))
        view = stage.sight(stage.item + 1)
        made = self._lasting(asked, given, view)
        for _ in range(_LOOKS):
            if made.length == asked:
                break
            # Steps that depend on the length go by the one the session can have, not by the one asked for.
            asked = made.length
            made = self._lasting(asked, given, view)
        if (made.length - given.length) * extra <= 0:
            self.note = f"{clock(given.length)} in all."
            stage.answer("no")
        else:
            self.note = f"{clock(made.length)} in all."
            stage.replace(made, "longer" if extra > 0 else "shorter")

    def _lasting(self, length: Frames, given: Course, view: View) -> Course:
        """Return *given* as near to *length* as it can be, continued as the script is at that length."""
        estimate = self._session.clips.estimate
        fresh = unroll(self._session.script, replace(self._session.wishes, length=length), estimate)
        fresh = replace(fresh, items=self.tuned(fresh.items))
        return relengthed(given, view, self._stage.frame, fresh, length, estimate)

    def ambience(
        self, sound: str | None, level_db: float | None = None, answer: Earcon | None = "ambience"
    ) -> None:
        """Change the bed to *sound*, None for no bed; *level_db* is relative to the voice, None to keep it.

        Raises:
            AssetError: if there is no such sound; nothing has changed then.
        """
        if sound is not None:
            self._session.palette.bed(sound)
        self._own_sound = self._own_sound or sound != self.bed.sound
        self._own_level = self._own_level or level_db is not None
        self.bed = Bed(sound, self.bed.level_db if level_db is None else level_db)

        def edit(given: Course) -> Course:
            return rebedded(given, self.bed, own_sound=self._own_sound, own_level=self._own_level)

        self._stage.replace(edit(self._stage.here()), answer, _BED)
        self._remade(edit)

    def next_ambience(self) -> None:
        """Change to the next ambience: after the last comes none, and then the first."""
        self._stage.answer("ambience")  # at once: reading a sound may take a moment
        for name in self._after():
            try:
                self.ambience(name, answer=None)
            except AssetError:
                continue  # one of the user's own that is damaged
            self.note = f"Ambience: {name or 'none'}."
            return

    def foresee(self) -> None:
        """Read the next ambience in a thread of its own, so that it is ready when it is asked for."""
        threading.Thread(target=self._read_next, daemon=True).start()

    def _read_next(self) -> None:
        for name in self._after():
            with suppress(AssetError):
                if name is not None:
                    self._session.palette.bed(name)
                return

    def _after(self) -> tuple[str | None, ...]:
        """Return all ambiences, beginning with the one after this."""
        names = [*(sound.name for sound in sounds()), None]
        sound = self.heard.sound
        here = names.index(sound) if sound in names else -1
        return (*names[here + 1 :], *names[: here + 1])

    def bed_level(self, level_db: float, answer: Earcon = "ambience") -> None:
        """Set the bed to *level_db*, relative to the voice."""
        self.ambience(self.bed.sound, level_db, answer)

    def louder_bed(self, by_db: float) -> None:
        """Make the bed *by_db* louder, softer where negative, as far as its limits allow."""
        heard = self.heard
        if heard.sound is None:
            self._stage.answer("no")
            return
        most = loudest_db(self._session.palette.bed(heard.sound), self._louder)
        now = min(heard.level_db, most)
        level = max(QUIETEST_DB, min(now + by_db, most))
        if level == now:
            self._stage.answer("no")
        else:
            self.bed_level(level, "ambience louder" if by_db > 0 else "ambience softer")

    @property
    def heard(self) -> Bed:
        """The bed that is heard in the session now, which the script may have changed."""
        return self._stage.take.bed(self._stage.frame)

    def voice_level(self, louder_db: float) -> None:
        """Make the voice *louder_db* louder, softer where negative, as far as its limits allow."""
        level = max(VOICE_SOFTEST_DB, min(self.voice_db + louder_db, VOICE_LOUDEST_DB))
        by_db, self.voice_db = level - self.voice_db, level
        if not by_db:
            self._stage.answer("no")
            return
        answer: Earcon = "voice louder" if by_db > 0 else "voice softer"
        self._stage.replace(revoiced(self._stage.here(), by_db), answer)
        self._remade(lambda given: revoiced(given, by_db))

    def tuned(self, items: Sequence[Item]) -> tuple[Item, ...]:
        """Return *items*, newly written, with the bed and the voice that the listener has chosen."""
        kept = rebedded_items(items, self.bed, own_sound=self._own_sound, own_level=self._own_level)
        return revoiced_items(kept, self.voice_db)

    def bridge(self) -> Block:
        """Return the loop of the bed, shape (`BRIDGE`, 2), that is heard when sound is late."""
        return bridge(self.heard, self._session.palette, self._louder)

    @property
    def _louder(self) -> float:
        return self._session.clips.target_lufs - REFERENCE_LUFS
