"""The C library's heap, set for a program of many threads that runs for weeks."""

from __future__ import annotations

import ctypes
import sys
from typing import Final

_TRIM_THRESHOLD: Final = -1
_MMAP_THRESHOLD: Final = -3
_ARENA_MAX: Final = -8
"""Of mallopt(3)."""

_LARGE: Final = 256 * 1024
"""Bytes: a block of sound is larger, and goes back to the system when it is let go of."""


def give_back() -> None:
    """Have memory that is let go of go back to the system. Where there is no glibc, do nothing.

    Once glibc has seen a large block freed, it takes the next ones from its arenas, of which many threads
    have many. There a small block that is still in use keeps all beside it from the system. Thresholds that
    are set stay.
    """
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, _LARGE)
        mallopt(_TRIM_THRESHOLD, _LARGE)
        mallopt(_ARENA_MAX, 2)
