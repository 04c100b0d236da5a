"""Every failure as one sentence: a page for people, JSON for programs."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import Final

from flask import Flask, Response, current_app, jsonify, render_template, request
from jinja2 import TemplateNotFound
from werkzeug.exceptions import HTTPException

from voiceguide.errors import (
    AssetError,
    BusyError,
    LimitError,
    OfferError,
    UnknownError,
    VoiceguideError,
    WishError,
)
from voiceguide.server.warn_once import WarnOnce

_QUOTED: Final = re.compile('"([^"]*)"')


Titles = Callable[[], Mapping[str, str]]
"""Returns the titles of exercises by name."""


Folders = Mapping[Path, str]
"""What to call folders of the server in answers; the log has their paths."""


def install(
    app: Flask,
    titles: Titles = dict,
    folders: Folders = MappingProxyType({}),
    warnings: WarnOnce | None = None,
) -> None:
    """Answer errors of every kind.

    Pages show *titles* in place of the names of exercises; no answer has the path of one of *folders*, which
    *warnings* gets.
    """
    answers = _Answers(titles, folders, warnings or WarnOnce())
    app.register_error_handler(VoiceguideError, answers.ours)
    app.register_error_handler(HTTPException, answers.theirs)
    app.register_error_handler(Exception, answers.unforeseen)


def status_of(error: VoiceguideError) -> int:
    """Return the HTTP status for *error*."""
    if isinstance(error, UnknownError):
        return 404
    if isinstance(error, WishError | AssetError | LimitError):
        return 400
    return 503


class _Answers:
    """Responses to errors, as a page or as JSON."""

    def __init__(self, titles: Titles, folders: Folders, warnings: WarnOnce) -> None:
        self._titles = titles
        self._folders = folders
        self._warnings = warnings

    def ours(self, error: VoiceguideError) -> Response:
        if isinstance(error, OfferError) and _wants_a_page():
            with suppress(TemplateNotFound):
                page = render_template("refused.html", name=error.name, reasons=error.reasons)
                return Response(page, status_of(error), mimetype="text/html")
        retry = error.seconds if isinstance(error, BusyError) else None
        sentence = self._placeless(str(error))
        if sentence != str(error):
            self._warnings.warn(str(error))
        response = self._answer(status_of(error), sentence, retry)
        if isinstance(error, BusyError):
            response.headers["Retry-After"] = str(error.seconds)
        return response

    def theirs(self, error: HTTPException) -> Response:
        response = self._answer(error.code or 500, _sentence(error))
        for name, value in error.get_headers():
            if name.lower() in ("allow", "location", "retry-after", "www-authenticate", "content-range"):
                response.headers[name] = value
        return response

    def unforeseen(self, error: Exception) -> Response:
        current_app.logger.exception("unforeseen: %s", error)
        return self._answer(500, "something went wrong here that nobody foresaw; the server's log says what")

    def _answer(self, status: int, sentence: str, retry: int | None = None) -> Response:
        if _wants_a_page():
            try:
                message = _capital(self._titled(sentence))
                page = render_template("error.html", status=status, message=message, retry=retry)
                return Response(page, status, mimetype="text/html")
            except TemplateNotFound:
                return Response(sentence + "\n", status, mimetype="text/plain")
        response = jsonify(error=sentence, status=status)
        response.status_code = status
        return response

    def _placeless(self, sentence: str) -> str:
        """Return *sentence* without the paths of the server's folders; of a file in one, the rest is left."""
        for folder, called in self._folders.items():
            sentence = sentence.replace(f"{folder}{os.sep}", "").replace(str(folder), called)
        return sentence

    def _titled(self, sentence: str) -> str:
        """Return *sentence* with the names of exercises replaced by their titles."""

        def title(found: re.Match[str]) -> str:
            return f"“{titles[found[1]]}”" if found[1] in titles else found[0]

        titles: Mapping[str, str] = {}
        if _QUOTED.search(sentence):
            with suppress(BusyError):  # the scripts are still being read
                titles = self._titles()
        return _QUOTED.sub(title, sentence)


def _sentence(error: HTTPException) -> str:
    return {404: "there is nothing here", 405: "this address does not answer to that"}.get(
        error.code or 500, (error.description or "this cannot be answered").rstrip(".")
    )


def _wants_a_page() -> bool:
    best = request.accept_mimetypes.best_match(["application/json", "text/html"], "application/json")
    return best == "text/html" and not request.path.startswith(("/api/", "/audio/"))


def _capital(sentence: str) -> str:
    return f"{sentence[:1].upper()}{sentence[1:]}."
