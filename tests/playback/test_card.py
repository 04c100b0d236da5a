from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from voiceguide.audio import Block
from voiceguide.errors import DeviceMissing, SinkError
from voiceguide.playback.device.card import CHUNK, RAMP, DeviceSink, Lateness, OutputStream, open_stream


class Tape:
    """A sound card that keeps what it is given. Before each writing it calls `before` with what it has."""

    def __init__(self, before: Callable[[int], None] = lambda _: None) -> None:
        self.heard: list[Block] = []
        self.said: list[str] = []
        self._before = before

    def write(self, data: Block) -> None:
        self._before(len(self.heard))
        self.heard.append(data)

    def stop(self) -> None:
        self.said.append("stop")

    def close(self) -> None:
        self.said.append("close")

    def all(self) -> Block:
        return np.concatenate(self.heard)


def ones(count: int) -> Block:
    return np.ones((count, 2), np.float32)


def play(tape: OutputStream, blocks: Iterator[Block]) -> None:
    DeviceSink(opener=lambda _: tape).take(blocks)


def test_everything_is_played_and_ends_softly() -> None:
    """All frames are handed over in order, only the last 30 ms changed, and waited for."""
    tape = Tape()
    sound = np.random.default_rng(1).uniform(-1, 1, (3 * CHUNK + 17 + RAMP, 2)).astype(np.float32)
    play(tape, iter([sound[:1000], sound[1000:1000], sound[1000:]]))
    heard = tape.all()
    assert len(heard) == len(sound)
    assert np.array_equal(heard[: -RAMP - 100], sound[: -RAMP - 100])
    assert not heard[-1].any()
    assert tape.said == ["stop", "close"]


@pytest.mark.parametrize("where", ["writing", "making"])
def test_ctrl_c_stops_softly(where: str) -> None:
    """Ctrl-C, wherever it falls, ends the sound with a ramp of 30 ms, stops the makers and passes on."""
    closed = False

    def interrupt(written: int) -> None:
        if where == "writing" and written == 2:
            tape.heard.append(ones(0))  # only once
            raise KeyboardInterrupt

    tape = Tape(interrupt)

    def blocks() -> Iterator[Block]:
        nonlocal closed
        try:
            for number in range(10):
                if where == "making" and number == 4:
                    raise KeyboardInterrupt
                yield ones(CHUNK)
        finally:
            closed = True

    with pytest.raises(KeyboardInterrupt):
        play(tape, blocks())
    last = tape.heard[-1]
    assert len(last) == RAMP
    assert last[0, 0] == 1
    assert (np.diff(last[:, 0]) < 0).all()
    assert last[-1, 0] == 0
    assert closed
    assert tape.said[-1] == "close"


def test_nothing_to_play() -> None:
    """No blocks are no error."""
    tape = Tape()
    play(tape, iter(()))
    assert tape.heard == []
    assert tape.said == ["stop", "close"]


def test_a_fault_while_making_closes_the_card() -> None:
    """A fault of the makers reaches the caller, and the card is given back."""

    def blocks() -> Iterator[Block]:
        yield ones(CHUNK)
        raise RuntimeError("no more")

    tape = Tape()
    with pytest.raises(RuntimeError):
        play(tape, blocks())
    assert tape.said == ["close"]


def test_a_card_that_goes_away() -> None:
    """A card that is pulled out is one sentence."""

    class PortAudioError(Exception):
        pass

    def pulled(written: int) -> None:
        raise PortAudioError("Device unavailable")

    with pytest.raises(SinkError, match="the audio device stopped: Device unavailable"):
        play(Tape(pulled), iter([ones(3 * CHUNK)]))


def test_a_device_that_does_not_exist() -> None:
    """Asking for a device that is not here says what to do instead."""
    with pytest.raises(DeviceMissing, match=r"`?render`?"):
        open_stream("no such device, surely")


@pytest.mark.parametrize(
    ("asked", "late"),
    [
        ((0.0, 0.0, 0.04, 0.08, 0.12), 0),
        ((0.0, 0.0, 0.04, 0.18, 0.18, 0.18), 0),  # late, but the card had something left
        ((0.0, 0.0, 0.0, 1.7, 1.74, 1.78), 0),  # the card has only begun
        ((0.0, 0.04, 0.5, 0.5, 0.5, 0.54), 1),
        ((0.0, 0.04, 0.5, 0.5, 0.5, 0.54, 0.9, 0.9, 0.94), 2),
    ],
)
def test_lateness(asked: tuple[float, ...], late: int) -> None:
    """A card was empty if nobody asked for longer than it holds, and then for several blocks at once."""
    times = iter(asked)
    lateness = Lateness(lambda: 100.0 + next(times))
    for _ in asked:
        lateness.asked(0.04, 0.15)
    assert lateness.count == late
