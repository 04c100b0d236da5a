"""Ctrl-C, told from a KeyboardInterrupt that somebody else's code raises of its own accord."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType
from typing import Self


class Interrupts:
    """While the block runs, know whether a `KeyboardInterrupt` is the user's.

    Signals come to the main thread alone. Where somebody handles Ctrl-C in their own way there, every
    `KeyboardInterrupt` is taken for the user's; so is one of a class of its own, which only our code raises.
    """

    def __enter__(self) -> Self:
        self._pressed = False
        main = threading.current_thread() is threading.main_thread()
        handler = signal.getsignal(signal.SIGINT) if main else None
        self._watched = handler is signal.default_int_handler
        self._unknown = main and not self._watched and handler not in (signal.SIG_IGN, signal.SIG_DFL)
        if self._watched:
            signal.signal(signal.SIGINT, self._press)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._watched:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def users(self, error: BaseException) -> bool:
        """Return whether *error* says that the user, or the system, wants the program to end."""
        ours = type(error) is not KeyboardInterrupt
        return isinstance(error, KeyboardInterrupt) and (self._pressed or self._unknown or ours)

    def _press(self, number: int, frame: FrameType | None) -> None:
        self._pressed = True
        raise KeyboardInterrupt
