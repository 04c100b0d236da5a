"""Waiting for something to become true, for a bounded time, without taking sleep for proof."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(condition: Callable[[], T | None], seconds: float = 30.0) -> T:
    """Return what *condition* gives as soon as that is true; fail if it is not within *seconds*."""
    pause = threading.Event()
    for _ in range(int(seconds / 0.01)):
        found = condition()
        if found:
            return found
        pause.wait(0.01)
    raise AssertionError(f"still not so after {seconds:g} s")
