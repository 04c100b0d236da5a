"""The description of the API, held against the server by a judge that makes requests of it."""

from __future__ import annotations

import json
import re
import warnings
from typing import Any

import msgspec
import pytest
from jsonschema import validate

from tests.listeners.samples import ONE_OF_EACH
from tests.server.web.conftest import MakeApp
from voiceguide.listeners.records import KINDS, kind_name

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


def test_records_are_as_described(app_of: MakeApp) -> None:
    """What the description says of `/api/me` is what the server takes, and what it answers."""
    client = app_of().test_client()
    document = client.get("/api/openapi.json").get_json()
    stamp = {"at": 1_000, "device": "phone"}

    def check(method: str, path: str, body: Any = None, **values: str) -> Any:
        """Ask for *path*, and hold the question and the answer to the description."""
        operation = document["paths"][path][method]
        if body is not None:
            given = operation["requestBody"]["content"]["application/json"]["schema"]
            validate(body, {**given, "components": document["components"]})
        answer = client.open(path.format(**values), method=method.upper(), json=body)
        assert answer.status_code == 200, answer.get_json()
        said = operation["responses"]["200"]["content"]["application/json"]["schema"]
        validate(answer.get_json(), {**said, "components": document["components"]})
        return answer.get_json()

    for record in ONE_OF_EACH:
        kind = kind_name(type(record))
        body = {"record": json.loads(msgspec.json.encode(record)), **stamp}
        where = {"key": record.key}
        check("put", f"/api/me/{kind}/{{key}}", body, **where)
        check("get", f"/api/me/{kind}/{{key}}", **where)
        assert check("get", f"/api/me/{kind}")["records"]
        check("delete", f"/api/me/{kind}/{{key}}", {**stamp, "at": 1_001}, **where)
    place = {"seconds": 30.0, "query": "length=2m", "rung": 0, **stamp, "at": 1_002}
    check("put", "/api/me/places/{script}", place, script="chair")
    check("get", "/api/me/places/{script}", script="chair")
    assert check("get", "/api/me/places")["places"]
    check("delete", "/api/me/places/{script}", {**stamp, "at": 1_003}, script="chair")
    check("get", "/api/me")
    put = {"kind": "note", "key": "n", "record": {"kind": "note", "id": "n", "text": ""}, **stamp}
    gone, wrong = {"kind": "note", "key": "m", **stamp}, put | {"kind": "nonsense"}
    assert check("post", "/api/me/writes", {"writes": [put, gone, wrong]})["writes"][2]["error"]
    check("post", "/api/me/forget", {})


def test_all_addresses_of_records_are_described(app_of: MakeApp) -> None:
    """Every address below `/api/me` is in the description, with its methods, and no other."""
    app = app_of()
    described = {
        (path, method.upper())
        for path, methods in app.test_client().get("/api/openapi.json").get_json()["paths"].items()
        for method in methods
        if path.startswith("/api/me")
    }
    served = {
        (re.sub("<(?:path:)?([a-z]+)>", r"{\1}", str(rule)).replace("{kind}", kind), method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        for kind in KINDS
        if str(rule).startswith("/api/me") and not str(rule).endswith("/")
    }
    assert described == served
