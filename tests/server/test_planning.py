from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.waiting import until
from voiceguide.errors import BusyError, WishError
from voiceguide.server.planning import Planning, Task

APART = "ground"


class Work:
    """Tasks that go on until they are let."""

    def __init__(self) -> None:
        self.let = threading.Event()
        self.begun: list[str] = []

    def task(self, lane: str, place: str = "") -> Task[str]:
        return Task(lane, (lane, place), lambda: self._do(lane + place))

    def _do(self, name: str) -> str:
        self.begun.append(name)
        assert self.let.wait(30)
        return name


@pytest.fixture
def work() -> Iterator[Work]:
    work = Work()
    yield work
    work.let.set()


@pytest.fixture
def others() -> Iterator[ThreadPoolExecutor]:
    """Threads of those who wait."""
    with ThreadPoolExecutor(40) as pool:
        yield pool


def quick(lane: str) -> Task[str]:
    return Task(lane, lane, lambda: lane)


def test_it_is_done_once_for_all_who_ask(work: Work, others: ThreadPoolExecutor) -> None:
    """However many ask for one thing meanwhile, it is made once; asked again later, it is made again."""
    planning = Planning(APART, moment=30.0)
    found = [others.submit(planning.result, work.task("a")) for _ in range(30)]
    until(lambda: sum(job.waiting for job in planning._jobs.values()) == 30)
    work.let.set()
    assert [each.result(30) for each in found] == ["a"] * 30
    assert work.begun == ["a"]
    assert planning.result(work.task("a")) == "a"
    assert work.begun == ["a", "a"]


def test_one_lane_takes_one_place(work: Work, others: ThreadPoolExecutor) -> None:
    """Tasks of one lane are done one after the other, and another lane's meanwhile; too many are refused."""
    planning = Planning(APART, moment=0.0)
    waiting = [others.submit(planning.result, work.task("a", str(number))) for number in range(5)]
    until(lambda: planning._waiting.total() == 5)
    with pytest.raises(BusyError):
        planning.result(work.task("a", "too many"))
    assert planning.result(quick("b")) == "b"
    assert len(work.begun) == 1
    work.let.set()
    assert sorted(each.result(30) for each in waiting) == [f"a{number}" for number in range(5)]


def test_what_is_set_apart_needs_no_place(work: Work, others: ThreadPoolExecutor) -> None:
    """With every place and every slot taken, others are asked to come again, and the lane apart is not."""
    planning = Planning(APART, most=8, moment=0.0)
    waiting = [others.submit(planning.result, work.task(lane)) for lane in "abcdefgh"]
    until(lambda: planning._waiting.total() == 8)
    with pytest.raises(BusyError) as busy:
        planning.result(quick("z"))
    assert busy.value.seconds > 0
    with pytest.raises(BusyError):
        planning.results([quick("z")], 10.0)
    assert planning.results([work.task("a")], 0.0) == [None]
    assert planning.result(quick(APART)) == APART
    work.let.set()
    assert sorted(each.result(30) for each in waiting) == list("abcdefgh")


def test_who_waits_too_long_is_told_and_it_is_done_all_the_same(work: Work) -> None:
    """After their patience they are asked to come again; what was begun comes to its end."""
    planning = Planning(APART, patience=0.01, moment=0.0)
    with pytest.raises(BusyError, match="still being planned"):
        planning.result(work.task("a"))
    work.let.set()
    until(lambda: not planning._jobs)
    assert work.begun == ["a"]


def test_what_nobody_waits_for_is_not_begun(work: Work, others: ThreadPoolExecutor) -> None:
    """Who has left does not have the next one planned; what is to be kept is planned."""
    planning = Planning(APART, patience=0.01, moment=0.0)
    for number in range(5):
        with pytest.raises(BusyError):
            planning.result(work.task("a", str(number)))
    assert planning.results([work.task("a", "kept")], 0.0, kept=True) == [None]
    assert len(planning._jobs) == 2
    work.let.set()
    until(lambda: not planning._jobs)
    assert work.begun == ["a0", "akept"]


def test_a_failure_is_for_who_asked() -> None:
    """What cannot be made raises where it is asked for, and the lane goes on."""
    planning = Planning(APART)

    def fails() -> str:
        raise WishError("no")

    with pytest.raises(WishError):
        planning.result(Task("a", "a", fails))
    assert planning.result(quick("a")) == "a"
