"""The next seconds of output, ready to be copied on the audio thread."""

from __future__ import annotations

from typing import Final

import numpy as np

from voiceguide.audio import CHANNELS, Block, frames

RAMP: Final = frames(0.04)
"""The shortest fade."""

SIZE: Final = frames(8.0)
BRIDGE: Final = frames(4.0)


class Ring:
    """A ring buffer of output frames, written by one thread and copied from by the audio thread.

    Frames before `ready` are valid. The next `RAMP` frames fade into the *bridge*, a loop of the bed that is
    heard when the feeder is late; `underruns` counts how often it was. Nothing here waits: ints and
    references are replaced in one step.
    """

    def __init__(self, start: int = 0) -> None:
        self._frames = np.zeros((SIZE, CHANNELS), np.float32)
        self._bridge = np.zeros((BRIDGE, CHANNELS), np.float32)
        self._gain = np.float32(1.0)
        self.read = start
        self.ready = start
        self.underruns = 0
        self.largest = 0

    def fill(self, out: Block) -> None:
        """Copy the next frames into *out*. Runs on the audio thread: no waiting, no allocation."""
        start, ready = self.read, self.ready
        stop = start + len(out)
        mixed = min(stop, ready + RAMP)
        if start < mixed:
            _copy(self._frames, start, out[: mixed - start])
        if mixed < stop:
            at = max(start, mixed)
            _copy(self._bridge, at, out[at - start :])
            out[at - start :] *= self._gain
        if start <= ready < stop:
            self.underruns += 1
        self.largest = max(self.largest, len(out))
        self.read = stop

    def bridge(self, start: int, count: int) -> Block:
        """Return the bridge at output frames [*start*, *start* + *count*)."""
        return self._bridge[np.arange(start, start + count) % BRIDGE]

    def bridge_with(self, loop: Block) -> None:
        """Use *loop*, shape (`BRIDGE`, 2), as the bridge from now on."""
        self._bridge = np.ascontiguousarray(loop, np.float32)

    def offer(self, start: int, block: Block, tail: Block, gain: float = 1.0) -> bool:
        """As `write`, and return True; if the card may ask for these frames meanwhile, only return False."""
        if self.read + self.largest >= start:
            return False
        self.write(start, block, tail, gain)
        return True

    def write(self, start: int, block: Block, tail: Block, gain: float = 1.0) -> None:
        """Write *block* from output frame *start*, up to which all is ready; *tail* fades into the bridge.

        The bridge is heard at *gain*.
        """
        self._gain = np.float32(gain)
        stop = start + len(block)
        self._put(stop, tail)
        self._put(start, block)
        self.ready = stop

    def _put(self, start: int, block: Block) -> None:
        at = start % SIZE
        first = min(len(block), SIZE - at)
        self._frames[at : at + first] = block[:first]
        self._frames[: len(block) - first] = block[first:]


def _copy(loop: Block, start: int, out: Block) -> None:
    """Copy frames of *loop* from *start* on, going round as often as needed."""
    done = 0
    while done < len(out):
        at = (start + done) % len(loop)
        count = min(len(out) - done, len(loop) - at)
        out[done : done + count] = loop[at : at + count]
        done += count
