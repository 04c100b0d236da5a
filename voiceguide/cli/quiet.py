"""Keeps what C code of sound libraries writes on standard error off the listener's screen."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet() -> Iterator[None]:
    """Discard what native code writes on standard error; what Python writes still appears.

    PortAudio and ALSA report there, in several lines each time, that a device has come or gone.
    """
    if os.environ.get("VOICEGUIDE_DEBUG"):
        yield
        return
    sys.stderr.flush()
    kept, shown = os.dup(2), sys.stderr
    nowhere = os.open(os.devnull, os.O_WRONLY)
    with os.fdopen(kept, "w", buffering=1, encoding=shown.encoding, errors="replace") as ours:
        os.dup2(nowhere, 2)
        os.close(nowhere)
        sys.stderr = ours
        moved = [
            handler
            for handler in logging.getLogger().handlers
            if isinstance(handler, logging.StreamHandler) and handler.stream is shown
        ]
        for handler in moved:
            handler.setStream(ours)
        try:
            yield
        finally:
            for handler in moved:
                handler.setStream(shown)
            sys.stderr = shown
            os.dup2(kept, 2)
