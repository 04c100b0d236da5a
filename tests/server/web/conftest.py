from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.server.scripts import library
from tests.server.web.household import TOKEN, Household, household
from tests.site import served
from voiceguide.listeners import Roster
from voiceguide.script.library import Library
from voiceguide.server.limits import Limits
from voiceguide.server.service import Service
from voiceguide.server.web import create_app, state_of
from voiceguide.server.web.hosting import Host
from voiceguide.session import Studio
from voiceguide.store import MemoryStore
from voiceguide.voices.engine import Engine
from voiceguide.voices.engines.hum import HumEngine

TODAY = date(2026, 11, 22)

MakeApp = Callable[..., Flask]


@dataclass(frozen=True)
class Answer:
    """A response, read to its end."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Site:
    """A server on a port of its own."""

    app: Flask
    host: Host
    port: int

    @property
    def service(self) -> Service:
        return state_of(self.app).service

    def open(self, path: str, method: str = "GET", **headers: str) -> tuple[HTTPConnection, HTTPResponse]:
        """Ask for *path*, and give the connection with its response unread: close it."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(
            method, path, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )
        return connection, connection.getresponse()

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        connection, response = self.open(path, method, **headers)
        try:
            fields = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, fields, response.read())
        finally:
            response.close()
            connection.close()


@pytest.fixture
def app_of(request: pytest.FixtureRequest, tmp_path: Path) -> MakeApp:
    """Makes applications over one folder and the small library, which hum and close themselves."""

    def make(*engines: Engine, limits: Limits | None = None, **settings: Any) -> Flask:
        folder = tmp_path / "scripts"
        studio = Studio(
            store=MemoryStore(),
            jobs=2,
            today=lambda: TODAY,
            engines=engines or (HumEngine(),),
            library=Library([folder]) if folder.exists() else library(folder),
        )
        request.addfinalizer(studio.close)
        app = create_app(
            studio,
            folder=tmp_path / "cache",
            limits=limits or Limits(linger=0.05),
            today=lambda: TODAY,
            **settings,
        )
        app.testing = True
        request.addfinalizer(state_of(app).close)
        return app

    return make


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    """The folder of the small library that will be served."""
    folder = tmp_path / "scripts"
    library(folder)
    return folder


@pytest.fixture
def client(app_of: MakeApp) -> FlaskClient:
    """Asks without a network."""
    return app_of().test_client()


@pytest.fixture
def site_of(app_of: MakeApp) -> Iterator[Callable[..., Site]]:
    """Makes servers on ports of their own, which stop by themselves."""

    def make(*engines: Engine, stalled: int = 600, **settings: Any) -> Site:
        app = app_of(*engines, **settings)
        host = serving.enter_context(served(app, state_of(app).close, stalled))
        return Site(app, host, host.port)

    with ExitStack() as serving:
        yield make


@pytest.fixture
def site(site_of: Callable[..., Site]) -> Site:
    """One server of the small library."""
    return site_of()


@pytest.fixture
def home_of(app_of: MakeApp, tmp_path: Path) -> Callable[..., Household]:
    """Makes a server for several, which asks for a token unless it is told otherwise."""

    def make(token: str | None = TOKEN, **settings: Any) -> Household:
        roster = Roster(tmp_path / "listeners")
        return household(app_of(token=token, roster=roster, **settings), roster)

    return make


@pytest.fixture
def home(home_of: Callable[..., Household]) -> Household:
    return home_of()
