"""Standard streams that are there, whoever started the program."""

from __future__ import annotations

import os
import sys


def open_closed() -> None:
    """Open what is closed of the standard streams on nothing.

    Without this Python has None for it, and the next file to be opened takes its place: what a library
    then writes on standard error goes into that.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            stream = open(os.devnull, mode, encoding="utf-8")  # noqa: PTH123, SIM115
            os.set_inheritable(stream.fileno(), True)
            setattr(sys, name, stream)
