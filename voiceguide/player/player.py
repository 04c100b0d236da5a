"""A session played here: one thread feeds the sound card and obeys; anybody may ask it to, and look."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from voiceguide.audio import Block, Frames, frames
from voiceguide.mix import REFERENCE_LUFS
from voiceguide.player.course import Course, course
from voiceguide.player.cover import cover
from voiceguide.player.desk import Desk
from voiceguide.player.earcons import earcon
from voiceguide.player.programme import Programme, Silence
from voiceguide.player.speech import Speech
from voiceguide.player.take import Sounds, Take
from voiceguide.sinks.device import Fill, Output
from voiceguide.studio.session import Session
from voiceguide.timeline.items import Line

CHANGE: Final = frames(0.2)
STOP: Final = frames(1.5)
PAUSE: Final = frames(0.06)
"""How long a change, a stop, and going and coming at a pause take."""

POLL_SECONDS: Final = 0.03

Open = Callable[[Fill], Output]


@dataclass(frozen=True, slots=True)
class Now:
    """What a listener would want to know. Times are in frames of the session."""

    status: str = "starting"
    position: Frames = Frames(0)
    length: Frames = Frames(0)
    volume: float = 1.0
    underruns: int = 0
    note: str = ""

    @property
    def remaining(self) -> Frames:
        return Frames(max(0, self.length - self.position))


class Player:
    """Plays *session* on what *open_card* opens. Commands may come from any thread and return at once."""

    def __init__(
        self, session: Session, open_card: Open, *, volume: float = 1.0, start: Frames = Frames(0)
    ) -> None:
        self.now = Now(length=session.length, volume=volume)
        self.failure: Exception | None = None
        self._session = session
        self._open = open_card
        self._start = start
        self._desk = Desk(volume)
        self._volume = volume
        self._commands: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._woken = threading.Event()
        self._ended = threading.Event()
        self._watchers: list[Callable[[Now], None]] = []
        self._sounds = Sounds(
            session.clips, session.palette, Speech(self._speak, session.speakers, session.encoders)
        )
        self._held: tuple[Take, int] | None = None
        self._over_at: int | None = None
        self._card: Output | None = None
        self._take = self._taken(course(session.timeline, session.length, session.clips.estimate))

    def open(self) -> None:
        """Begin to play; returns as soon as the card asks for sound.

        Raises:
            DeviceMissing: if there is no sound card.
        """
        self._card = self._open(self._desk.ring.fill)
        threading.Thread(target=self._run, name="feed", daemon=True).start()

    def wait(self, timeout: float | None = None) -> bool:
        """Return whether playing is over, after at most *timeout* seconds."""
        return self._ended.wait(timeout)

    def watch(self, watcher: Callable[[Now], None]) -> None:
        """Call *watcher* with what is new, on the player's thread: it must not wait."""
        self._watchers.append(watcher)

    def toggle(self) -> None:
        """Pause, or go on."""
        self._post(self._toggle)

    def stop(self) -> None:
        """Fade out and end."""
        self._post(self._stop)

    def close(self) -> None:
        """Give everything back; call it last, from one thread."""
        self._ended.set()
        self._woken.set()
        self._sounds.speech.stop()
        self._take.close()
        if self._card is not None:
            self._card.close()

    # From here on, everything runs on the feeding thread.

    def _run(self) -> None:
        try:
            self._desk.ring.cover_with(self._cover())
            self._take.begin(self._start)
            self._desk.change(lambda programme, at: programme.then(self._take, self._start, at, PAUSE))
            while not self._ended.is_set():
                self._woken.clear()
                self._obey()
                while self._desk.fill() and self._commands.empty():
                    pass
                self._look()
                self._woken.wait(POLL_SECONDS)
        except Exception as failure:  # told to whoever waits: this is no thread of theirs
            self.failure = failure
        self._ended.set()

    def _obey(self) -> None:
        while not self._commands.empty():
            self._commands.get()()

    def _post(self, command: Callable[[], None]) -> None:
        self._commands.put(command)
        self._woken.set()

    def _heard(self) -> int:
        """Return the output frame that is heard now."""
        late = frames(self._card.latency) if self._card is not None else 0
        return max(0, self._desk.ring.read - late)

    def _look(self) -> None:
        heard = self._heard()
        source, frame = self._desk.place(heard)
        if self._take.failure is not None:
            raise self._take.failure
        if source is self._take:
            self._take.want(frame)
            if frame >= self._take.length:
                self._ended.set()
            self.now = replace(self.now, status="playing", position=Frames(min(frame, self._take.length)))
        elif self._held is not None:
            self.now = replace(self.now, status="paused")
        if self._over_at is not None and heard >= self._over_at:
            self._ended.set()
        self.now = replace(self.now, underruns=self._desk.ring.underruns)
        for watcher in self._watchers:
            watcher(self.now)

    def _toggle(self) -> None:
        if self._held is None:
            self._desk.change(self._pausing)
        else:
            take, frame = self._held
            self._held = None
            self._desk.change(
                lambda programme, at: programme.then(take, frame, at, PAUSE).plus(earcon("play"), at)
            )

    def _pausing(self, programme: Programme, at: int) -> Programme:
        self._held = self._take, self._desk.place(at)[1]
        return programme.then(Silence(), 0, at, PAUSE).plus(earcon("pause"), at)

    def _stop(self) -> None:
        at = self._desk.change(lambda programme, at: programme.then(Silence(), 0, at, STOP))
        self._over_at = at + STOP

    def _taken(self, given: Course) -> Take:
        return Take(given, self._sounds, self._woken.set)

    def _speak(self, line: Line) -> Frames:
        return self._session.clips.get(line.text, line.pace, line.voice).length

    def _cover(self) -> Block:
        louder = self._session.clips.target_lufs - REFERENCE_LUFS
        return cover(self._session.timeline.bed, self._session.palette, louder)
