from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sessions import ToneEngine
from voiceguide.script.model import PACES
from voiceguide.store import MemoryStore
from voiceguide.voices.cast import Cast
from voiceguide.voices.clips import Casting, Clips


def looking(seen: list[str]) -> Iterator[Casting]:
    for name in ("first", "second", "third"):
        seen.append(name)
        yield Casting(ToneEngine(name), "a")


def test_a_stand_in_is_looked_for_when_it_is_needed() -> None:
    """Speaking with the first voice asks after no other."""
    seen: list[str] = []
    clips = Clips(Cast(looking(seen)), MemoryStore(), -19.0)
    clips.get("Feet.", PACES["slow"])
    assert clips.estimate("Feet.", PACES["slow"]) > 0
    assert seen == ["first"]


def test_it_is_a_sequence() -> None:
    """Length, order, slices and the end are those of a tuple; each is looked for once."""
    seen: list[str] = []
    cast = Cast(looking(seen))
    assert [casting.engine.name for casting in cast] == ["first", "second", "third"]
    assert (len(cast), cast[-1].engine.name, len(cast[1:])) == (3, "third", 2)
    with pytest.raises(IndexError):
        cast[3]
    assert seen == ["first", "second", "third"]
