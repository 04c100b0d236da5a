"""A short way for finished sessions: who was answered a moment ago is answered again without a second look.

A player that reads ranges asks the same address over and over, and so do three hundred of them. What was
found, and that this client may have it, is remembered for a moment; then the application is asked again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from voiceguide.serving import ranges
from voiceguide.serving.ranges import NotSatisfiable, Span

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FOUND: Final = "voiceguide.found"
"""Where in the environment a route says which whole file it has answered with."""

MOMENT: Final = 2.0

_MOST: Final = 1024
_OF_ONE_ANSWER: Final = frozenset(["content-length", "content-range", "date"])


@dataclass(frozen=True, slots=True)
class Found:
    """A finished file with its strong tag; `sent_by_nginx` where only its name is answered."""

    path: Path
    size: int
    etag: str
    sent_by_nginx: bool


@dataclass(frozen=True, slots=True)
class _Answer:
    found: Found
    headers: list[tuple[str, str]]
    until: float


class Quick:
    """Answers for *app* what it has just answered. A WSGI application; needs waitress's way with files."""

    def __init__(self, app: WSGIApplication, now: Callable[[], float] = time.monotonic) -> None:
        self._app = app
        self._now = now
        self._answers: dict[tuple[str, ...], _Answer] = {}
        self._lock = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "GET" or "waitress.client_disconnected" not in environ:
            return self._app(environ, start)
        key = (
            environ["PATH_INFO"],
            environ["QUERY_STRING"],
            environ.get("HTTP_HOST", ""),
            environ.get("HTTP_COOKIE", ""),
        )
        answer = self._answers.get(key)
        if answer is not None and answer.until > self._now():
            body = _again(answer, environ, start)
            if body is not None:
                return body
        return self._app(environ, self._watching(key, environ, start))

    def _watching(self, key: tuple[str, ...], environ: WSGIEnvironment, start: StartResponse) -> Any:
        """Return *start*, but with a note of the answer where it is a finished file."""

        def watched(status: str, headers: list[tuple[str, str]], *failure: Any) -> Any:
            found = environ.get(FOUND)
            if isinstance(found, Found) and status[:3] in ("200", "206"):
                lasting = [pair for pair in headers if pair[0].lower() not in _OF_ONE_ANSWER]
                self._note(key, _Answer(found, lasting, self._now() + MOMENT))
            return start(status, headers, *failure)

        return watched

    def _note(self, key: tuple[str, ...], answer: _Answer) -> None:
        with self._lock:
            if len(self._answers) >= _MOST:
                now = self._now()
                self._answers = {each: kept for each, kept in self._answers.items() if kept.until > now}
            if len(self._answers) < _MOST:
                self._answers[key] = answer


def _again(answer: _Answer, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes] | None:
    """Answer once more; None where it takes more than that."""
    found = answer.found
    if "HTTP_IF_NONE_MATCH" in environ:
        return None
    if found.sent_by_nginx:
        start("200 OK", [*answer.headers, ("Content-Length", "0")])
        return ()
    try:
        span = ranges.asked(environ.get("HTTP_RANGE"), environ.get("HTTP_IF_RANGE"), found.etag, found.size)
        file = found.path.open("rb", buffering=0)
    except (NotSatisfiable, OSError):
        return None
    stretch = span or Span(0, found.size - 1, found.size)
    file.seek(stretch.first)
    headers = [*answer.headers, ("Content-Length", str(stretch.count))]
    if span is None:
        start("200 OK", headers)
    else:
        start("206 PARTIAL CONTENT", [*headers, ("Content-Range", span.header)])
    body: Iterable[bytes] = environ["wsgi.file_wrapper"](file)
    return body
