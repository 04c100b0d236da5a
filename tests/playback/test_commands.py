"""The table of commands: what it says of each is so."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from tests.playback.conftest import SCRIPT, Hand, MakeHand, Write
from tests.playback.test_director import started
from voiceguide.audio import Frames, frames
from voiceguide.errors import EngineError, WishError
from voiceguide.plan.wishes import Wishes
from voiceguide.playback.commands import (
    COMMANDS,
    ROWS,
    Command,
    Next,
    Seek,
    Skip,
    Stop,
    Volume,
    named,
    row_of,
)
from voiceguide.playback.earcons import Earcon, earcon
from voiceguide.playback.inbox import Inbox
from voiceguide.playback.obeying import obey
from voiceguide.playback.prompts import PROMPTS
from voiceguide.playback.reference import reference
from voiceguide.script.model import Pace
from voiceguide.script.reference import refresh
from voiceguide.session import Studio
from voiceguide.store import MemoryStore
from voiceguide.voices.engines.hum import HumEngine

PAGE = Path(__file__).parents[2] / "docs" / "operations.md"
NAMED = [row for row in ROWS if row.name]


def kinds() -> set[type[Command]]:
    return {type(row.command) for row in ROWS}


def test_each_kind_has_a_row() -> None:
    """All that can be asked is in the table, and nothing is in it twice."""
    assert kinds() == set(get_args(Command))
    assert len({row.command for row in ROWS}) == len(ROWS)
    assert len(COMMANDS) == len(NAMED)
    keys = [key for row in ROWS for key in row.keys]
    assert len(keys) == len(set(keys))


def test_a_kind_is_of_one_manner() -> None:
    """What holds for one value of a kind holds for all: a value that is in no row finds it in another's."""
    for kind in kinds():
        rows = [row for row in ROWS if type(row.command) is kind]
        assert len({(row.wakes, row.stirs, row.leaving, row.newest) for row in rows}) == 1, kind
    assert row_of(Skip(7)).name == "skip back"
    assert row_of(Seek(frames(3.0))).newest


def test_a_name_that_is_none() -> None:
    """Who asks for what there is not is told what there is."""
    with pytest.raises(WishError, match=r'"explode" is no command; there are toggle, .*, stay, .*, help'):
        named("explode")


def sounding(player: Hand) -> set[Earcon]:
    """Return the short sounds that are to be heard from now on."""
    extras = player.director.feeder.montage.extras
    return {
        name
        for name in get_args(Earcon)
        for extra in extras
        if extra.at >= player.read and extra.samples.shape == earcon(name).shape
        if (extra.samples == earcon(name)).all()
    }


@pytest.mark.slow
def test_its_sounds_answer_it(hand: MakeHand) -> None:
    """What is asked for amid a session is answered by a sound of its row, or by the one for no."""
    player = started(hand(length=240.0), 30.0)
    for row in sorted(ROWS, key=lambda row: row.name == "stop"):
        player.listen(1.0)
        if row.name in ("play", "go on"):
            player.do("pause")
            player.listen(1.0)
        obey(row.command, player.director)
        heard = sounding(player)
        assert heard <= {*row.sounds, "no"}, row
        assert bool(heard) is bool(row.sounds), row
        player.do("go on")


def test_each_sound_answers_something() -> None:
    """No short sound but that for no is without a command that it answers."""
    assert {sound for row in ROWS for sound in row.sounds} | {"no"} == set(get_args(Earcon))


def test_going_on_comes_back_from_the_ground(hand: MakeHand) -> None:
    """On the ground it leads back to the session; after a pause there, the ground goes on."""
    player = started(hand())
    player.listen(10.0)
    for command, status in (
        ("ground", "grounding"),
        ("pause", "paused"),
        ("go on", "grounding"),
        ("go on", "playing"),
        ("pause", "paused"),
        ("go on", "playing"),
    ):
        player.do(command)
        player.listen(1.0)
        assert player.director.now(player.read).status == status


