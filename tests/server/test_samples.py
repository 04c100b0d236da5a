from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from functools import partial

import pytest

from tests.waiting import until
from voiceguide.audio import Mono
from voiceguide.errors import BusyError, EngineError, UnknownError
from voiceguide.export.sample import Sample, sample
from voiceguide.script.model import Pace
from voiceguide.server.samples import AT_ONCE, MOST, Samples
from voiceguide.session import Studio
from voiceguide.store import MemoryStore
from voiceguide.voices.engine import Voice
from voiceguide.voices.engines.hum import HumEngine

NAMES = tuple(f"v{number}" for number in range(MOST + 2))


class Choir(HumEngine):
    """Has many voices, which speak when they may; counts who does at once."""

    def __init__(self, *broken: str) -> None:
        self.may = threading.Event()
        self.spoken: list[str] = []
        self.at_once = self.most_at_once = 0
        self._broken = broken
        self._lock = threading.Lock()

    def voices(self) -> tuple[Voice, ...]:
        return tuple(Voice(name, "en") for name in NAMES)

    def speak(self, text: str, voice: str, pace: Pace) -> Mono:
        with self._lock:
            self.spoken.append(voice)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        assert self.may.wait(30)
        with self._lock:
            self.at_once -= 1
        if voice in self._broken:
            raise EngineError("is hoarse")
        return super().speak(text, "low", pace)


@pytest.fixture
def choir() -> Choir:
    return Choir("v0")


@contextmanager
def sampled(choir: Choir, patience: float = 30.0) -> Iterator[Samples]:
    """Serve the samples of *choir*; at the end they may all be spoken."""
    with Studio(store=MemoryStore(), jobs=1, engines=(choir,)) as studio:
        samples = Samples(partial(sample, studio), nullcontext, patience=patience, retry=7)
        try:
            yield samples
        finally:
            choir.may.set()
            samples.close()


def test_a_sample_is_made_once_however_many_ask(choir: Choir) -> None:
    """All who ask have the same bytes, spoken once; who asks later has them too."""
    with sampled(choir) as samples, ThreadPoolExecutor(4) as asking:
        found = [asking.submit(samples.get, "hum/v1") for _ in range(4)]
        until(lambda: choir.spoken)
        choir.may.set()
        assert len({each.result(30).data for each in found}) == 1
        assert samples.get("hum/v1") is found[0].result()
        assert choir.spoken == ["v1"]


def test_few_are_spoken_at_once_and_few_may_wait(choir: Choir) -> None:
    """Beyond a few, who asks is told when to ask again; who waits is served, two voices at a time."""
    with sampled(choir) as samples, ThreadPoolExecutor(MOST) as asking:
        waiting = [asking.submit(samples.get, f"hum/{name}") for name in NAMES[1 : MOST + 1]]
        until(lambda: len(samples._making) == MOST)
        with pytest.raises(BusyError, match="too many voices") as refused:
            samples.get(f"hum/{NAMES[-1]}")
        assert refused.value.seconds == 7
        choir.may.set()
        assert all(isinstance(each.result(30), Sample) for each in waiting)
        assert choir.most_at_once <= AT_ONCE
        assert samples.get(f"hum/{NAMES[-1]}").data


def test_nobody_waits_for_ever(choir: Choir) -> None:
    """Who has waited long enough is told to ask again, and it is there then."""
    with sampled(choir, patience=0.05) as samples:
        with pytest.raises(BusyError, match="still getting ready; try again in 7 seconds"):
            samples.get("hum/v1")
        choir.may.set()
        assert until(lambda: samples._held.find("hum/v1"))
        assert samples.get("hum/v1").data
        assert choir.spoken == ["v1"]


def test_nobody_stands_in_for_a_voice(choir: Choir) -> None:
    """A voice that cannot speak says so, each time it is asked, and no other is heard in its place."""
    choir.may.set()
    with sampled(choir) as samples:
        for _ in range(2):
            with pytest.raises(EngineError, match="is hoarse"):
                samples.get("hum/v0")
        assert choir.spoken == ["v0", "v0"]
        assert samples.get("hum/v1").data


@pytest.mark.parametrize("voice", ["hum/none", "none/v1", "hum/", "/v1", "auto/v1", "hum/../v1", "hum/v1 "])
def test_there_are_samples_of_the_voices_there_are(choir: Choir, voice: str) -> None:
    """What is no voice here has no sample, however it is written, and nothing is kept of the question."""
    with sampled(choir) as samples:
        with pytest.raises(UnknownError, match="there is no voice"):
            samples.get(voice)
        until(lambda: not samples._making)
        assert not choir.spoken


def test_closing_lets_all_go(choir: Choir) -> None:
    """Who waits for what is not begun is sent away, and so is who comes after."""
    with sampled(choir) as samples, ThreadPoolExecutor(MOST) as asking:
        waiting = [asking.submit(samples.get, f"hum/{name}") for name in NAMES[1 : MOST + 1]]
        until(lambda: len(samples._making) == MOST and choir.at_once == AT_ONCE)
        samples.close()
        with pytest.raises(BusyError, match="closing"):
            samples.get(f"hum/{NAMES[-1]}")
        choir.may.set()
        ended = [each.exception(30) for each in waiting]
        assert sum(error is None for error in ended) == AT_ONCE
        assert sum(isinstance(error, BusyError) for error in ended) == MOST - AT_ONCE
