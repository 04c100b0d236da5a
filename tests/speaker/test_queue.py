from __future__ import annotations

import pytest

from voiceguide.audio import Frames
from voiceguide.errors import BusyError
from voiceguide.server.query import Asked
from voiceguide.speaker.queue import MOST_QUEUED, Queue
from voiceguide.speaker.queue_item import QueueItem


def named(name: str) -> QueueItem:
    return QueueItem(name, name, Frames(1), Asked())


def taken(queue: Queue) -> str:
    """Return the names of all that may be played now, in order."""
    names = ""
    while (item := queue.take()) is not None:
        names += item.script
    return names


def filled(names: str) -> Queue:
    queue = Queue()
    for name in names:
        queue.add(named(name))
    return queue


def test_in_order_and_first() -> None:
    """What is put first is played first, then the others as they came."""
    queue = filled("bc")
    queue.add(named("a"), first=True)
    assert [item.script for item in queue.items] == ["a", "b", "c"]
    assert taken(queue) == "abc"


def test_what_rests_waits() -> None:
    """While it rests only what was put first since is played; with what is added last it waits on."""
    queue = filled("cd")
    queue.rest()
    queue.add(named("b"), first=True)
    queue.add(named("a"), first=True)
    queue.add(named("e"))
    assert taken(queue) == "ab"
    assert not queue.goes_on
    queue.wake()
    assert taken(queue) == "cde"


def test_nothing_else_waits() -> None:
    """What is added to an empty queue, or where only what was put first is in it, is played."""
    queue = Queue()
    queue.rest()
    queue.add(named("a"), first=True)
    queue.add(named("b"))
    assert taken(queue) == "ab"


def test_what_was_taken_comes_back_first() -> None:
    """It is played next though the others rest, unless it is dropped; only the first can be."""
    queue = filled("ab")
    item = queue.take()
    assert item is not None
    queue.rest()
    queue.put_back(item)
    queue.drop(named("a"))
    assert taken(queue) == "a"
    queue.put_back(item)
    queue.drop(item)
    assert taken(queue) == ""
    queue.wake()
    assert taken(queue) == "b"


def test_it_is_bounded_and_can_be_cleared() -> None:
    """One more than the most is refused, and changes nothing."""
    queue = filled("a" * MOST_QUEUED)
    with pytest.raises(BusyError, match=str(MOST_QUEUED)):
        queue.add(named("b"), first=True)
    assert len(queue.items) == MOST_QUEUED
    queue.clear()
    assert queue.items == ()
