"""An application on a port of its own, for as long as a test lasts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from flask import Flask

from voiceguide.cli.serve import STALLED_SECONDS, hang_up, make_server


@contextmanager
def served(app: Flask, close: Callable[[], object], stalled: int = STALLED_SECONDS) -> Iterator[Any]:
    """Serve *app* on loopback while the block runs, and give its server; *close* ends what it has begun."""
    server = make_server(app, "127.0.0.1", 0, stalled)
    thread = threading.Thread(target=server.run, name="site", daemon=True)
    thread.start()
    try:
        yield server
    finally:
        close()
        server.trigger.pull_trigger(lambda: hang_up(server))
        server.task_dispatcher.shutdown(timeout=10)
        with suppress(OSError):  # it may be done, and the trigger gone, before it is pulled
            server.trigger.pull_trigger(server.close)
        thread.join(10)
        assert not thread.is_alive()
