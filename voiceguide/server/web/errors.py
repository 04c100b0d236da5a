"""Every failure as one sentence: a page for people, JSON for programs."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Final

from flask import Flask, Response, jsonify, render_template, request
from jinja2 import TemplateNotFound
from werkzeug.exceptions import HTTPException

from voiceguide.errors import AssetError, BusyError, OfferError, UnknownError, VoiceguideError, WishError
from voiceguide.server.web.here import service

_QUOTED: Final = re.compile('"([^"]*)"')


def install(app: Flask) -> None:
    """Answer errors of every kind."""
    app.register_error_handler(VoiceguideError, _ours)
    app.register_error_handler(HTTPException, _theirs)
    app.register_error_handler(Exception, _unforeseen)


def status_of(error: VoiceguideError) -> int:
    """Return the status that stands for *error*."""
    if isinstance(error, UnknownError):
        return 404
    if isinstance(error, WishError | AssetError):
        return 400
    return 503


def _ours(error: VoiceguideError) -> Response:
    if isinstance(error, OfferError) and _wants_a_page():
        with suppress(TemplateNotFound):
            page = render_template("refused.html", name=error.name, reasons=error.reasons)
            return Response(page, status_of(error), mimetype="text/html")
    retry = error.seconds if isinstance(error, BusyError) else None
    response = _answer(status_of(error), str(error), retry)
    if isinstance(error, BusyError):
        response.headers["Retry-After"] = str(error.seconds)
    return response


def _theirs(error: HTTPException) -> Response:
    response = _answer(error.code or 500, _sentence(error))
    for name, value in error.get_headers():
        if name.lower() in ("allow", "location", "retry-after", "www-authenticate", "content-range"):
            response.headers[name] = value
    return response


def _unforeseen(error: Exception) -> Response:
    from flask import current_app

    current_app.logger.exception("unforeseen: %s", error)
    return _answer(500, "something went wrong here that nobody foresaw; the server's log says what")


def _sentence(error: HTTPException) -> str:
    return {404: "there is nothing here", 405: "this address does not answer to that"}.get(
        error.code or 500, (error.description or "this cannot be answered").rstrip(".")
    )


def _answer(status: int, sentence: str, retry: int | None = None) -> Response:
    if _wants_a_page():
        try:
            message = _capital(_titled(sentence))
            page = render_template("error.html", status=status, message=message, retry=retry)
            return Response(page, status, mimetype="text/html")
        except TemplateNotFound:
            return Response(sentence + "\n", status, mimetype="text/plain")
    response = jsonify(error=sentence, status=status)
    response.status_code = status
    return response


def _wants_a_page() -> bool:
    best = request.accept_mimetypes.best_match(["application/json", "text/html"], "application/json")
    return best == "text/html" and not request.path.startswith(("/api/", "/audio/"))


def _titled(sentence: str) -> str:
    """Return *sentence* with the titles that people know exercises by, where it has their names."""

    def title(found: re.Match[str]) -> str:
        return f"“{titles[found[1]]}”" if found[1] in titles else found[0]

    titles: dict[str, str] = {}
    if _QUOTED.search(sentence):
        with suppress(BusyError):  # they are still being read
            titles = {script.name: script.title for script in service().catalogue.scripts()}
    return _QUOTED.sub(title, sentence)


def _capital(sentence: str) -> str:
    return f"{sentence[:1].upper()}{sentence[1:]}."


__all__ = ["install", "status_of"]
