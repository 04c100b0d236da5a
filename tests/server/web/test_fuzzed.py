"""Whatever is shown at whatever door, who has nothing that is right is not let in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.server.web.conftest import Site
from tests.server.web.fuzzed import KEY, Request, credentials, requests, send, shown
from tests.server.web.household import TOKEN, Household


@pytest.mark.slow
def test_nobody_is_let_in(site_of: Callable[..., Site], home: Household) -> None:
    """Of thousands of wrong, expired, revoked, swapped and truncated credentials, none is let in."""
    site = site_of(token=TOKEN, roster=home.roster, key=KEY)
    answers, inside = send(site.port, requests(replace(home, app=site.app), 4_000, seed=1))
    assert inside == []
    assert not any(answer.startswith("5") for answer in answers)
    assert sum(answers.values()) == 4_000


def test_who_has_what_is_right_is_let_in(site_of: Callable[..., Site], home: Household) -> None:
    """What the fuzzed requests are made of opens its door when it is shown as it is."""
    site = site_of(token=TOKEN, roster=home.roster, key=KEY)
    there = credentials(replace(home, app=site.app))
    right = [
        *(shown("", "token", text, "/") for text in there.right["token"]),
        *(shown("", "bearer", text, "/api/me") for text in there.right["token"]),
        *(shown("", "cookie", text, "/api/me") for text in there.right["cookie"]),
        *(shown("", "basic", text, "/feed.xml?length=2m") for text in there.right["basic"]),
        *(Request("", "HEAD", address, {}) for address in there.addresses),
    ]
    _, inside = send(site.port, iter(right))
    assert inside == right
