"""Being asked to end, by who is not at the keyboard."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Ended(KeyboardInterrupt):
    """Whoever started the program asked it to end: all that tidies up after Ctrl-C does so after this too."""


@contextmanager
def ended() -> Iterator[None]:
    """Raise `Ended` on SIGTERM while the block runs, unless somebody deals with that signal already."""
    if not (
        threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
    ):
        yield
        return

    def end(_number: int, _frame: object) -> None:
        raise Ended

    signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        if signal.getsignal(signal.SIGTERM) is end:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
