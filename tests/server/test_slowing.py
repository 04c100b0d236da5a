"""Guessing becomes slow."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from voiceguide.server.slowing import FORGOTTEN_SECONDS, FREE, LONGEST_SECONDS, MOST, Slowing


class Clock:
    def __init__(self) -> None:
        self.now = 50_000.0

    def __call__(self) -> float:
        return self.now


def test_each_wrong_try_waits_twice_as_long() -> None:
    """The first three cost nothing; then each waits twice as long as the last, up to a quarter of an hour."""
    clock = Clock()
    slowing = Slowing(clock)
    for _ in range(FREE):
        assert slowing.begin("anna", "here") == 0
    waits = []
    for _ in range(12):
        waits.append(wait := slowing.begin("anna", "here"))
        assert slowing.begin("anna", "elsewhere") == wait
        assert slowing.begin("bert", "here") == wait
        clock.now += wait
        assert slowing.begin("anna", "here") == 0
    assert waits == [*(2**times for times in range(10)), LONGEST_SECONDS, LONGEST_SECONDS]
    assert slowing.begin("bert", "elsewhere") == 0


def test_many_at_once_are_no_way_around() -> None:
    """Of a hundred tries at the same moment, three are let through."""
    slowing = Slowing(Clock())
    with ThreadPoolExecutor(16) as pool:
        waits = list(pool.map(lambda _: slowing.begin("anna"), range(100)))
    assert waits.count(0) == FREE


def test_the_right_one_clears_the_listener_and_not_the_address() -> None:
    """Who knows one PIN cannot clear, with it, the tries at others from the same address."""
    clock = Clock()
    slowing = Slowing(clock)
    for listener in ("anna", "bert", "anna", "bert"):
        slowing.begin(listener, "here")
        clock.now += 2
    slowing.right("bert", "here")
    assert slowing.begin("anna", "here") == 0
    assert slowing.begin("bert", "here") > 0


def test_it_is_forgotten_in_an_hour() -> None:
    """After an hour without a try, the next ones are free again."""
    clock = Clock()
    slowing = Slowing(clock)
    for _ in range(FREE):
        slowing.begin("anna")
    clock.now += FORGOTTEN_SECONDS + 1
    assert [slowing.begin("anna") for _ in range(FREE)] == [0] * FREE


def test_its_memory_is_bounded() -> None:
    """However many addresses try, what is kept has a limit, and who waits longest is not forgotten."""
    slowing = Slowing(Clock())
    for _ in range(FREE):
        slowing.begin("anna")
    for number in range(3 * MOST):
        slowing.begin(f"10.0.{number}")
    assert len(slowing._tries) <= MOST
    assert slowing.begin("anna") > 0
