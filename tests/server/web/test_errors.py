from __future__ import annotations

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
