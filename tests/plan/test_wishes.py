"""What a listener may ask of a script, and what fills the rest."""

from __future__ import annotations

import json

import pytest
from msgspec.structs import replace

from tests.plan.build import HERE, TODAY, rest, say, script
from voiceguide.audio import frames
from voiceguide.errors import LengthError, WishError
from voiceguide.plan.wishes import Wishes, resolve
from voiceguide.script.model import Bed, Ladder, Lengths, OneOf, Rung, Section

EYES = {"eyes": ("open", "closed")}
LADDER = Ladder(HERE, rungs=tuple(Rung(HERE, title, (), rest(6)) for title in ("One", "Two", "Three")))


def test_nothing_asked() -> None:
    """Where the listener asks for nothing, the script decides, and the seed is the day."""
    resolved = resolve(script(options=EYES), Wishes(), TODAY)
    assert resolved.length == frames(300)
    assert resolved.bed == Bed("soft-rain", -20.0)
    assert resolved.options == (("eyes", "open"),)
    assert resolved.seed == "2026-11-22"
    assert (resolved.rungs, resolved.loudness, resolved.name, resolved.voice) == (1, "calm", "", None)


def test_everything_asked() -> None:
    """What the listener asks for stands in place of what the script says."""
    wishes = Wishes(
        length=frames(433),
        voice="piper/joe",
        ambience="ocean",
        ambience_level_db=-26,
        options={"eyes": "closed"},
        seed="7",
        rungs=2,
        loudness="podcast",
        name="  Ada\n Lovelace ",
    )
    resolved = resolve(script(LADDER, options=EYES), wishes, TODAY)
    assert resolved.length == 433 * 48_000
    assert resolved.bed == Bed("ocean", -26.0)
    assert resolved.options == (("eyes", "closed"),)
    assert (resolved.voice, resolved.seed, resolved.rungs) == ("piper/joe", "7", 2)
    assert resolved.name == "Ada Lovelace"
    assert resolved.loudness == "podcast"


def test_no_ambience() -> None:
    """`none` is no ambience, which is not the same as leaving it to the script."""
    assert resolve(script(), Wishes(ambience="none"), TODAY).bed.sound is None


def test_script_voice() -> None:
    """The script's voice serves where the listener names none."""
    given = replace(script(), voice="kokoro")
    assert resolve(given, Wishes(), TODAY).voice == "kokoro"
    assert resolve(given, Wishes(voice="hum"), TODAY).voice == "hum"


@pytest.mark.parametrize(
    ("wishes", "sentence"),
    [
        (Wishes(options={"eye": "open"}), '"test" has no option "eye"; it has eyes'),
        (Wishes(options={"eyes": "shut"}), '"eyes" of "test" can be open or closed; "shut" was asked'),
        (Wishes(rungs=4), 'the ladder of "test" has rungs 1 to 3; 4 was asked'),
        (Wishes(rungs=0), 'the ladder of "test" has rungs 1 to 3; 0 was asked'),
        (
            Wishes(ambience_level_db=float("nan")),
            "the ambience can be from -60 to 6 dB against the voice; nan dB was asked",
        ),
        (Wishes(name="x" * 61), "a name can have 60 letters; this one has 61"),
    ],
)
def test_refused(wishes: Wishes, sentence: str) -> None:
    """A wish that the script does not offer is refused in one sentence that says what it does offer."""
    with pytest.raises(WishError) as caught:
        resolve(script(LADDER, options=EYES), wishes, TODAY)
    assert str(caught.value) == sentence


def test_no_ladder() -> None:
    """A script without a ladder has no rungs to ask for."""
    with pytest.raises(WishError, match='"test" has no ladder to climb'):
        resolve(script(say("Hello.")), Wishes(rungs=2), TODAY)


def test_inner_ladder() -> None:
    """A ladder counts wherever it stands in the script."""
    inner = Section(HERE, title="A", steps=(OneOf(HERE, branches=((say("Hello."),), (LADDER,))),))
    assert resolve(script(inner), Wishes(rungs=3), TODAY).rungs == 3


@pytest.mark.parametrize("asked", [59, 1801])
def test_declared_lengths(asked: int) -> None:
    """A length beyond what the script declares is refused with the lengths that it declares."""
    with pytest.raises(
        LengthError, match=r'"test" can last from 1:00 to 30:00; (0:59|30:01) was asked'
    ) as caught:
        resolve(script(), Wishes(length=frames(asked)), TODAY)
    assert (caught.value.shortest, caught.value.longest) == (frames(60), frames(1800))
    assert caught.value.asked == frames(asked)


def test_one_declared_length() -> None:
    """A script that declares one length is told to last that long, and not from it to it."""
    given = replace(script(), length=Lengths(frames(300), frames(300), frames(300)))
    with pytest.raises(LengthError, match='"test" can last 5:00; 1:00 was asked'):
        resolve(given, Wishes(length=frames(60)), TODAY)


def test_key() -> None:
    """Equal wishes have equal keys, others do not, whichever way the equal ones were put."""
    given = script(options=EYES)
    plain = resolve(given, Wishes(), TODAY)
    spelt_out = resolve(given, Wishes(options={"eyes": "open"}, seed="2026-11-22"), TODAY)
    assert plain.key() == spelt_out.key()
    assert hash(plain) == hash(spelt_out)
    assert plain.key() != resolve(given, Wishes(options={"eyes": "closed"}), TODAY).key()
    assert json.loads(plain.key())["length"] == 300 * 48_000
