"""Keeps the ring filled, and makes changes in it a few hundredths of a second before they are heard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from voiceguide.audio import Block, frames
from voiceguide.playback.device.ring import RAMP, Ring
from voiceguide.playback.montage import Level, Montage, Part, SilentSource, Source
from voiceguide.playback.opening import Opening

AHEAD: Final = frames(4.0)
"""How much is kept ready: longer than any stall of a machine that still works."""

STEP: Final = frames(0.25)
MARGIN: Final = frames(0.02)
"""A change is heard this long plus one of the card's blocks after it is asked for."""

Edit = Callable[[Montage, int], Montage]
"""Returns a montage with a change from an output frame on."""


class Bridge(Struct, frozen=True):
    """The ring's bridge as a source, by output frames."""

    ring: Ring
    known: int = 1 << 62

    def block(self, start: int, count: int) -> Block:
        return self.ring.bridge(start, count)


class Feeder:
    """The montage, and the ring that is written from it; used by one thread.

    It begins with silence, or continues *opening*, which sounds already.
    """

    def __init__(self, volume: float = 1.0, opening: Opening | None = None) -> None:
        self.ring = Ring() if opening is None else opening.ring
        self._bridge = Bridge(self.ring)
        self._due: Part | None = None
        first = Part(0, SilentSource() if opening is None else opening, 0)
        self.montage = Montage((first,), Level.of(volume), Level.of(1.0))
        if opening is None:
            self._write_from(0, STEP)

    @property
    def waiting(self) -> bool:
        """Whether the bridge is heard in place of something that is not ready yet."""
        return self._due is not None

    @property
    def soon(self) -> int:
        """The output frame from which a change made now would be heard."""
        return self._from(MARGIN)

    def place(self, frame: int) -> tuple[Source, int]:
        """Return the source at output *frame*, and its frame there; during the bridge, what comes next."""
        source, at = self.montage.place(frame)
        if source is not self._bridge:
            return source, at
        later = (part for part in self.montage.parts if part.at > frame and part.source is not self._bridge)
        next_one = self._due or next(later, None)
        return (source, at) if next_one is None else (next_one.source, next_one.frame)

    def change(self, edit: Edit) -> int:
        """Apply *edit* as soon as it can be heard; return the output frame at which it begins."""
        margin: int = MARGIN
        while True:
            at = self._from(margin)
            self._reach(at)
            due, before = self._due, self.montage
            self.montage = edit(before, at)
            if self.montage.last is not before.last:
                self._due = None
                self._bridge_gap(at)
            count = min(STEP, self.montage.known - RAMP - at)
            if self.ring.offer(at, self.montage.block(at, count), *self._after(at + count)):
                return at
            self._due, self.montage, margin = due, before, 2 * margin  # too slow: try again further ahead

    def fill(self) -> bool:
        """Write some of what is missing; return whether there is more to write."""
        ring = self.ring
        if self._due is not None and self._due.source.known - self._due.frame > STEP:
            due, self._due = self._due, None
            self.change(lambda montage, at: montage.then(due.source, due.frame, at, due.fade, due.power))
        if ring.ready < ring.read + 2 * ring.largest:
            self._lapse()
        stop = min(ring.ready + STEP, self.montage.known - RAMP)
        if stop > ring.read + AHEAD or stop <= ring.ready:
            return False
        self._write(stop)
        return True

    def restart(self) -> None:
        """Replace everything that is ready by silence. Only while no card asks for sound."""
        at = self.ring.read
        self._due = None
        self.montage = replace(self.montage, parts=(Part(at, SilentSource(), 0),), extras=())
        self._write_from(at, at + STEP)

    def _from(self, margin: int) -> int:
        """Return the output frame at which a change can be heard, never before a pending change."""
        return max(self.ring.read + self.ring.largest + margin, self.montage.last.at)

    def _reach(self, frame: int) -> None:
        """Write the ring up to *frame*, with the bridge where nothing else is known."""
        while self.ring.ready < frame:
            stop = min(frame, self.montage.known - RAMP)
            if stop <= self.ring.ready:
                self._lapse()
            else:
                self._write(stop)

    def _lapse(self) -> None:
        """Fade into the bridge at the end of what is ready; what was playing is due again."""
        at, last = self.ring.ready, self.montage.last
        source, frame = self.montage.place(at)
        if source is not self._bridge:
            self._due = self._due or Part(at, source, frame, frames(0.2))
        elif last.at + last.fade <= at:
            return
        self.montage = self.montage.bridged(self._bridge, at)

    def _bridge_gap(self, at: int) -> None:
        """If the part that begins at *at* is not ready, play the bridge until it is."""
        last = self.montage.last
        if self.montage.known - RAMP <= at:
            self._due = last
            self.montage = self.montage.then(self._bridge, at, at, last.fade)

    def _write(self, stop: int) -> None:
        """Write the ring up to *stop*; if it is too late for that, fade into the bridge."""
        start = max(self.ring.ready, min(self.ring.read, stop))
        if self.montage.place(start)[0] is self._bridge:
            self._write_from(start, stop)  # the bridge is in memory, so it is never late
        elif not self.ring.offer(start, self.montage.block(start, stop - start), *self._after(stop)):
            self._lapse()

    def _write_from(self, start: int, stop: int) -> None:
        self.ring.write(start, self.montage.block(start, stop - start), *self._after(stop))

    def _after(self, stop: int) -> tuple[Block, float]:
        """Return the fade into the bridge from *stop* on, shape (`RAMP`, 2), and the gain of the bridge."""
        bridged = self.montage.bridged(self._bridge, stop)
        return bridged.block(stop, RAMP), bridged.level(stop + RAMP)
