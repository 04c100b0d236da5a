"""Navigation through a session, by lines, chapters and rungs; staying at a rest, and the closing."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from voiceguide.audio import Frames, frames
from voiceguide.plan.items import Chapter, Item, Line, SpeechCue
from voiceguide.plan.unroll import unroll
from voiceguide.playback.climb import Climb
from voiceguide.playback.commands import SKIP
from voiceguide.playback.course import (
    Course,
    View,
    begin,
    chapter_after,
    chapter_before,
    line_after,
    line_before,
)
from voiceguide.playback.earcons import Earcon
from voiceguide.playback.edits import lengthened, reopened, stay_item, stayed
from voiceguide.playback.stage import Stage
from voiceguide.script.model import Section, Use
from voiceguide.session.session import Session

STAY: Final = frames(30.0)
AGAIN: Final = frames(2.0)
"""Going back within this time after a line's start leads to the line before."""

_LONG_STOP: Final = frames(4.0)


class Navigation:
    """Moves *stage* through *session*. A short sound confirms each move."""

    def __init__(self, stage: Stage, session: Session, climb: Climb | None) -> None:
        self._stage = stage
        self._session = session
        self._climb = climb
        if climb is not None:
            stage.reopened = self._reopened

    def line_back(self) -> None:
        """Go to the start of this line, or of the one before; if there is none, go back by `SKIP`."""
        if self._come_back("line back"):
            return
        frame = self._stage.frame
        view = self._stage.take.outlook(lambda entry: entry[1].start >= frame)
        line = line_before(view, frame - AGAIN)
        if line is None:
            self._stage.skip_to(frame - SKIP, "line back")
        else:
            self._stage.go(view, line, "line back")

    def line_on(self) -> None:
        if self._come_back("line on"):
            return
        frame = self._stage.frame
        view = self._stage.take.outlook(
            lambda entry: isinstance(entry[1], SpeechCue) and entry[1].start > frame
        )
        item = line_after(view, frame)
        if item is None:
            self._stage.answer("no")
        else:
            self._stage.go(view, item, "line on")

    def next(self) -> None:
        """Go on to the next rung or chapter; from an aside, come back."""
        if self._come_back("next"):
            return
        rung = self._rung()
        if rung is not None:
            self._climb_to(rung + 1, "next")
            return
        chapter = chapter_after(self._stage.take.course.items, self._stage.item)
        if chapter is None:
            self._stage.answer("no")
        else:
            self._stage.go(self._stage.sight(chapter), chapter, "next")

    def back(self) -> None:
        """Go back to the rung before; without a ladder, to the start of this chapter or of the one before."""
        if self._come_back("back"):
            return
        rung = self._rung()
        if rung is not None:
            self._climb_to(max(0, rung - 1), "back")
            return
        frame, items = self._stage.frame, self._stage.take.course.items
        view = self._stage.take.outlook(lambda entry: entry[1].start > frame)
        chapter = chapter_before(items, self._stage.item)
        if chapter is not None and frame - begin(view, chapter) < 2 * AGAIN:
            chapter = chapter_before(items, chapter - 1)
        self._stage.go(view, 0 if chapter is None else chapter, "back")

    def chapter(self, number: int) -> None:
        """Go to chapter *number*, counted from 0."""
        items = self._stage.take.course.items
        chapters = [item for item, each in enumerate(items) if isinstance(each, Chapter)]
        if 0 <= number < len(chapters):
            self._stage.go(self._stage.sight(chapters[number]), chapters[number], "next")
        else:
            self._stage.answer("no")

    def seek(self, frame: int, sound: Earcon = "line on") -> None:
        """Go to *frame* of the session; a paused session stays paused."""
        self._stage.skip_to(frame, sound)

    def skip(self, by: int) -> None:
        """Go *by* frames on, back where negative. Past the end it acts as `next`, which ends no session."""
        if self._come_back("skip on" if by > 0 else "skip back"):
            return
        to = self._stage.frame + by
        if to >= self._stage.take.length:
            self.next()
        else:
            self.seek(to, "skip on" if by > 0 else "skip back")

    def stay(self, extra: Frames = STAY) -> None:
        """Make this rest, or the next, *extra* frames longer; where a ladder asks, stay at the rung."""
        stage = self._stage
        if stage.scene != "session":
            stage.answer("stay")
        elif self._climb is not None and self._climb.asks(stage.item):
            number = self._climb.at(stage.item) or 0
            first = stage.turn((*self._climb.stay(number), *self._climb.closing), "stay")
            self._climb.stays(number, first)
        else:
            rest = stay_item(stage.take.course.items, stage.item)
            view = stage.take.view
            if any(item > rest for item, _ in view):
                stage.replace(stayed(stage.take.course, view, stage.frame, extra), "stay")
            else:  # its start is unknown: lines before it are still to be spoken
                stage.replace(lengthened(stage.here(), rest, extra), "stay")

    def finish(self) -> None:
        """Go to the closing from anywhere; without a closing, fade out and end."""
        stage = self._stage
        items = self._closing()
        if self._closes(items):
            if self._come_back("finish"):
                return
            if stage.held is not None:
                stage.play()
            stage.answer("finish")
        elif not items:
            stage.end(_LONG_STOP, "finish")
        else:
            aside = stage.scene != "session" or stage.held is not None
            first = stage.turn(items, None if aside else "finish")
            if self._climb is not None:
                self._climb.ends(first)
            if aside:
                frame = stage.frame
                stage.scene = "session"
                stage.enter(stage.take, lambda at: frame, "finish")

    @property
    def climbs(self) -> bool:
        """Whether the session is a ladder."""
        return self._climb is not None

    def asks(self, item: int) -> bool:
        """Return whether a ladder waits for an answer at *item*."""
        return self._climb is not None and self._climb.asks(item)

    def _come_back(self, sound: Earcon) -> bool:
        """If an aside is heard, return to the session; return whether one was heard."""
        if self._stage.scene == "session":
            return False
        self._stage.come_back(sound)
        return True

    def _rung(self) -> int | None:
        """Return the rung that the listener is on, if any."""
        return None if self._climb is None else self._climb.at(self._stage.item)

    def _climb_to(self, number: int, sound: Earcon) -> None:
        climb = self._climb
        assert climb is not None
        if number >= len(climb.rungs):
            climb.ends(self._stage.turn(climb.closing, sound))
            return
        first = self._stage.turn((*climb.rung(number), *climb.closing), sound)
        climb.stands(number, first)

    def _reopened(self, given: Course, view: View, item: int) -> Course:
        """Return *given* after a move to *item*: a ladder asks again the questions answered after it."""
        again = None if self._climb is None else self._climb.again(item)
        if again is None:
            return given
        first, items = again
        whole = (*given.items[:first], *self._stage.tuned(items))
        return reopened(given, view, item, whole, self._session.clips.estimate)

    def _closes(self, closing: tuple[Item, ...]) -> bool:
        """Return whether the listener is in the *closing* already."""
        if self._climb is not None:
            return self._climb.closes(self._stage.item)
        start = _start(closing, self._stage.take.course.items)
        return start is not None and self._stage.item >= start

    def _closing(self) -> tuple[Item, ...]:
        """Return the closing: what follows the ladder, or the script's last piece; () if there is none."""
        if self._climb is not None:
            return self._climb.closing
        script = self._session.script
        last = script.steps[-1:]
        if len(script.steps) < 2 or not isinstance(last[0], Use | Section):
            return ()
        return unroll(replace(script, steps=last), self._session.wishes, self._session.clips.estimate).items


def _start(piece: tuple[Item, ...], items: tuple[Item, ...]) -> int | None:
    """Return the index in *items* of the *piece* at their end: of its first line, else its first chapter."""
    lines = (each for each in piece if isinstance(each, Line))
    chapters = (each for each in piece if isinstance(each, Chapter))
    first: Item | None = next(lines, next(chapters, None))
    if first is None:
        return None
    name = _name(first)
    places = [place for place, each in enumerate(items) if _name(each) == name]
    count = [_name(each) for each in piece].count(name)
    return places[-count] if len(places) >= count else None


def _name(item: Item) -> object:
    """Return a key of *item*, equal in all sessions of its script; None if it is no line or chapter."""
    return item.where if isinstance(item, Line) else item if isinstance(item, Chapter) else None
