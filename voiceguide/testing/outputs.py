"""Fake outputs, and the contract of every output.

A test class for an output derives from `OutputContract`. `FakeOutput` takes blocks; `FetchingOutput` serves
them at an address, to show that a player need not know the difference.
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, HTTPServer

import numpy as np

from voiceguide.audio import CHANNELS, Block, frames
from voiceguide.errors import DeviceMissing, SinkError
from voiceguide.playback.device.ring import Ring
from voiceguide.playback.outputs import Fill, OpenOutput, Output

PATIENCE_SECONDS = 20.0


class FakeSound:
    """An open output that asks for frames only when `pull` is called, far faster than a card would.

    Its time stands still while the player hands over frames, as that takes almost no time beside a card's.
    """

    latency = 0.0
    underflows = 0

    def __init__(self, fill: Fill) -> None:
        self.active = True
        self.closed = False
        self.heard: list[Block] = []
        self._fill = fill
        self._still = threading.Lock()
        ring = getattr(fill, "__self__", None)  # a player's ring; another fill needs no lock
        if isinstance(ring, Ring):
            self._offer = ring.offer
            ring.offer = self._handed_over  # type: ignore[method-assign]

    def _handed_over(self, start: int, block: Block, tail: Block, gain: float = 1.0) -> bool:
        with self._still:
            return self._offer(start, block, tail, gain)

    def pull(self, count: int) -> Block:
        """Ask for the next *count* frames, and return them, shape (count, 2); silence once closed."""
        out = np.zeros((count, CHANNELS), np.float32)
        with self._still:
            if not self.closed:
                self._fill(out)
        self.heard.append(out)
        return out

    def close(self) -> None:
        with self._still:
            self.active, self.closed = False, True


class FakeOutput:
    """A fake output. `outputs` are those opened, newest last; while `missing` is set, opening fails."""

    where = "the sound device"

    def __init__(self) -> None:
        self.outputs: list[FakeSound] = []
        self.missing = False

    def open(self, fill: Fill) -> OpenOutput:
        if self.missing:
            raise DeviceMissing("no audio device here")
        self.outputs.append(FakeSound(fill))
        return self.outputs[-1]

    def reopen(self, fill: Fill) -> OpenOutput:
        return self.open(fill)

    def close(self) -> None:
        """There is nothing to release."""


class Fetching(FakeSound):
    """A device that fetches frames from `address`, as many as `pull` asks for."""

    def __init__(self, fill: Fill) -> None:
        super().__init__(fill)
        served = super().pull

        class Live(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                sound = served(int(self.path.rpartition("/")[2])).tobytes()
                self.send_response(200)
                self.send_header("Content-Length", str(len(sound)))
                self.end_headers()
                self.wfile.write(sound)

            def log_message(self, format: str, *args: object) -> None:
                """Log nothing."""

        self._server = HTTPServer(("127.0.0.1", 0), Live)
        self.address = f"127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def pull(self, count: int) -> Block:
        line = HTTPConnection(self.address, timeout=PATIENCE_SECONDS)
        line.request("GET", f"/live/{count}")
        sound = line.getresponse().read()
        line.close()
        return np.frombuffer(sound, np.float32).reshape(-1, CHANNELS)

    def close(self) -> None:
        super().close()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class FetchingOutput(FakeOutput):
    """An output that serves its sound at an address, for a device to fetch."""

    where = "a device that fetches"

    def open(self, fill: Fill) -> OpenOutput:
        self.outputs.append(Fetching(fill))
        return self.outputs[-1]


class RisingSource:
    """Fills blocks with values that tell their frames apart, and counts the frames."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._asked = threading.Condition()

    @property
    def count(self) -> int:
        return sum(map(len, self.blocks))

    def fill(self, out: Block) -> None:
        with self._asked:
            first = self.count
            out[:] = ramp(first, len(out))
            self.blocks.append(out.copy())
            self._asked.notify_all()

    def until(self, count: int) -> None:
        """Wait until *count* frames have been asked for."""
        with self._asked:
            assert self._asked.wait_for(lambda: self.count >= count, PATIENCE_SECONDS), "it does not ask"


def ramp(start: int, count: int) -> Block:
    """Return frames [*start*, *start* + *count*) of a `RisingSource`, shape (count, 2)."""
    values = (np.arange(start, start + count) % 4096) / np.float32(8192)
    return np.repeat(values.astype(np.float32)[:, None], CHANNELS, axis=1)


class OutputContract(ABC):
    """What a player relies on. A derived class called ``Test...`` runs each rule in pytest."""

    enough = frames(0.2)

    @abstractmethod
    def output(self) -> Output:
        """Return a new output, which can be opened."""

    def passes(self, opened: OpenOutput) -> None:  # noqa: B027  # for most, time passes by itself
        """Let `enough` time pass."""

    def absent(self) -> Output | None:
        """Return an output that cannot be opened, or None if there is no such state."""
        return None

    def heard(self, opened: OpenOutput) -> Block | None:
        """Return what was heard of *opened*, now closed, to 16 bits at least; None if that is unknown."""
        return None

    def opened(self, output: Output, ramp: RisingSource) -> OpenOutput:
        """Return *output* opened, once it has asked for `enough` frames."""
        made = output.open(ramp.fill)
        self.passes(made)
        ramp.until(self.enough)
        return made

    def test_it_asks_for_blocks(self) -> None:
        """It asks for float32 of shape (frames, 2), and reports its latency and that it is active."""
        asked = RisingSource()
        made = self.opened(self.output(), asked)
        assert made.active
        assert 0.0 <= made.latency < 60.0
        assert made.underflows >= 0
        made.close()
        assert all(block.dtype == np.float32 and block.shape[1:] == (CHANNELS,) for block in asked.blocks)

    def test_what_is_written_is_heard(self) -> None:
        """Every frame asked for is heard once, in order, and nothing else before the end."""
        made = self.opened(self.output(), asked := RisingSource())
        made.close()
        sound = self.heard(made)
        if sound is not None:
            assert len(sound) == asked.count
            assert np.allclose(sound, ramp(0, len(sound)), atol=1 / 32768)

    def test_closed_it_asks_no_more(self) -> None:
        """Once closed it asks for nothing, even while another output does; closing it again is harmless."""
        output, first, second = self.output(), RisingSource(), RisingSource()
        made = self.opened(output, first)
        made.close()
        count = first.count
        other = self.opened(self.output(), second)
        assert not made.active
        assert first.count == count
        made.close()
        other.close()
        output.close()

    def test_it_says_where_it_is(self) -> None:
        """`where` is a phrase for a sentence, and an output that was never opened can be closed."""
        output = self.output()
        assert output.where.strip() == output.where != ""
        assert "\n" not in output.where
        output.close()

    def test_where_it_is_not_there(self) -> None:
        """Opening it raises a one-line error, and it can still be closed."""
        output = self.absent()
        if output is None:
            return
        sentence = ""
        try:
            output.open(RisingSource().fill)
        except SinkError as error:
            sentence = str(error)
        assert sentence, "it opens what is not there"
        assert "\n" not in sentence
        output.close()
