"""Carries out a listener's commands while a session plays. Used by one thread only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from voiceguide.audio import Frames, clock, frames
from voiceguide.errors import WishError
from voiceguide.listeners.records import Place
from voiceguide.playback.adjustments import Adjustments
from voiceguide.playback.asides import Asides
from voiceguide.playback.climb import climb_of
from voiceguide.playback.course import course
from voiceguide.playback.device.ring import RAMP
from voiceguide.playback.earcons import Earcon, earcon
from voiceguide.playback.feeder import Feeder
from voiceguide.playback.montage import Montage
from voiceguide.playback.navigation import Navigation
from voiceguide.playback.now import Now, Status
from voiceguide.playback.opening import Opening
from voiceguide.playback.prompts import Prompts
from voiceguide.playback.resuming import item_of, place_of
from voiceguide.playback.stage import CHANGE, PAUSE, SLEEP, STOP, Stage
from voiceguide.playback.take import Take
from voiceguide.script.model import Script
from voiceguide.session.session import Session

VOLUME_STEP: Final = 0.1

_LET_OUT: Final = frames(0.2)
"""Silence after the end, before a card is closed: it may hold a little more than its latency says."""

_AWAKE: Final = frames(0.5)
_WORTH_KEEPING: Final = frames(10.0)


class Director:
    """Plays *session*: `navigation` moves through it, `adjustments` change it. Short sounds confirm commands.

    *ground* is the script that "ground me" leads to where the session has no ground of its own. *opening* is
    the session's first moment, if it sounds already. *woken* is called when more can be heard.
    """

    def __init__(
        self,
        session: Session,
        prompts: Prompts,
        *,
        ground: Script | None = None,
        volume: float = 1.0,
        opening: Opening | None = None,
        woken: Callable[[], None] = lambda: None,
    ) -> None:
        self.over = False
        self._session = session
        self._volume = volume
        sounds = session.sounds()
        self._speech = sounds.speech
        climb = climb_of(session.script, session.wishes, session.clips.estimate, prompts)
        plain = course(session.timeline, session.length, session.clips.estimate)
        first = plain if climb is None else climb.first(session.timeline)
        self._opening = opening
        self.feeder = Feeder(volume, opening)
        self.stage = Stage(self.feeder, sounds, first, woken)
        self.navigation = Navigation(self.stage, session, climb)
        self.adjustments = Adjustments(self.stage, session, lambda edit: self._asides.remake(edit))
        self._asides = Asides(self.stage, self.adjustments, session, self._speech, prompts, ground)
        self._last: tuple[Take, int] = self.stage.take, 0
        self._begun = self._held = self._lost = False
        self._sleep_at: int | None = None
        self._sleep_after = Frames(0)
        self._drowsy: int | None = None

    def start(self, frame: Frames = Frames(0), resume: Place | None = None) -> None:
        """Begin at *frame*, or where *resume* says; a ladder that is resumed begins anew.

        Raises:
            WishError: if *frame* is past the end.
        """
        if frame >= self.stage.take.length:
            asked, all_of_it = clock(frame), clock(self.stage.take.length)
            raise WishError(
                f"{asked} is past the end of this session, which lasts {all_of_it}; begin earlier"
            )
        if resume is not None and not self.navigation.climbs:
            take = self.stage.take
            self.stage.take_up(*item_of(resume, take.course, take.outlook))
        elif frame:
            self.stage.skip_to(frame)
        else:
            # Only what the first moment needs, to be heard soon. The first tick has the rest spoken.
            if self._opening is None:
                self.stage.enter(self.stage.take, lambda at: 0, None, PAUSE, eager=False)
            else:
                heard = self._opening.known - RAMP  # all of it, if starting took that long
                self.stage.enter(self.stage.take, lambda at: min(at, heard), None, power=False, eager=False)
        self._last = self.stage.take, self.stage.frame  # reported until some of it is heard

    def tick(self, heard: int) -> None:
        """Do what is due while output frame *heard* is heard.

        Raises:
            Exception: the error that keeps the session from being settled.
        """
        source, frame = self.feeder.place(heard)
        if self.stage.take.failure is not None:
            raise self.stage.take.failure
        if isinstance(source, Take):
            source.want(frame)
            if frame >= source.length + _LET_OUT and source is self.stage.current:
                self._at_end()
        if self.stage.over_at is not None and heard >= self.stage.over_at:
            self.over = True
        if not self._begun:
            self._begun = True
            self.stage.take.begin(self.stage.frame)
        if self._sleep_at is not None and self.feeder.ring.read >= self._sleep_at:
            self._fall_asleep()
        self._asides.keep()

    def now(self, heard: int) -> Now:
        """Return what is heard at output frame *heard*."""
        stage = self.stage
        source, frame = stage.held or self.feeder.place(heard)
        if isinstance(source, Take):
            self._last = source, frame
        take, frame = self._last
        moment = take.at(frame)
        earlier = stage.scene == "session" and take not in self._asides.takes
        main = frame if take is stage.take or earlier else stage.left
        return Now(
            status=self._status(moment.item),
            title=self._session.script.title,
            chapter=moment.chapter,
            words=moment.words,
            position=Frames(max(0, min(main, stage.take.length))),
            length=stage.take.length,
            volume=self._volume,
            choices=self._choices(moment.item),
            note=self.adjustments.note,
            underruns=self.feeder.ring.underruns,
            speaking=moment.speaking and stage.held is None,
        )

    def left(self) -> Place | None:
        """Return where to resume; None near either end, and for a ladder, which always begins anew."""
        frame = self._drowsy if self._drowsy is not None else self.stage.frame
        view, items = self.stage.take.view, self.stage.take.course.items
        if frame < _WORTH_KEEPING or frame >= self.stage.take.length or not view or self.navigation.climbs:
            return None
        return place_of(frame, items, view, self._session.timeline.items)

    @property
    def at_end(self) -> bool:
        """Whether the session has been heard to its end."""
        return self._drowsy is None and self.stage.frame >= self.stage.take.length

    def close(self) -> None:
        """Stop speaking and settling."""
        self._speech.stop()
        for take in self.takes:
            take.close()

    @property
    def leaving(self) -> bool:
        """Whether the session fades out to end; falling asleep does not count, as it can be cancelled."""
        return self.stage.over_at is not None and self._drowsy is None

    @property
    def takes(self) -> tuple[Take, ...]:
        """The session's take, and those of the asides."""
        return self.stage.take, *self._asides.takes

    def go_on(self) -> None:
        """Go on after a pause; where the ground is heard, come back from it."""
        if self.stage.scene == "ground" and self.stage.held is None:
            self.navigation.next()
        else:
            self.play()

    def toggle(self) -> None:
        paused = self._held if self._lost else self.stage.held is not None
        self.play() if paused else self.pause()

    def pause(self) -> None:
        self._held = True
        self.stage.pause()

    def play(self) -> None:
        self._held = False
        if not self._lost:
            self.stage.play()

    def volume(self, volume: float, *, answered: bool = True) -> None:
        """Set the volume to *volume*, from 0 to 1; *answered* with a short sound."""
        sound: Earcon = "louder" if volume > self._volume else "softer"
        self._volume = max(0.0, min(1.0, volume))

        def edit(montage: Montage, at: int) -> Montage:
            changed = replace(montage, volume=montage.volume.to(self._volume, at, PAUSE))
            return changed.plus(earcon(sound), at) if answered else changed

        self.feeder.change(edit)

    def louder(self) -> None:
        self._turn_up(VOLUME_STEP)

    def softer(self) -> None:
        self._turn_up(-VOLUME_STEP)

    def _turn_up(self, by: float) -> None:
        volume = max(0.0, min(1.0, self._volume + by))
        if volume == self._volume:
            self.stage.answer("no")
        else:
            self.volume(volume)

    def longer(self, extra: int) -> None:
        """Make the session *extra* frames longer, shorter where negative.

        A ladder is as long as its listener makes it: there, longer means to stay, and shorter is refused.
        """
        if not self.navigation.climbs:
            self.adjustments.longer(extra)
        elif extra > 0:
            self.navigation.stay()
        else:
            self.stage.answer("no")

    def ground(self) -> None:
        """Leave for the ground, even from a fade-out; there, `next` comes back and `finish` closes."""
        self.stage.over_at = None
        if self.feeder.montage.hush.settled.last != 1.0:
            self.stage.hush(1.0, CHANGE)
        self._asides.ground()

    def help(self) -> None:
        """Read the ways to answer aloud, and return to what was heard, or to the pause."""
        self._asides.help()

    def stop(self) -> None:
        """Fade out and end; a repeated call does nothing."""
        if self.leaving:
            return
        drowsy, self._drowsy = self._drowsy, None
        self.stage.end(STOP, "stop")
        if drowsy is not None:
            self.stage.left = drowsy

    def sleep(self, after: Frames | None) -> None:
        """Fade out and end after *after* frames; None cancels that."""
        self.wake()
        self._sleep_after = after or Frames(0)
        self._sleep_at = None if after is None else self.feeder.ring.read + after

    def wake(self) -> None:
        """If the session is falling asleep, cancel the fade."""
        if self._drowsy is not None:
            self._drowsy = self.stage.over_at = None
            self.stage.hush(1.0, _AWAKE)

    def stir(self) -> bool:
        """If the session is falling asleep, cancel the fade and restart the timer; return whether it was.

        A listener who presses play or pause during the fade wants no pause, and wants the timer kept.
        """
        drowsy = self._drowsy is not None
        self.wake()
        if drowsy and self._sleep_after:
            self.sleep(self._sleep_after)
        return drowsy

    def lost(self, heard: int) -> None:
        """Pause, as the device is gone; output frame *heard* was the last one heard."""
        self._lost = True
        self._held = self.stage.hold(heard)

    def found(self) -> None:
        """Go on from where the device was lost, unless the session was paused."""
        self._lost = False
        if not self._held:
            self.stage.play()

    def _fall_asleep(self) -> None:
        self._sleep_at = None
        if self.stage.over_at is not None:
            return
        self._drowsy = self.stage.frame
        self.stage.over_at = self.stage.hush(0.0, SLEEP) + SLEEP

    def _at_end(self) -> None:
        if self.stage.scene == "help":
            self._asides.after_help()
        else:
            self.over = True

    def _status(self, item: int) -> Status:
        if self.over:
            return "ended"
        if self.stage.over_at is not None:
            return "stopping"
        if self.stage.held is not None:
            return "paused"
        if self.feeder.waiting:
            return "waiting"
        if self.stage.scene == "ground":
            return "grounding"
        return "choosing" if self._choices(item) else "playing"

    def _choices(self, item: int) -> tuple[str, ...]:
        if self.stage.scene == "ground":
            return ("next", "finish")
        if self.stage.scene == "session" and self.navigation.asks(item):
            return ("stay", "next", "back", "ground", "finish")
        return ()