def test_what_cannot_be_done_is_a_note(write: Write) -> None:
    """A wish that cannot be met is told, and the session plays on as it was."""

    class Choosy(HumEngine):
        def estimate(self, text: str, voice: str, pace: Pace) -> Frames:
            if text.startswith("It has nothing else"):  # said only where the session is long
                raise EngineError("that cannot be said")
            return super().estimate(text, voice, pace)

    with Studio(store=MemoryStore(), jobs=1, engines=(Choosy(),)) as studio:
        player = started(Hand(studio.session(write(SCRIPT), Wishes(length=frames(90.0))), studio))
        player.listen(2.0)
        before = player.director.feeder.montage
        player.do("longer")
        assert "no voice can tell" in player.director.now(player.read).note
        assert player.director.feeder.montage is before
        player.director.close()


def test_what_is_obeyed_while_it_fades_out(hand: MakeHand) -> None:
    """After a stop only what its row says is obeyed, the ground above all; the rest leaves it to end."""
    player = started(hand(), 30.0)
    player.listen(0.5)
    player.do("stop")
    before = player.director.feeder.montage
    for row in NAMED:
        if not row.leaving:
            player.do(row.name)
    player.do("stop")
    assert player.director.feeder.montage is before
    assert {row.name for row in ROWS if row.leaving} == {"stop", "ground"}
    player.do("ground")
    player.listen(3.0)
    assert player.director.now(player.read).status == "grounding"


def test_what_wakes_it(hand: MakeHand) -> None:
    """While it falls asleep, a command takes the fade back if its row says so; those that stir do no more."""
    player = started(hand(), 30.0)
    for row in sorted(ROWS, key=lambda row: row.name == "stop"):
        player.director.sleep(frames(0.2))
        player.listen(0.5)
        assert player.director.now(player.read).status == "stopping"
        obey(row.command, player.director)
        if row.stirs:
            assert not sounding(player)
        asleep = player.director._drowsy is not None
        assert asleep is (not row.wakes and row.name != "stop"), row
        player.do("next")
        player.listen(0.5)
    assert {row.name for row in ROWS if not row.wakes} == {"softer", "stop"}


def test_the_manual_is_up_to_date() -> None:
    """The table in the manual is the one that python -m voiceguide.playback.reference makes."""
    page = PAGE.read_text(encoding="utf-8")
    assert refresh(page, reference()) == page
    assert all(f"`{row.name}`" in page for row in NAMED if not row.name.startswith("chapter"))


def test_the_newest_of_neighbours_is_kept() -> None:
    """Of a slider's wishes the last is met, in its order among others; no other wish is passed over."""
    wanted = Inbox()
    for command in (
        Volume(0.2),
        Volume(0.3),
        Next(),
        Next(),
        Volume(0.4),
        Seek(Frames(1)),
        Seek(Frames(2)),
        Stop(),
    ):
        wanted.put(command)
    taken = []
    while wanted:
        taken.append(wanted.take())
    assert taken == [Volume(0.3), Next(), Next(), Volume(0.4), Seek(Frames(2)), Stop()]
    assert wanted.take() is None


def test_what_is_said_is_offered() -> None:
    """The help for who speaks or chooses names each phrase of the table, and no other."""
    phrases = {row.said for row in ROWS if row.said}
    for way in ("words", "buttons"):
        (line,) = PROMPTS[way].help
        listed = line.partition(": ")[2].removesuffix(".").replace(", or ", ", ").split(", ")
        assert set(listed) == phrases


def test_the_keys_are_read_in_their_groups() -> None:
    """The keys are read aloud as the table has them: a line a group, calm and whole."""
    assert PROMPTS["keys"].help[0] == "Space: pause, or go on."
    assert PROMPTS["keys"].help[3] == "S: stay longer. N: the next part. B: back."
    assert len(PROMPTS["keys"].help) == 9
