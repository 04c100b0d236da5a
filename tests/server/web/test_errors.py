from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from voiceguide.errors import AssetError, LimitError, StoreError, UnknownError, VoiceguideError, WishError
from voiceguide.server.web import errors


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (WishError("no such length"), 400),
        (AssetError("no such sound"), 400),
        (LimitError("a note can have 8000 bytes; this one has 9000"), 400),
        (UnknownError("no such script"), 404),
        (StoreError("the disk is full"), 503),
    ],
)
def test_whose_fault_it_is(error: VoiceguideError, status: int) -> None:
    """What the listener could ask for otherwise is a 4xx, what fails here is a 503; each is one sentence."""
    app = Flask(__name__)
    errors.install(app)

    @app.get("/")
    def fail() -> str:
        raise error

    answer = app.test_client().get("/", headers={"Accept": "application/json"})
    assert answer.status_code == status
    assert str(error) in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("/srv/a b/x/y.flac, which is full, cannot be used", "x/y.flac, which is full, cannot be used"),
        ("nothing can be kept in /srv/a b (full)", "nothing can be kept in the data folder (full)"),
        ("/srv/elsewhere cannot be read", "/srv/elsewhere cannot be read"),
    ],
)
def test_answers_do_not_tell_where_the_server_keeps_things(
    given: str, told: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A folder of the server is called by what it is, and a file by its path in it; the log has all."""
    app = Flask(__name__)
    errors.install(app, folders={Path("/srv/a b"): "the data folder"})

    @app.get("/")
    def fail() -> str:
        raise StoreError(given)

    assert app.test_client().get("/").get_json()["error"] == told
    assert [record.message for record in caplog.records] == ([given] if told != given else [])
