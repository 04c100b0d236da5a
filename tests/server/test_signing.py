"""What is signed, and all that is not."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from voiceguide.server.signing import DAY, PURPOSES, Claims, Purpose, Signer

NOW: Final = 20_000 * DAY + 7.0
KEY: Final = bytes(range(32))

WORDS: Final = st.text(max_size=8)
PAIRS: Final = st.lists(st.tuples(WORDS, WORDS), max_size=4)
PATHS: Final = {
    Purpose.MEDIA: "/audio/chair.mp3",
    Purpose.FEED: "/feed.xml",
    Purpose.DEVICE: "/",
    Purpose.BROWSER: "/",
}
CLAIMS: Final = st.builds(
    Claims,
    st.sampled_from(Purpose),
    st.from_regex(r"[a-z0-9]{0,16}", fullmatch=True),
    st.from_regex(r"[A-Za-z0-9_-]{0,12}", fullmatch=True),
)


def signer(now: float = NOW, key: bytes = KEY) -> Signer:
    return Signer(key, lambda: now)


@given(CLAIMS, PAIRS)
def test_what_is_signed_is_verified(claims: Claims, pairs: list[tuple[str, str]]) -> None:
    """A signature holds for its path and its parameters in any order, and says for whom it is."""
    made = signer().sign(claims, PATHS[claims.purpose], pairs)
    assert quote(made) == made
    assert signer().verified(made, Purpose, PATHS[claims.purpose], pairs[::-1]) == claims


@given(CLAIMS, PAIRS, PAIRS)
def test_another_query_is_refused(
    claims: Claims, pairs: list[tuple[str, str]], others: list[tuple[str, str]]
) -> None:
    """A signature is for all parameters of its query: one more, one less or another is refused."""
    assume(sorted(pairs) != sorted(others))
    path = PATHS[claims.purpose]
    assert signer().verified(signer().sign(claims, path, pairs), Purpose, path, others) is None


@given(CLAIMS, CLAIMS, PAIRS)
def test_another_claim_is_refused(claims: Claims, other: Claims, pairs: list[tuple[str, str]]) -> None:
    """The MAC of one purpose, listener or credential makes no other."""
    assume(claims != other)
    path = PATHS[claims.purpose]
    mine = signer().sign(claims, path, pairs).rpartition(".")
    others = signer().sign(other, PATHS[other.purpose], pairs).rpartition(".")
    assert signer().verified(others[0] + "." + mine[2], Purpose, PATHS[other.purpose], pairs) is None


@given(CLAIMS, st.integers(0, 80), st.characters(codec="ascii"))
def test_any_other_letter_is_refused(claims: Claims, at: int, letter: str) -> None:
    """Whatever letter of a signature is changed, put in or left out, it is none."""
    path = PATHS[claims.purpose]
    made = signer().sign(claims, path)
    at %= len(made)
    for changed in (made[:at] + letter + made[at + 1 :], made[:at] + letter + made[at:], made[:at], made[1:]):
        if changed != made:
            assert signer().verified(changed, Purpose, path) is None


@given(st.text(max_size=80))
def test_what_is_no_signature(text: str) -> None:
    """No text is a signature by chance, and none is an error."""
    assert signer().verified(text, Purpose, "/audio/chair.mp3") is None


@pytest.mark.parametrize("purpose", Purpose)
def test_the_table_of_purposes(purpose: Purpose) -> None:
    """Each purpose is verified only where it is asked for, on its own paths, and with the key that signed."""
    claims, path = Claims(purpose, "anna", "1"), PATHS[purpose]
    made = signer().sign(claims, path)
    assert signer().verified(made, [purpose], path) == claims
    assert signer().verified(made, set(Purpose) - {purpose}, path) is None
    assert signer(key=bytes(32)).verified(made, [purpose], path) is None
    with pytest.raises(AssertionError):
        signer().sign(claims, "/api/me")


@pytest.mark.parametrize("purpose", Purpose)
def test_when_it_expires(purpose: Purpose) -> None:
    """What expires does so after its days, rounded up, and stays the same text until midnight."""
    days, path = PURPOSES[purpose].days, PATHS[purpose]
    claims = Claims(purpose, "anna", "1")
    made = signer().sign(claims, path)
    assert made == signer(NOW + DAY - 8).sign(claims, path)
    if days is None:
        assert signer(NOW + 100_000 * DAY).verified(made, [purpose], path) == claims
        return
    assert signer(NOW + days * DAY).verified(made, [purpose], path) == claims
    assert signer(NOW + (days + 1) * DAY).verified(made, [purpose], path) is None
    for_ever = ".".join("" if at == 3 else part for at, part in enumerate(made.split(".")))
    assert signer().verified(for_ever, [purpose], path) is None


@given(st.text(max_size=20), st.text(max_size=20))
def test_letters_that_stand_for_a_name(name: str, other: str) -> None:
    """The same letters stand for a name each time, others for another name, listener or key."""
    assume(name != other)
    made = signer().alias("anna", name)
    assert made == signer().alias("anna", name)
    assert quote(made) == made
    assert made not in (
        signer().alias("anna", other),
        signer().alias("bert", name),
        signer(key=bytes(32)).alias("anna", name),
    )
