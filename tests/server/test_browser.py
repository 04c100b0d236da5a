"""The cookie."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from voiceguide.server.browser import MOST, Browser, read, written
from voiceguide.server.signing import DAY, Claims, Purpose, Signer

NOW = 20_000.0 * DAY
SIGNER = Signer(bytes(32), lambda: NOW)
IDS = st.from_regex(r"[a-z0-9]{1,40}", fullmatch=True)
LINKS = st.from_regex(r"[A-Za-z0-9_-]{1,40}", fullmatch=True)


@given(st.lists(st.tuples(IDS, LINKS), max_size=MOST + 3), st.booleans())
def test_it_is_read_as_it_was_written(known: list[tuple[str, str]], chosen: bool) -> None:
    """Who listens and who is known comes back, up to sixteen, the last ones."""
    there = Browser(known[-1][0] if known and chosen else "", "a1" if chosen else "")
    for each in known:
        there = there.knowing(*each)
    assert len(there.known) == min(MOST, len({listener for listener, _ in known}))
    assert read(written(there, SIGNER), SIGNER) == there
    for listener, link in dict(known[-1:]).items():
        assert there.link(listener) == link


def test_nothing_in_it_can_be_changed() -> None:
    """A listener more, less or another, or another who listens, makes it no cookie."""
    cookie = written(Browser("anna").knowing("anna", "0").knowing("bert", "2"), SIGNER)
    for wrong in (
        cookie.replace("anna", "bert", 1),
        cookie + ":carl.0",
        cookie.rpartition(":")[0],
        cookie.replace("bert.2", "bert.3"),
        cookie.replace("bert.2", "bert"),
        cookie + ":",
        "",
        ":" * 40,
    ):
        assert read(wrong, SIGNER) is None
    assert read(cookie, Signer(bytes(32), lambda: NOW + 401 * DAY)) is None


def test_a_token_link_is_no_cookie() -> None:
    """What was signed for another purpose is refused."""
    assert read(SIGNER.sign(Claims(Purpose.DEVICE, "anna", "0"), "/"), SIGNER) is None
