"""The signals by which a service manager, or a terminal that closes, asks the program to end."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

_ASKING: Final = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


class Ended(KeyboardInterrupt):
    """A signal asked the program to end. As a `KeyboardInterrupt`, it has the same clean-up as Ctrl-C."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.exit_status = 128 + number


@contextmanager
def asked_to_end(do: Callable[[int], object]) -> Iterator[None]:
    """Call *do* with the signal's number on SIGTERM, or on SIGHUP of a closed terminal, while the block runs.

    A signal that is ignored stays ignored, as under nohup. Outside the main thread nothing changes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in _ASKING}
    mine = [number for number in _ASKING if before[number] is not signal.SIG_IGN]
    for number in mine:
        signal.signal(number, lambda number, _frame: do(number))
    try:
        yield
    finally:
        for number in mine:
            signal.signal(number, before[number])


@contextmanager
def ended() -> Iterator[None]:
    """Raise `Ended` when the program is asked to end while the block runs."""

    def end(number: int) -> None:
        raise Ended(number)

    with asked_to_end(end):
        yield
