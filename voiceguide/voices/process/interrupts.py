"""Tells Ctrl-C from a `KeyboardInterrupt` that other code raises."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType
from typing import Self


class Interrupts:
    """Inside the block, tells whether a `KeyboardInterrupt` comes from the user.

    Signals are delivered to the main thread only. If a custom handler of Ctrl-C is installed there, every
    `KeyboardInterrupt` counts as the user's; so does one of a subclass, which only our code raises.
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
        """Return whether *error* means that the user or the system wants the program to end."""
        ours = type(error) is not KeyboardInterrupt
        return isinstance(error, KeyboardInterrupt) and (self._pressed or self._unknown or ours)

    def _press(self, number: int, frame: FrameType | None) -> None:
        self._pressed = True
        raise KeyboardInterrupt
