"""The description of the API, held against the server by a judge that makes requests of it."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

from tests.server.web.conftest import MakeApp

_ABOUT_THE_EXERCISE = (
    "can last from",  # its lengths
    "has no ladder",
    "has no option",
    "has rungs",
    "there is no part",
    "has no part",
    "no ambience",
    "there is no sound",
    "there is no engine",
    "has no voice",
    "dB was asked",
    "is not heard on day",
)
"""What no description of all exercises can say: one of them does not offer what may be asked for."""


def test_every_operation_has_a_name(app_of: MakeApp) -> None:
    """Programs made of the description have a function of its own name for each operation."""
    paths = app_of().test_client().get("/api/openapi.json").get_json()["paths"]
    names = [operation.get("operationId") for path in paths.values() for operation in path.values()]
    assert all(name and name.isidentifier() for name in names)
    assert len(set(names)) == len(names)


@pytest.mark.slow
def test_what_the_description_allows_is_read(app_of: MakeApp) -> None:
    """Whatever value the description allows, the server reads; it refuses only what an exercise lacks."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the judge's own
        schemathesis = pytest.importorskip("schemathesis", reason="the judge comes with the extra dev")
        from hypothesis import HealthCheck, Phase, given, settings
        from schemathesis import GenerationMode

        schema: Any = schemathesis.openapi.from_wsgi("/api/openapi.json", app_of())
        operations: list[Any] = [found.ok() for found in schema.get_all_operations()]
    refused: set[str] = set()
    asked = 0

    def ask(case: Any) -> None:
        nonlocal asked
        if "script" in case.path_parameters:
            case.path_parameters["script"] = "chair"
        answer = case.call()
        asked += 1
        assert answer.status_code < 500 or answer.status_code == 503
        if answer.status_code == 400:
            sentence = answer.json()["error"]
            if not any(known in sentence for known in _ABOUT_THE_EXERCISE):
                refused.add(f"{case.query}: {sentence}")

    with_each: Any = given  # typed for decorators alone
    quiet: Any = settings(
        max_examples=25,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for operation in operations:
            if operation.method == "get":
                cases = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
                quiet(with_each(cases)(ask))()
    assert asked > 200
    assert not refused
