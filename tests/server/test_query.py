from __future__ import annotations

from contextlib import suppress
from urllib.parse import parse_qsl

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceguide.audio import frames
from voiceguide.cli.options import wishes
from voiceguide.errors import WishError
from voiceguide.plan.wishes import Wishes
from voiceguide.server.query import (
    LONGEST_VALUE,
    MOST_VALUES,
    PARAMETERS,
    Asked,
    option_name,
    pairs,
    read_query,
)


def test_every_wish_can_be_asked_for() -> None:
    """An address fills the wishes; what is in no table is an option of the script."""
    text = "length=7m13s&voice=piper/joe&ambience=soft-rain&level=-20&seed=x&rungs=2&name=Sam&eyes=closed"
    assert read_query(parse_qsl(text)).wishes == Wishes(
        length=frames(433.0),
        voice="piper/joe",
        ambience="soft-rain",
        ambience_level_db=-20.0,
        seed="x",
        rungs=2,
        name="Sam",
        options={"eyes": "closed"},
    )


def test_a_wish_has_one_name_at_every_door() -> None:
    """The command line's options, the address and a schedule name the same wishes by the same words."""

    @wishes
    def command(**given: object) -> None:
        """Take every wish."""

    taken = {param.name: param.opts[0] for param in click.command(command).params}
    assert taken.pop("options") == "--set"
    assert taken == {row.wish: f"--{row.name}" for row in PARAMETERS.values() if row.wish}
    assert {*taken, "options"} == set(Wishes.__struct_fields__)


def test_the_same_wishes_have_one_address() -> None:
    """Order, spelling of a length and the wish to keep it make no difference to the canonical query."""
    one = read_query([("voice", "hum"), ("length", "2m"), ("eyes", "open"), ("download", "1")])
    other = read_query([("eyes", "open"), ("length", "120s"), ("voice", "hum"), ("seed", "")])
    assert one.query == other.query == "length=2m&voice=hum&eyes=open"
    assert read_query(parse_qsl(one.query)).query == one.query


def test_an_option_may_be_called_like_a_wish() -> None:
    """It is asked for as option.NAME, beside the wish of that name, and comes back from what is written."""
    asked = read_query(parse_qsl("level=-20&option.level=high&option.eyes=closed"))
    assert asked.wishes.ambience_level_db == -20.0
    assert asked.wishes.options == {"level": "high", "eyes": "closed"}
    assert asked.query == "level=-20&eyes=closed&option.level=high"
    assert read_query(pairs(asked.wishes).items()).wishes == asked.wishes
    with pytest.raises(WishError, match="twice"):
        read_query(parse_qsl("option.eyes=closed&eyes=open"))


@pytest.mark.parametrize("name", ["level", "sig", "token", "script", "option.eyes", "eyes"])
def test_an_option_has_a_name_of_its_own_in_an_address(name: str) -> None:
    """Whatever it is called, and whatever else is."""
    asked = read_query([(option_name(name), "high")])
    assert asked.wishes == Wishes(options={name: "high"})
    assert read_query(parse_qsl(asked.query)) == asked


def test_a_number_alone_is_seconds() -> None:
    """A form's slider sends 420, which is seven minutes."""
    assert read_query([("length", "420")]).wishes.length == frames(420.0)


@pytest.mark.parametrize(
    "pair",
    [
        ("length", "12 potatoes"),
        ("length", "900h"),
        ("voice", "../../etc/passwd"),
        ("voice", "a/b/c"),
        ("ambience", "Soft Rain"),
        ("level", "nan"),
        ("level", "1e9"),
        ("seed", "a\r\nSet-Cookie: x"),
        ("rungs", "-1"),
        ("rungs", "9999"),
        ("name", "x" * 61),
        ("name", "a\nb"),
        ("loudness", "deafening"),
        ("part", "RUNG"),
        ("bitrate", "many"),
        ("download", "yes"),
        ("eyes", "x" * (LONGEST_VALUE + 1)),
    ],
)
def test_a_value_that_does_not_read_is_refused_in_one_sentence(pair: tuple[str, str]) -> None:
    """Every value is bounded, and the error names it."""
    with pytest.raises(WishError, match=pair[0]) as caught:
        read_query([pair])
    assert "\n" not in str(caught.value).replace(pair[1], "")


def test_too_many_values_and_doubled_ones_are_refused() -> None:
    """An address has a bounded number of values, each once."""
    with pytest.raises(WishError, match="twice"):
        read_query([("seed", "a"), ("seed", "b")])
    with pytest.raises(WishError, match="most"):
        read_query([(f"o{number}", "x") for number in range(MOST_VALUES + 1)])


@given(st.lists(st.tuples(st.text(max_size=90), st.text(max_size=90)), max_size=30))
def test_any_address_reads_or_is_refused(asked: list[tuple[str, str]]) -> None:
    """Nothing that can be written in an address breaks the reading of it."""
    with suppress(WishError):
        assert isinstance(read_query(asked), Asked)
