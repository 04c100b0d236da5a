"""Routes that read veiled names, and send who has a PIN from a plain name to the veiled one."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from voiceguide.server.veil import veiled
from voiceguide.server.web.addresses import PAGES, page_address
from voiceguide.server.web.context import service, veil
from voiceguide.server.web.who import visitor


def install(routes: Blueprint) -> None:
    """Lift the veil before any of *routes* is called."""
    routes.before_request(_lift)


def _lift() -> Response | None:
    given: dict[str, Any] = request.view_args or {}
    name = given.get("name")
    page = next((each for each in PAGES if name is not None and request.path == f"/{each}/{name}"), None)
    if page is None or name is None:
        return None
    if veiled(name):
        programs = page == "program"
        found = service().programs.all() if programs else service().catalogue.scripts()
        given["name"] = veil().lifted(name, (each.name for each in found))
    elif visitor().guarded and request.method == "GET":
        return redirect(page_address(page, name, urlencode(list(request.args.items(multi=True)))), 303)
    return None
