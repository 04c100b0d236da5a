"""Sets the C library's heap for a program of many threads that runs for weeks."""

from __future__ import annotations

import ctypes
import sys
from typing import Final

_TRIM_THRESHOLD: Final = -1
_MMAP_THRESHOLD: Final = -3
_ARENA_MAX: Final = -8
"""Parameters of mallopt(3)."""

_LARGE: Final = 256 * 1024
"""In bytes. A block of sound is larger, so its memory returns to the system when it is freed."""


def give_back() -> None:
    """Make freed memory return to the system. Without glibc, do nothing.

    Once a large block has been freed, glibc by default takes the next ones from its arenas, of which there
    are several with many threads. There a small block still in use keeps its neighbours from the system.
    Thresholds that are set here do not change by themselves.
    """
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, _LARGE)
        mallopt(_TRIM_THRESHOLD, _LARGE)
        mallopt(_ARENA_MAX, 2)
