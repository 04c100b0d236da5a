"""An application on a port of its own, for as long as a test lasts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask

from voiceguide.server.web.hosting import STALLED_SECONDS, Host


@contextmanager
def served(app: Flask, close: Callable[[], object], stalled: int = STALLED_SECONDS) -> Iterator[Host]:
    """Serve *app* on loopback while the block runs, and give who does; *close* ends what it has begun."""
    host = Host(app, "127.0.0.1", 0, stalled)
    thread = threading.Thread(target=host.run, name="site", daemon=True)
    thread.start()
    try:
        yield host
    finally:
        close()
        host.stop()
        thread.join(10)
        assert not thread.is_alive()
