from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any

import pytest

from tests.plan.build import line
from tests.waiting import until
from voiceguide.audio import Frames
from voiceguide.errors import EngineError
from voiceguide.plan.items import Line
from voiceguide.session.speech import Speech


def lines(first: int, count: int) -> list[Line]:
    return [line(index, index + 1) for index in range(first, first + count)]


class Mouth:
    """Speaks when it is let: `go` lets one line through."""

    def __init__(self) -> None:
        self.said: list[int] = []
        self.opened = threading.Event()
        self._lets = threading.Semaphore(0)

    def speak(self, given: Line) -> Frames:
        self.opened.set()
        self._lets.acquire()
        self.said.append(given.index)
        return Frames(given.index)

    def go(self, count: int = 1) -> None:
        self._lets.release(count)


class Later(Executor):
    """Does its work when it is told to, on the caller's thread."""

    def __init__(self) -> None:
        self._work: list[Callable[[], object]] = []

    def submit(self, task: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        self._work.append(lambda: done.set_result(task(*args, **kwargs)))
        return done

    def work(self) -> None:
        while self._work:
            self._work.pop()()


def waited_for(speech: Speech, mouth: Mouth, waiters: Executor) -> Future[Frames]:
    """Have five lines spoken, and when the first is begun, somebody wait for another, number 30."""
    speech.want(lines(0, 5))
    assert mouth.opened.wait(10.0)
    waiting = waiters.submit(speech.length, line(30, 31))
    until(lambda: any(each.index == 30 for each in speech._wanted))
    return waiting


def test_lines_are_spoken_once_in_the_order_wanted() -> None:
    """Lines are spoken in order, each once, the kept ones after the first two; the last wish counts."""
    mouth, pool = Mouth(), Later()
    mouth.go(100)
    speech = Speech(mouth.speak, pool, 1)
    speech.want(lines(50, 9))
    speech.keep(lines(20, 2))
    speech.want(lines(0, 5))
    assert speech.known(line(3, 4)) is None
    pool.work()
    assert mouth.said == [0, 1, 20, 21, 2, 3, 4]
    assert speech.length(line(4, 5)) == speech.known(line(4, 5)) == 4
    speech.want([*lines(3, 3), *lines(5, 1)])
    pool.work()
    assert mouth.said[7:] == [5]


def test_a_line_somebody_waits_for_comes_first_and_is_not_forgotten() -> None:
    """Whoever waits gets the line before all others, even if others become wanted meanwhile."""
    mouth = Mouth()
    with ThreadPoolExecutor(1) as pool, ThreadPoolExecutor(2) as waiters:
        speech = Speech(mouth.speak, pool, 1)
        waiting = waited_for(speech, mouth, waiters)
        speech.want(lines(10, 3))
        mouth.go(100)
        assert waiting.result(10.0) == 30
        assert speech.length(line(12, 13)) == 12
    assert mouth.said == [0, 30, 10, 11, 12]


def test_stopping_lets_nobody_wait() -> None:
    """When speaking stops, whoever waits is told so, and nothing more is spoken."""
    mouth = Mouth()
    with ThreadPoolExecutor(1) as pool, ThreadPoolExecutor(2) as waiters:
        speech = Speech(mouth.speak, pool, 1)
        waiting = waited_for(speech, mouth, waiters)
        mouth.go()
        mouth.go()
        speech.stop()
        assert len(mouth.said) <= 2
        if 30 not in mouth.said:
            with pytest.raises(EngineError, match="stopped"):
                waiting.result(10.0)


def test_who_cannot_speak_says_so_to_each_who_waits() -> None:
    """An engine's error reaches whoever asks for that line, and the others are spoken."""

    def speak(given: Line) -> Frames:
        if given.index == 1:
            raise EngineError("no")
        return Frames(given.index)

    with ThreadPoolExecutor(2) as pool:
        speech = Speech(speak, pool, 2)
        speech.want(lines(0, 3))
        with pytest.raises(EngineError, match="no"):
            speech.length(line(1, 2))
        assert speech.length(line(2, 3)) == 2
        assert speech.known(line(1, 2)) is None


def test_who_asks_after_the_end_does_not_wait() -> None:
    """Once speaking was stopped, a line that was never asked for is refused, not waited for."""
    speech = Speech(lambda given: Frames(1), Later(), 1)
    speech.stop()
    with pytest.raises(EngineError, match="stopped"):
        speech.length(line(0, 1))
