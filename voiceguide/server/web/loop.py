"""Finished sessions are answered where they are asked for: on waitress's own loop, without a thread.

Handing a request to a thread and back costs more than answering it, once it is known which file goes out.
"""

from __future__ import annotations

import threading
from collections.abc import Container
from typing import Any

from waitress.channel import HTTPChannel
from waitress.task import ThreadedTaskDispatcher

from voiceguide.server.web.parsing import Parser
from voiceguide.server.web.quick import Quick


class Strict(HTTPChannel):  # type: ignore[misc]
    """A connection on which nonsense is refused."""

    parser_class = Parser


def answer_at_once(server: Any, quick: Quick) -> None:
    """Have *server*, waitress's, answer on its loop what *quick* holds. Call it before `run`."""

    class Connection(Strict):
        """`_reader` is the loop's thread while it reads, `_held` is that it has to answer."""

        _reader: int | None = None
        _held = False

        def handle_read(self) -> None:
            self._reader = threading.get_ident()
            super().handle_read()
            self._reader = None
            if self._held:
                self._held = False
                try:
                    self.service()
                finally:
                    quick.let_go()

        def keeps(self) -> bool:
            """Return whether its request is answered by the loop. One of several might have to wait."""
            if self._reader != threading.get_ident() or len(self.requests) != 1 or self.requests[0].error:
                return False
            asked = self.requests[0]
            self._held = quick.hold(asked.command, asked.path, asked.query, asked.headers)
            return self._held

    add = server.task_dispatcher.add_task
    server.task_dispatcher.add_task = lambda channel: channel.keeps() or add(channel)
    _use(server, Connection)


def keep_apart(server: Any, paths: Container[str], threads: int) -> None:
    """Have *server*, waitress's, answer *paths* on so many *threads* of their own where no other is free."""
    common, apart = server.task_dispatcher, ThreadedTaskDispatcher()
    apart.set_thread_count(threads)
    add, shutdown = common.add_task, common.shutdown

    def add_task(channel: HTTPChannel) -> None:
        path = getattr(channel.requests[0], "path", "")  # nonsense has none
        (apart.add_task if path in paths and not _free(common) else add)(channel)

    def shut(*how: Any, **also: Any) -> Any:
        apart.shutdown(*how, **also)
        return shutdown(*how, **also)

    common.add_task, common.shutdown = add_task, shut


def _free(dispatcher: ThreadedTaskDispatcher) -> bool:
    """Return whether a thread of *dispatcher* waits for something to do."""
    with dispatcher.lock:
        waiting = len(dispatcher.threads) - dispatcher.stop_count - dispatcher.active_count
        return bool(waiting > len(dispatcher.queue))


def refuse_nonsense(server: Any) -> None:
    """Have *server*, waitress's, take only what `Parser` reads. Call it before anything else."""
    _use(server, Strict)


def _use(server: Any, channel: type[HTTPChannel]) -> None:
    """Have every connection that *server* takes be a *channel*."""
    for each in list((getattr(server, "map", None) or server._map).values()):
        if hasattr(each, "channel_class"):
            each.channel_class = channel
