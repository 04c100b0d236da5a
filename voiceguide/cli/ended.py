"""The signals by which a service manager, or a terminal that closes, asks the program to end."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

_ASKING: Final = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


class Ended(KeyboardInterrupt):
    """Whoever started the program asked it to end: all that tidies up after Ctrl-C does so after this too."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.exit_status = 128 + number


@contextmanager
def asked_to_end(do: Callable[[int], object]) -> Iterator[None]:
    """While the block runs, have SIGTERM, and SIGHUP of a closed terminal, *do* with their number.

    A signal that is ignored stays ignored, as under nohup. On another thread than the main one nothing
    changes.
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
