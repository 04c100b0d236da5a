"""The take that is heard, and changes from one take to another without a click."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Literal

from msgspec.structs import replace

from voiceguide.audio import frames
from voiceguide.plan.items import Item, SpeechCue
from voiceguide.plan.unroll import LEAD_IN
from voiceguide.playback.course import (
    Course,
    Heard,
    View,
    begin,
    cut,
    item_at,
    line_at,
    line_before,
    quiet_before,
)
from voiceguide.playback.device.ring import RAMP
from voiceguide.playback.earcons import Earcon, earcon
from voiceguide.playback.edits import turned
from voiceguide.playback.feeder import STEP, Feeder
from voiceguide.playback.montage import Montage, SilentSource
from voiceguide.playback.resuming import BEFORE_LINE, EARLIER, LONG_AGO
from voiceguide.playback.take import AHEAD, Take
from voiceguide.session.performance import Sounds

PAUSE: Final = frames(0.06)
CHANGE: Final = frames(0.15)
STOP: Final = frames(1.5)
SLEEP: Final = frames(20.0)
"""The fades of a pause, of a change to another version, of a stop, and of falling asleep."""

ENTRY: Final = LEAD_IN
"""The frame at which an aside is entered: past the fade with which every session begins."""

BREATH: Final = frames(0.7)
"""The silence between a session that is broken off and the items put in."""

_READY_SECONDS: Final = 0.08

Scene = Literal["session", "ground", "help"]


class Stage:
    """Plays the session, `take`. In another `scene` an aside is heard, and the session was left at `left`.

    `current` is the take that is heard, or will be after a pause. During a pause, `held` is the take that
    goes on afterwards, and its frame. `tuned` returns new items with the bed and the voice that the listener
    has chosen. `reopened` returns the course that holds after a move to an item.
    """

    def __init__(self, feeder: Feeder, sounds: Sounds, first: Course, woken: Callable[[], None]) -> None:
        self.feeder = feeder
        self.scene: Scene = "session"
        self.left = 0
        self.held: tuple[Take, int] | None = None
        self.over_at: int | None = None
        self.tuned: Callable[[Sequence[Item]], Sequence[Item]] = lambda items: items
        self.reopened: Callable[[Course, View, int], Course] = lambda given, view, item: given
        self._sounds = sounds
        self._woken = woken
        self.take = self.current = self.taken(first)

    def taken(self, given: Course) -> Take:
        return Take(given, self._sounds, self._woken)

    @property
    def frame(self) -> int:
        """The frame of the session at which a change made now would be heard."""
        if self.scene != "session":
            return self.left
        if self.held is not None:
            return self.held[1]
        source, frame = self.feeder.place(self.feeder.soon)
        return frame if source is self.take else self.left

    @property
    def item(self) -> int:
        """The item at `frame`."""
        return item_at(self.take.view, self.frame)

    def sight(self, item: int) -> tuple[Heard, ...]:
        """Return the cues at least up to where *item* begins; those not settled are estimated."""
        return self.take.outlook(lambda entry: entry[0] >= item)

    def here(self) -> Course:
        """Return the course in which everything that has begun is fixed, and the rest is open."""
        item = self.item + 1
        return cut(self.take.course, self.sight(item), item)

    def answer(self, sound: Earcon) -> None:
        """Play *sound*, to confirm a command."""
        self.feeder.change(lambda montage, at: montage.plus(earcon(sound), at))

    def enter(
        self,
        take: Take,
        frame: Callable[[int], int],
        sound: Earcon | None,
        fade: int = CHANGE,
        power: bool = True,
        eager: bool = True,
    ) -> None:
        """Change to *take*, from the frame that *frame* returns for an output frame.

        Unless *eager*, only lines that are needed at once are spoken.
        """
        expected = frame(self.feeder.soon)
        take.begin(expected, first=eager, ahead=AHEAD if eager else 2 * STEP)
        take.ready(expected + STEP + RAMP, _READY_SECONDS)
        self.held = None
        self.current = take

        def edit(montage: Montage, at: int) -> Montage:
            changed = montage.then(take, frame(at), at, fade, power)
            return changed if sound is None else changed.plus(earcon(sound), at)

        self.feeder.change(edit)

    def replace(self, given: Course, sound: Earcon | None, fade: int = CHANGE) -> None:
        """Go on with *given* at the same frame."""
        old, frame = self.take, self.frame
        self.take = self.taken(given)
        if self.scene == "session" and self.held is None:
            self.enter(self.take, lambda at: self._same(old, at, frame), sound, fade, power=False)
        else:
            self.take.begin(frame)
            if self.held is not None and self.held[0] is old:
                self.held = self.take, frame
            if sound is not None:
                self.answer(sound)
        old.close()

    def _same(self, old: Take, at: int, frame: int) -> int:
        source, place = self.feeder.place(at)
        return place if source is old or source is self.take else frame

    def redo(self, edit: Callable[[Course], Course], fade: int = CHANGE) -> Take:
        """Change the aside that is heard by *edit*, go on at the same frame, and return the new take."""
        old = self.current
        source, frame = self.held or self.feeder.place(self.feeder.soon)
        frame = frame if source is old else ENTRY
        item = item_at(old.view, frame) + 1
        new = self.taken(edit(cut(old.course, old.outlook(lambda entry: entry[0] >= item), item)))
        if self.held is None:
            self.enter(new, lambda at: self._same(old, at, frame), None, fade, power=False)
        else:
            new.begin(frame)
            self.held, self.current = (new, frame), new
        old.close()
        return new

    def retake(self, given: Course) -> None:
        """Make *given* the session; it is heard once it is entered."""
        self.take.close()
        self.take = self.taken(given)

    def land(self, view: View, item: int, frame: int) -> None:
        """Make *frame*, where *item* is in *view*, part of the session; it is settled anew if needed."""
        given = self.reopened(self.take.course, view, item)
        if given is not self.take.course or self.take.known <= frame + RAMP or self._estimated(item):
            self.retake(cut(given, view, item))

    def _estimated(self, item: int) -> bool:
        """Return whether a fixed line from *item* on has an estimated length."""
        known = self._sounds.speech.known
        return any(
            place >= item and isinstance(cue, SpeechCue) and known(cue.line) != cue.length
            for place, cue in self.take.course.heard
        )

    def go(self, view: View, item: int, sound: Earcon | None) -> None:
        """Go to where *item* begins in *view*; the session is settled anew from there if needed."""
        start = begin(view, item)
        to = max(0, start - BEFORE_LINE, quiet_before(view, item))
        self.land(view, item, start)
        self.scene = "session"
        self.enter(self.take, lambda at: to, sound, max(RAMP, min(CHANGE, start - to)))

    def wait_at(self, frame: int, sound: Earcon | None) -> None:
        """During a pause, make the session go on at *frame* afterwards."""
        self.take.begin(frame)
        self.held = self.take, frame
        self.current = self.take
        if sound is not None:
            self.answer(sound)

    def turn(self, items: tuple[Item, ...], sound: Earcon | None) -> int:
        """Break off and go on with *items*; return the position of the first of them."""
        view = self.sight(self.item + 1)
        made = turned(
            self.take.course, view, self.frame, self.tuned(items), BREATH, self._sounds.clips.estimate
        )
        self.replace(made, sound)
        return made.next

    def pause(self) -> None:
        def edit(montage: Montage, at: int) -> Montage:
            source, frame = self.feeder.place(at)
            if isinstance(source, Take):
                self.held = source, frame
            return montage.then(SilentSource(), 0, at, PAUSE).plus(earcon("pause"), at)

        if self.held is None:
            self.feeder.change(edit)

    def hold(self, heard: int) -> bool:
        """Pause at once, at output frame *heard*; return whether it was paused already.

        A line that is broken off there will be heard again from its start.
        """
        already = self.held is not None
        source, frame = self.feeder.place(heard)
        # If the bridge was heard, or a change was about to be, the take that comes next goes on.
        if source is not self.current:
            source, frame = self.feeder.place(self.feeder.soon)
        if not already and isinstance(source, Take):
            line = line_at(source.view, frame)
            self.held = source, frame if line is None else max(0, line - BEFORE_LINE)
        self.feeder.restart()
        return already

    def play(self) -> None:
        if self.held is not None:
            take, frame = self.held
            self.enter(take, lambda at: frame, "play", PAUSE)

    def step_aside(self, scene: Scene, aside: Take, sound: Earcon) -> None:
        """Leave the session for *aside*."""
        self.left = self.frame
        self.scene = scene
        self.enter(aside, lambda at: ENTRY, sound)

    def come_back(self, sound: Earcon | None) -> None:
        """Return to the session, to the start of the line at which it was left."""
        view = self.take.view
        line = line_before(view, self.left)
        self.held = None
        if line is None or self.left - begin(view, line) > LONG_AGO:
            self.skip_to(self.left - EARLIER, sound)
        else:
            self.go(view, line, sound)

    def take_up(self, item: int, since: int) -> None:
        """Begin *since* frames into *item*, at most where the next item begins."""
        view = self.take.outlook(lambda entry: entry[0] > item)
        if since:
            self.skip_to(min(begin(view, item) + since, begin(view, item + 1) - BEFORE_LINE))
        else:
            self.go(view, item, None)

    def skip_to(self, frame: int, sound: Earcon | None = None) -> None:
        """Go to *frame* of the session, now or after the pause."""
        to = max(0, min(frame, self.take.length - 1))
        view = self.take.outlook(lambda entry: entry[1].start > to)
        # A word over a breath that sounds there is settled anew too.
        sounding = (
            place
            for place, cue in view
            if isinstance(cue, SpeechCue) and cue.start <= to < cue.start + cue.length
        )
        self.land(view, max(0, min((item_at(view, to), *sounding))), to)
        self.scene = "session"
        if self.held is not None:
            self.wait_at(to, sound)
        else:
            self.enter(self.take, lambda at: to, sound)

    def put_back(self, scene: Scene, take: Take, frame: int, *, paused: bool) -> None:
        """Go on in *scene* with *take* at *frame*, at once or, if *paused*, after the pause."""
        self.scene = scene
        if not paused:
            self.enter(take, lambda at: frame, None)
            return
        take.begin(frame)
        self.held, self.current = (take, frame), take
        self.feeder.change(lambda montage, at: montage.then(SilentSource(), 0, at, PAUSE))

    def end(self, fade: int, sound: Earcon) -> None:
        """Fade out over *fade* frames, and end then."""
        if self.scene == "session":
            self.left = self.frame
        self.held = None
        at = self.feeder.change(
            lambda montage, at: montage.then(SilentSource(), 0, at, fade).plus(earcon(sound), at)
        )
        self.over_at = at + fade

    def hush(self, value: float, fade: int) -> int:
        """Fade the whole output to the gain *value* over *fade* frames; return the first output frame."""
        return self.feeder.change(lambda montage, at: replace(montage, hush=montage.hush.to(value, at, fade)))
