"""What becomes of a listener's wishes while a session plays. Belongs to one thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from voiceguide.audio import Block, Frames, clock, frames
from voiceguide.mix import REFERENCE_LUFS
from voiceguide.player import asides
from voiceguide.player.course import (
    begin,
    chapter_after,
    chapter_before,
    cut,
    item_at,
    line_after,
    line_before,
)
from voiceguide.player.course import course as course_of
from voiceguide.player.cover import cover
from voiceguide.player.desk import Desk
from voiceguide.player.earcons import earcon
from voiceguide.player.edits import rebedded, relengthed, revoiced, same_place, stay_item, stayed
from voiceguide.player.now import Now, Status
from voiceguide.player.places import Place
from voiceguide.player.programme import RAMP, Programme
from voiceguide.player.rungs import Ladder, ladder
from voiceguide.player.speech import Speech
from voiceguide.player.stage import PAUSE, SLEEP, STOP, Stage
from voiceguide.player.take import Sounds, Take, lines_of
from voiceguide.player.wording import Wording
from voiceguide.script.model import Bed, Script, Section, Use
from voiceguide.studio.session import Session
from voiceguide.timeline.items import Chapter, Item, Line, SpeechCue
from voiceguide.timeline.unroll import unroll

STAY: Final = frames(30.0)
AGAIN: Final = frames(2.0)
"""Going back less than this into a line means the line before it."""

EARLIER: Final = frames(3.0)
"""A session is taken up again at the start of a line at least so long before where it was left."""

VOLUME_STEP: Final = 0.1

_BED: Final = frames(1.0)
_AWAKE: Final = frames(0.5)
_LONG_STOP: Final = frames(4.0)
_KEPT: Final = frames(6.0)
_WORTH_KEEPING: Final = frames(10.0)


class Director:
    """Plays *session* at a desk; methods without arguments that do what they say answer with a short sound.

    *shared* is the script that "ground me" leads to where the session has no ground of its own.
    """

    def __init__(
        self,
        session: Session,
        wording: Wording,
        *,
        shared: Script | None = None,
        volume: float = 1.0,
        woken: Callable[[], None] = lambda: None,
    ) -> None:
        self.over = False
        self.note = ""
        self._session = session
        self._wording = wording
        self._shared = shared
        self._volume = volume
        self._bed = session.timeline.bed
        self._own_sound, self._own_level = session.wishes.own_sound, session.wishes.own_level
        self._estimate = session.clips.estimate
        self._speech = Speech(self._speak, session.speakers, session.encoders)
        sounds = Sounds(session.clips, session.palette, self._speech)
        self._ladder: Ladder | None = ladder(session.script, session.wishes, self._estimate, wording)
        first = (
            course_of(session.timeline, session.length, self._estimate)
            if self._ladder is None
            else self._ladder.first(session.timeline)
        )
        self.desk = Desk(volume)
        self.stage = Stage(self.desk, sounds, first, woken)
        self._last: tuple[Take, int] = self.stage.take, 0
        self._ground: Take | None = None
        self._help: Take | None = None
        self._kept = self._held = False
        self._sleep_at: int | None = None
        self._drowsy: int | None = None

    def start(self, frame: Frames = Frames(0), resume: Place | None = None) -> None:
        """Begin at *frame*, or where *resume* says."""
        self.desk.ring.cover_with(self._cover())
        if resume is None:
            self.stage.enter(self.stage.take, lambda at: frame, None, PAUSE)
            return
        item = max(0, same_place(self._session.timeline.items, resume.item, self.stage.take.course.items))
        view = self.stage.sight(item)
        self.stage.retake(cut(self.stage.take.course, view, item))
        self.stage.go(view, item, None)

    def tick(self, heard: int) -> None:
        """See to what is due; output frame *heard* is being heard."""
        source, frame = self.desk.place(heard)
        if self.stage.take.failure is not None:
            raise self.stage.take.failure
        if isinstance(source, Take):
            source.want(frame)
            if frame >= source.length:
                self._at_end()
        if self.stage.over_at is not None and heard >= self.stage.over_at:
            self.over = True
        if self._sleep_at is not None and self.desk.ring.read >= self._sleep_at:
            self._fall_asleep()
        self._keep_ground()

    def now(self, heard: int) -> Now:
        """Return what is heard at output frame *heard*."""
        stage = self.stage
        source, frame = stage.held or self.desk.place(heard)
        if isinstance(source, Take):
            self._last = source, frame
        take, frame = self._last
        moment = take.at(frame)
        main = frame if take is stage.take else stage.left
        return Now(
            status=self._status(moment.item),
            title=self._session.script.title,
            chapter=moment.chapter,
            words=moment.words,
            position=Frames(max(0, min(main, stage.take.length))),
            length=stage.take.length,
            volume=self._volume,
            choices=self._choices(moment.item),
            note=self.note,
            underruns=self.desk.ring.underruns,
        )

    def place(self) -> Place | None:
        """Return where to go on another time; None near either end of the session."""
        frame = self._drowsy if self._drowsy is not None else self.stage.frame
        view, items = self.stage.take.view, self.stage.take.course.items
        if frame < _WORTH_KEEPING or frame >= self.stage.take.length or not view:
            return None
        there = same_place(items, line_before(view, frame - EARLIER), self._session.timeline.items)
        return Place(there, frame) if there >= 0 else None

    def close(self) -> None:
        """Speak and settle nothing more."""
        self._speech.stop()
        for take in (self.stage.take, self._ground, self._help):
            if take is not None:
                take.close()

    def toggle(self) -> None:
        self.play() if self.stage.held is not None else self.pause()

    def pause(self) -> None:
        self.stage.pause()

    def play(self) -> None:
        self.stage.play()

    def line_back(self) -> None:
        if not self._come_back("line back"):
            view = self.stage.take.view
            self.stage.go(view, line_before(view, self.stage.frame - AGAIN), "line back")

    def line_on(self) -> None:
        if self._come_back("line on"):
            return
        frame = self.stage.frame
        view = self.stage.take.outlook(
            lambda entry: isinstance(entry[1], SpeechCue) and entry[1].start > frame
        )
        item = line_after(view, frame)
        if item is None:
            self.stage.answer("no")
        else:
            self.stage.go(view, item, "line on")

    def next(self) -> None:
        """Go on to the next rung or chapter; from an aside, come back."""
        if self._come_back("next"):
            return
        if self._ladder is not None and self._ladder.holds(self.stage.item):
            self._climb(self._ladder.number + 1, "next")
            return
        chapter = chapter_after(self.stage.take.course.items, self.stage.item)
        if chapter is None:
            self.stage.answer("no")
        else:
            self.stage.go(self.stage.sight(chapter), chapter, "next")

    def back(self) -> None:
        """Go back to the rung before, or to the start of the chapter, or of the one before."""
        if self._come_back("back"):
            return
        if self._ladder is not None and self._ladder.holds(self.stage.item):
            self._climb(max(0, self._ladder.number - 1), "back")
            return
        view, items = self.stage.take.view, self.stage.take.course.items
        chapter = chapter_before(items, self.stage.item)
        if chapter is not None and self.stage.frame - begin(view, chapter) < 2 * AGAIN:
            chapter = chapter_before(items, chapter - 1)
        self.stage.go(view, 0 if chapter is None else chapter, "back")

    def chapter(self, number: int) -> None:
        """Go to chapter *number*, counted from 0."""
        items = self.stage.take.course.items
        chapters = [item for item, each in enumerate(items) if isinstance(each, Chapter)]
        if 0 <= number < len(chapters):
            self.stage.go(self.stage.sight(chapters[number]), chapters[number], "next")
        else:
            self.stage.answer("no")

    def seek(self, frame: int) -> None:
        """Go to *frame* of the session."""
        stage = self.stage
        to = max(0, min(frame, stage.take.length - 1))
        if stage.take.known <= to + RAMP:
            view = stage.take.outlook(lambda entry: entry[1].start > to)
            stage.retake(cut(stage.take.course, view, max(0, item_at(view, to))))
        stage.scene = "session"
        stage.enter(stage.take, lambda at: to, "line on")

    def stay(self, extra: Frames = STAY) -> None:
        """Have the rest that is going on, or the next, last *extra* longer; on a ladder, stay at the rung."""
        stage = self.stage
        if stage.scene != "session":
            stage.answer("stay")
        elif self._ladder is not None and self._ladder.asks(stage.item):
            number = self._ladder.number
            first = stage.turn((*self._ladder.stay(number), *self._ladder.closing), "stay")
            self._ladder.stands(number, first, first)
        else:
            rest = stay_item(stage.take.course.items, stage.item)
            stage.replace(stayed(stage.take.course, stage.sight(rest + 1), stage.frame, extra), "stay")

    def longer(self, extra: int) -> None:
        """Have the session last *extra* frames longer, shorter where negative, as far as it can."""
        if self._ladder is not None:
            self.stay(Frames(max(0, extra)))
            return
        stage, script, given = self.stage, self._session.script, self.stage.take.course
        asked = max(script.length.least, min(given.length + extra, max(script.length.most, given.length)))
        wishes = replace(self._session.wishes, length=Frames(asked))
        fresh = unroll(script, wishes, self._estimate)
        view = stage.sight(stage.item + 1)
        made = relengthed(given, view, stage.frame, fresh, Frames(asked), self._estimate)
        self.note = f"{clock(made.length)} in all."
        stage.replace(made, "louder" if extra > 0 else "softer")

    def ambience(self, sound: str | None, level_db: float | None = None) -> None:
        """Have the bed be *sound*, None for no bed; *level_db* is against the voice, None as it is."""
        self._own_sound = self._own_sound or sound != self._bed.sound
        self._own_level = self._own_level or level_db is not None
        self._bed = Bed(sound, self._bed.level_db if level_db is None else level_db)
        given = rebedded(self.stage.here(), self._bed, own_sound=self._own_sound, own_level=self._own_level)
        self.desk.ring.cover_with(self._cover())
        self._forget_asides()
        self.stage.replace(given, "line on", _BED)

    def bed_level(self, level_db: float) -> None:
        """Have the bed at *level_db* against the voice."""
        self.ambience(self._bed.sound, level_db)

    def voice_level(self, louder_db: float) -> None:
        """Have the voice *louder_db* louder than it is, as far as there is room; softer where negative."""
        self.stage.replace(revoiced(self.stage.here(), louder_db), "louder" if louder_db > 0 else "softer")

    def volume(self, volume: float) -> None:
        """Have everything at *volume*, from 0 to 1."""
        sound = "louder" if volume > self._volume else "softer"
        self._volume = max(0.0, min(1.0, volume))

        def edit(programme: Programme, at: int) -> Programme:
            level = programme.volume.to(self._volume, at, PAUSE)
            return replace(programme, volume=level).plus(earcon(sound), at)

        self.desk.change(edit)

    def louder(self) -> None:
        self.volume(self._volume + VOLUME_STEP)

    def softer(self) -> None:
        self.volume(self._volume - VOLUME_STEP)

    def ground(self) -> None:
        """Leave for the ground; from there, `next` comes back and `finish` finishes."""
        self.stage.step_aside("ground", self._grounding(), "ground")

    def help(self) -> None:
        """Read the ways to answer aloud, and come back."""
        if self._help is None:
            given = asides.help_aloud(self._session.script, self._bed, self._estimate, self._wording)
            self._help = self.stage.taken(given)
        self.stage.step_aside("help", self._help, "help")

    def finish(self) -> None:
        """Go to the closing, from wherever this is."""
        stage = self.stage
        items = self._closing()
        if _in(items, stage.take.course.items, stage.item):
            if not self._come_back("finish"):
                stage.answer("finish")
        elif not items:
            stage.end(_LONG_STOP)
        else:
            aside = stage.scene != "session" or stage.held is not None
            stage.turn(items, None if aside else "finish")
            if self._ladder is not None:
                self._ladder.ends()
            if aside:
                frame = stage.frame
                stage.scene = "session"
                stage.enter(stage.take, lambda at: frame, "finish")

    def stop(self) -> None:
        """Fade out, and be over."""
        self.stage.end(STOP)

    def sleep(self, after: Frames | None) -> None:
        """Fade out and end *after* so many frames; None: do not."""
        self.wake()
        self._sleep_at = None if after is None else self.desk.ring.read + after

    def wake(self) -> None:
        """If the session is falling asleep, do not let it."""
        if self._drowsy is not None:
            self._drowsy = self.stage.over_at = None
            self.stage.hush(1.0, _AWAKE)

    def lost(self, heard: int) -> None:
        """Hold everything: nobody asks for sound any more; output frame *heard* was the last."""
        self._held = self.stage.hold(heard)

    def found(self) -> None:
        """Go on from there, unless it was paused."""
        if not self._held:
            self.stage.play()

    def _fall_asleep(self) -> None:
        self._sleep_at = None
        self._drowsy = self.stage.frame
        self.stage.over_at = self.stage.hush(0.0, SLEEP) + SLEEP

    def _at_end(self) -> None:
        if self.stage.scene == "help":
            self.stage.come_back(None)
        else:
            self.over = True

    def _come_back(self, sound: str) -> bool:
        """If an aside is heard, come back from it; return whether it was."""
        if self.stage.scene == "session":
            return False
        self.stage.come_back(sound)
        return True

    def _climb(self, number: int, sound: str) -> None:
        steps = self._ladder
        assert steps is not None
        if number >= len(steps.rungs):
            self.stage.turn(steps.closing, sound)
            steps.ends()
            return
        first = self.stage.turn((*steps.rung(number), *steps.closing), sound)
        steps.stands(number, first)

    def _closing(self) -> tuple[Item, ...]:
        """Return the closing: what follows the ladder, or the script's last piece."""
        if self._ladder is not None:
            return self._ladder.closing
        script = self._session.script
        last = script.steps[-1:]
        if not last or not isinstance(last[0], Use | Section):
            return ()
        return unroll(replace(script, steps=last), self._session.wishes, self._estimate).items

    def _grounding(self) -> Take:
        if self._ground is None:
            session = self._session
            given = asides.ground(
                session.script, self._shared, session.wishes, self._bed, self._estimate, self._wording
            )
            self._ground = self.stage.taken(given)
            self._kept = False
            self._speech.keep(lines_of(given))
            self._ground.begin(asides.ENTRY, first=False)
        return self._ground

    def _keep_ground(self) -> None:
        """Have the ground's first seconds in memory, as soon as they can be had."""
        ground = self._grounding()
        if not self._kept and ground.known >= asides.ENTRY + _KEPT:
            ground.keep(asides.ENTRY, _KEPT)
            self._kept = True

    def _forget_asides(self) -> None:
        for take in (self._ground, self._help):
            if take is not None and self.stage.scene == "session":
                take.close()
        self._ground = self._help = None

    def _speak(self, line: Line) -> Frames:
        return self._session.clips.get(line.text, line.pace, line.voice).length

    def _cover(self) -> Block:
        louder = self._session.clips.target_lufs - REFERENCE_LUFS
        return cover(self._bed, self._session.palette, louder)

    def _status(self, item: int) -> Status:
        if self.over:
            return "ended"
        if self.stage.over_at is not None:
            return "stopping"
        if self.stage.held is not None:
            return "paused"
        if self.desk.waiting:
            return "waiting"
        if self.stage.scene == "ground":
            return "grounding"
        return "choosing" if self._choices(item) else "playing"

    def _choices(self, item: int) -> tuple[str, ...]:
        if self.stage.scene == "ground":
            return ("next", "finish")
        if self.stage.scene == "session" and self._ladder is not None and self._ladder.asks(item):
            return ("stay", "next", "back", "ground", "finish")
        return ()


def _in(piece: tuple[Item, ...], items: tuple[Item, ...], item: int) -> bool:
    """Return whether the last line up to *item* is one of *piece*."""
    places = {each.where for each in piece if isinstance(each, Line)}
    last = next((each for each in reversed(items[: item + 1]) if isinstance(each, Line)), None)
    return last is not None and last.where in places
