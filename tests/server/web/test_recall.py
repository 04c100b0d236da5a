"""What pages show of a listener's records."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from tests.server.web.conftest import MakeApp
from voiceguide.errors import WishError
from voiceguide.listeners import NAMELESS, ListenerFolder, MemoryListenerStores, Put, Setting, WriteStamp
from voiceguide.server.web import state_of
from voiceguide.server.web.recall import asked_as_usual, recall


def usual(app: Flask, query: str, script: str = "chair") -> str:
    """Return the canonical query of *query*, completed with the settings."""
    with app.test_request_context(f"/session/{script}?{query}"):
        app.preprocess_request()
        return asked_as_usual(state_of(app).service.catalogue.script(script)).query


@pytest.fixture
def app(app_of: MakeApp) -> Flask:
    stores = MemoryListenerStores()
    for setting in (
        Setting("length", "2m"),
        Setting("eyes", "closed", "chair"),
        Setting("rungs", "2"),
    ):
        stores.of(NAMELESS).write(Put(setting, WriteStamp(1, "phone")))
    return app_of(listeners=stores)


def test_settings_fill_in_what_is_not_asked_for(app: Flask) -> None:
    """An address without wishes gets the listener's; what it names counts, and an empty value is usual."""
    assert usual(app, "") == "length=2m&eyes=closed"
    assert usual(app, "length=3m") == "length=3m&eyes=closed"
    assert usual(app, "length=&eyes=open") == "eyes=open"
    assert usual(app, "length=&eyes=") == ""


def test_settings_that_make_no_session_are_left_out(app: Flask) -> None:
    """An exercise that cannot last as long as others do keeps its own length, and the other settings."""
    assert usual(app, "level=-20", "days") == "level=-20"
    assert usual(app, "", "two-rungs") == "length=2m&rungs=2"
    assert usual(app, "part=stay", "two-rungs") == "length=2m&rungs=2&part=stay"
    with pytest.raises(WishError):
        usual(app, "length=9h")


def test_records_that_cannot_be_read(app_of: MakeApp, tmp_path: Path) -> None:
    """A page is shown without what is remembered, if that cannot be read; the page of it is not "busy"."""
    (tmp_path / "listeners").write_text("a file where the folder belongs")
    app = app_of(listeners=ListenerFolder(tmp_path / "listeners"))
    assert usual(app, "length=2m") == "length=2m"
    with app.test_request_context("/"):
        app.preprocess_request()
        assert recall(lambda store: store.counts(), None) is None
    page = app.test_client().get("/me", headers={"Accept": "text/html"})
    assert page.status_code == 503
    assert "<h1>That didn’t work</h1>" in page.get_data(as_text=True)
