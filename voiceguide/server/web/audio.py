"""Routes for sound: any bytes of any session, whether made already or not, and its sidecars."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Final
from urllib.parse import quote

from flask import Blueprint, Response, request
from werkzeug.http import http_date
from werkzeug.wsgi import wrap_file

from voiceguide.audio import clock
from voiceguide.errors import BusyError, UnknownError
from voiceguide.export.encoding.codecs import CODECS
from voiceguide.export.sidecars import SIDECARS
from voiceguide.server import ranges
from voiceguide.server.file_body import FileBody
from voiceguide.server.ranges import ByteRange, NotSatisfiable
from voiceguide.server.rendition import Rendition
from voiceguide.server.seal import Stamp
from voiceguide.server.service import SIDE_ENDINGS, Representation
from voiceguide.server.web.context import asked, gone, here, service
from voiceguide.server.web.recent import FOUND, FinishedFile
from voiceguide.session.ground import GROUND

routes = Blueprint("audio", __name__)

KEPT = "private, max-age=3600, must-revalidate"
"""Clients ask again after an hour, as an address can change (a day's variant, an edited script)."""

GROUND_PATHS: Final = frozenset(f"/audio/{GROUND}.{ending}" for ending in ("mp3", "vtt", "chapters.json"))
"""The addresses of the grounding session, which are answered however busy the server is."""

_BEYOND: Final = re.compile(r"[^A-Za-z0-9._-]+")


@routes.route("/audio/<path:file>", methods=["GET", "HEAD"])
def audio(file: str) -> Response:
    name, ending = _split(file)
    wanted = asked()
    if "." + ending in SIDE_ENDINGS:
        return _side(name, "." + ending)
    rendition = service().rendition(name, ending, wanted)
    if wanted.download and request.method == "GET":
        service().jobs.keep(rendition)
    response = _sound(service().sound(rendition), wait=wanted.download)
    if wanted.download:
        response.headers["Content-Disposition"] = _attachment(rendition)
    return response


def _split(file: str) -> tuple[str, str]:
    """Return the script's name, and the ending that selects a format or a sidecar."""
    endings = [*(ending[1:] for ending in SIDE_ENDINGS), *CODECS]
    for ending in sorted(endings, key=len, reverse=True):
        if file.endswith("." + ending):
            return file.removesuffix("." + ending), ending
    raise UnknownError(
        f'"{file[-20:]}" ends in no kind of file made here; end it in one of {", ".join(endings)}'
    )


def _sound(sound: Representation, *, wait: bool = False) -> Response:
    """Answer with *sound*. If its size is unknown, send it as it grows or, with *wait*, once it is whole.

    The whole file is better: its chapters have their final times, and its index is at the beginning.
    """
    if here().accel == "nginx" and sound.path is not None:
        return _handed_over(sound, sound.path)
    if sound.size is not None:
        return _whole_or_part(sound, sound.size)
    if request.method == "HEAD":
        return Response(iter(()), headers={"Accept-Ranges": "none"}, content_type=sound.media_type)
    if not wait:
        body = service().jobs.follow(sound.rendition, gone())
        headers = {"Accept-Ranges": "none", "Cache-Control": "no-store"}
        return Response(body, headers=headers, content_type=sound.media_type, direct_passthrough=True)
    path = service().jobs.finished(sound.rendition, gone())
    if path is None:
        raise BusyError("nobody waited for it", service().limits.retry)
    return _sound(service().sound(sound.rendition))


def _whole_or_part(sound: Representation, size: int) -> Response:
    """Answer for a file of known size, whether it is made already or not."""
    headers = _headers(sound)
    if ranges.matches(request.headers.get("If-None-Match"), sound.etag):
        return Response(status=304, headers=headers)
    headers["Accept-Ranges"] = "bytes"
    try:
        span = ranges.asked(request.headers.get("Range"), request.headers.get("If-Range"), sound.etag, size)
    except NotSatisfiable:
        headers["Content-Range"] = f"bytes */{size}"
        return Response("there are no such bytes\n", 416, headers, mimetype="text/plain")
    if span is not None:
        headers["Content-Range"] = span.header
    stretch = span or ByteRange(0, size - 1, size)
    headers["Content-Length"] = str(stretch.count)
    body = () if request.method == "HEAD" else _body(sound, stretch)
    return Response(
        body, 206 if span else 200, headers, content_type=sound.media_type, direct_passthrough=True
    )


def _body(sound: Representation, span: ByteRange) -> Iterable[bytes]:
    rendition = sound.rendition
    file = service().cache.open(rendition.name, span.size) if sound.path is not None else None
    if file is None:
        if rendition.size is None:
            raise BusyError("the file had to leave just now; ask again", service().limits.retry)
        return service().jobs.listen(rendition, span.first, span.last, gone())
    if sound.path is not None and "waitress.client_disconnected" in request.environ:
        mark = Stamp.of(os.fstat(file.fileno()))
        request.environ[FOUND] = FinishedFile(sound.path, mark, sound.etag)
        # waitress sends as much of a file as Content-Length says, without keeping a thread for it.
        file.seek(span.first)
        return wrap_file(request.environ, file)
    return FileBody(file, span.first, span.last)


def _handed_over(sound: Representation, path: Path) -> Response:
    """Let the nginx in front send the file; nginx handles Range and If-Range itself."""
    headers = _headers(sound)
    if ranges.matches(request.headers.get("If-None-Match"), sound.etag):
        return Response(status=304, headers=headers)
    request.environ[FOUND] = FinishedFile(path, None, sound.etag)
    headers["X-Accel-Redirect"] = "/sessions/" + quote(path.relative_to(service().cache.folder).as_posix())
    return Response(headers=headers, content_type=sound.media_type)


def _headers(sound: Representation) -> dict[str, str]:
    return {"ETag": sound.etag, "Last-Modified": http_date(sound.modified), "Cache-Control": KEPT}


def _attachment(rendition: Rendition) -> str:
    """Return the Content-Disposition, with the exercise and its length as the file's name (RFC 6266).

    Headers are limited to Latin-1, and a quote would end the name: plain ``filename`` has neither.
    """
    session = rendition.held.session
    minutes = clock(session.length).replace(":", ".")
    name = f"{session.script.title} ({minutes}).{rendition.codec.name}"
    plain = f"{_BEYOND.sub('_', session.script.name)}-{minutes}.{rendition.codec.name}"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _side(name: str, ending: str) -> Response:
    """Answer with a sidecar, each part once its cues are settled."""
    held = service().sessions.get(name, asked())
    side = SIDECARS[SIDE_ENDINGS[ending]]
    media_type = side.media_type + ("; charset=utf-8" if side.media_type.startswith("text/") else "")
    headers = {"Cache-Control": KEPT, "ETag": f'"{held.key}{ending}"'}
    if ranges.matches(request.headers.get("If-None-Match"), headers["ETag"]):
        return Response(status=304, headers=headers)
    if request.method == "HEAD":
        return Response(iter(()), headers=headers, content_type=media_type)
    parts = service().side(held, side, gone())
    first = next(parts, None)  # an error before the first part gets its own response
    if first is None:
        raise BusyError("nobody waited for it", service().limits.retry)
    response = Response(chain((first,), parts), headers=headers, content_type=media_type)
    response.call_on_close(parts.close)
    # Set again, as the key changes if another voice stood in.
    response.headers["ETag"] = f'"{held.key}{ending}"'
    return response
