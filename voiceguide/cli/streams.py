"""Makes sure that the standard streams are open."""

from __future__ import annotations

import os
import sys


def open_closed() -> None:
    """Open closed standard streams on the null device.

    Otherwise Python sets them to None, and the next file opened takes their descriptor. What a library writes
    on standard error then ends up in that file.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            stream = open(os.devnull, mode, encoding="utf-8")  # noqa: PTH123, SIM115
            os.set_inheritable(stream.fileno(), True)
            setattr(sys, name, stream)
