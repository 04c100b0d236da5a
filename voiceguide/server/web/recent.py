"""Repeats recent answers with finished files, without calling the application.

A player that reads ranges requests the same address over and over, and there may be hundreds of players. For
`MOMENT` seconds it is remembered which file was found, and that this client may have it. Remembered answers
need no thread: see `connection`.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from msgspec import Struct

from voiceguide.files import opened
from voiceguide.server import ranges
from voiceguide.server.ranges import ByteRange, NotSatisfiable
from voiceguide.server.seal import Stamp

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FOUND: Final = "voiceguide.found"
"""The key in the WSGI environment under which a route stores the finished file that it answers with."""

MOMENT: Final = 2.0

_Key = tuple[str, ...]  # path, query, and `_WHO`
_WHO: Final = ("HOST", "COOKIE", "AUTHORIZATION", "ORIGIN", "REFERER")  # the host name, and who the client is
_MOST: Final = 1024
_OF_ONE_ANSWER: Final = frozenset(["content-length", "content-range", "date"])


class FinishedFile(Struct, frozen=True):
    """A finished file with its strong tag and its stamp, which is None if nginx sends the file."""

    path: Path
    mark: Stamp | None
    etag: str


class _Answer(Struct, frozen=True):
    found: FinishedFile
    headers: list[tuple[str, str]]
    until: float


class _Ready(Struct, frozen=True):
    """An answer to one request; `file` is at the position of its first byte."""

    status: str
    headers: list[tuple[str, str]]
    file: IO[bytes] | None


class RecentAnswers:
    """A WSGI application that repeats recent answers of *app*. It needs waitress's file wrapper."""

    def __init__(self, app: WSGIApplication, now: Callable[[], float] = time.monotonic) -> None:
        self._app = app
        self._now = now
        self._answers: dict[_Key, _Answer] = {}
        self._lock = threading.Lock()
        self._held = threading.local()

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "GET" or "waitress.client_disconnected" not in environ:
            return self._app(environ, start)
        key = (
            environ["PATH_INFO"],
            environ["QUERY_STRING"],
            *(environ.get(f"HTTP_{name}", "") for name in _WHO),
        )
        held, self._held.answer = getattr(self._held, "answer", None), None
        if held is not None and held[0] == key:
            ready = held[1]
        else:
            ready = self._ready(
                key,
                environ.get("HTTP_RANGE"),
                environ.get("HTTP_IF_RANGE"),
                "HTTP_IF_NONE_MATCH" in environ,
            )
        if ready is None:
            return self._app(environ, self._watching(key, environ, start))
        start(ready.status, ready.headers)
        body: Iterable[bytes] = () if ready.file is None else environ["wsgi.file_wrapper"](ready.file)
        return body

    def hold(self, method: str, path: str, query: str, headers: Mapping[str, str]) -> bool:
        """Return whether this request can be answered at once; if so, the thread's next call must be for it.

        *headers* are named as in CGI, without ``HTTP_``.
        """
        if method != "GET":
            return False
        key = (
            path,
            query,
            *(headers.get(name, "") for name in _WHO),
        )
        ready = self._ready(key, headers.get("RANGE"), headers.get("IF_RANGE"), "IF_NONE_MATCH" in headers)
        if ready is None:
            return False
        self._held.answer = key, ready
        return True

    def let_go(self) -> None:
        """Discard the answer that `hold` kept for this thread, if no call has used it."""
        held, self._held.answer = getattr(self._held, "answer", None), None
        if held is not None and held[1].file is not None:
            held[1].file.close()

    def _ready(self, key: _Key, range_: str | None, if_range: str | None, other: bool) -> _Ready | None:
        """Return the remembered answer; None if the application has to answer."""
        answer = self._answers.get(key)
        if other or answer is None or answer.until <= self._now():
            return None
        found = answer.found
        if found.mark is None:
            return _Ready("200 OK", [*answer.headers, ("Content-Length", "0")], None)
        size = found.mark.size
        try:
            span = ranges.asked(range_, if_range, found.etag, size)
            file = opened(found.path)
        except (NotSatisfiable, OSError):
            return None
        if Stamp.of(os.fstat(file.fileno())) != found.mark:  # the application checks it again
            file.close()
            return None
        stretch = span or ByteRange(0, size - 1, size)
        file.seek(stretch.first)
        headers = [*answer.headers, ("Content-Length", str(stretch.count))]
        if span is None:
            return _Ready("200 OK", headers, file)
        return _Ready("206 PARTIAL CONTENT", [*headers, ("Content-Range", span.header)], file)

    def _watching(self, key: _Key, environ: WSGIEnvironment, start: StartResponse) -> Any:
        """Return *start*, wrapped to remember the answer if it is a finished file."""

        def watched(status: str, headers: list[tuple[str, str]], *failure: Any) -> Any:
            found = environ.get(FOUND)
            if isinstance(found, FinishedFile) and status[:3] in ("200", "206"):
                lasting = [pair for pair in headers if pair[0].lower() not in _OF_ONE_ANSWER]
                self._note(key, _Answer(found, lasting, self._now() + MOMENT))
            return start(status, headers, *failure)

        return watched

    def _note(self, key: _Key, answer: _Answer) -> None:
        with self._lock:
            if len(self._answers) >= _MOST:
                now = self._now()
                self._answers = {each: kept for each, kept in self._answers.items() if kept.until > now}
            if len(self._answers) < _MOST:
                self._answers[key] = answer
