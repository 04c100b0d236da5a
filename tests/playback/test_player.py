"""The player with its thread: a card that asks when it is told to."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.playback.conftest import SCRIPT, Write
from tests.playback.sources import steepest
from tests.playback.stages import PATIENCE, Begin, Stage
from voiceguide.audio import Block, frames
from voiceguide.errors import DeviceMissing, EngineError
from voiceguide.playback import COMMANDS, Bookmarks, Player
from voiceguide.playback.player import LOST_SECONDS, RETRY_SECONDS
from voiceguide.script.model import Pace
from voiceguide.session import Studio
from voiceguide.store import MemoryStore
from voiceguide.testing.outputs import FakeOutput
from voiceguide.voices.engines.hum import HumEngine


def test_playing_to_the_end(begin: Begin) -> None:
    """A session plays to its end without anybody doing anything, and its place is forgotten."""
    stage = begin()
    while not stage.player.wait(0.0):
        stage.pull(1.0)
    assert stage.player.failure is None
    assert stage.player.now.status == "ended"
    assert 90.0 <= len(stage.tape()) / 48_000 < 93.0
    words = [now.words for now in stage.news]
    assert words.index("Notice your feet.") < words.index("And the floor.") < words.index("That is all.")


def test_every_command_has_a_name(begin: Begin) -> None:
    """Each of the commands can be given by name, at any moment, from another thread."""
    stage = begin()
    stage.pull(2.0)
    for name in COMMANDS:
        if name != "stop":
            stage.player.do(name)
            stage.pull(0.4)
    stage.player.do("stop")
    while not stage.player.wait(0.0):
        stage.pull(0.2)
    assert stage.player.failure is None
    assert steepest(stage.tape()) < 0.06


def test_a_card_that_goes_away_pauses_and_another_goes_on(begin: Begin) -> None:
    """When the card is gone the session waits where it was, says so, and goes on there on the next card."""
    stage = begin()
    stage.pull(8.0)
    place = stage.player.now.position
    stage.card.missing = True
    stage.card.outputs[0].active = False
    stage.until(lambda: stage.player.now.status == "lost")
    assert "gone" in stage.player.now.note
    stage.time.now += RETRY_SECONDS
    stage.until(lambda: stage.player.now.status == "lost")
    assert len(stage.card.outputs) == 1
    stage.card.missing = False
    stage.time.now += RETRY_SECONDS
    stage.until(lambda: len(stage.card.outputs) == 2)
    stage.until(lambda: stage.player.now.status == "playing")
    stage.pull_until(lambda now: now.position > place)
    assert stage.player.now.position - place < frames(0.5)
    assert stage.card.outputs[0].closed


def test_a_card_that_asks_no_more_is_gone(begin: Begin) -> None:
    """Some cards go away without a word: one that asks for nothing for seconds counts as gone."""
    stage = begin()
    stage.pull(3.0)
    stage.player.do("pause")
    stage.pull(1.0)
    stage.until(lambda: stage.player.now.status == "paused")
    stage.time.now += LOST_SECONDS + 1.0
    stage.until(lambda: stage.player.now.status == "lost")
    stage.time.now += RETRY_SECONDS
    stage.until(lambda: len(stage.card.outputs) == 2)
    stage.pull(1.0)
    stage.until(lambda: stage.player.now.status == "paused")


def test_a_card_that_wakes_slowly_is_not_gone(begin: Begin) -> None:
    """A wireless speaker that asks only seconds after it was opened is waited for, each time."""
    stage = begin()
    for outputs in (1, 2):
        stage.time.now += 2 * LOST_SECONDS
        stage.pull(2.0)
        assert stage.player.now.status != "lost"
        assert len(stage.card.outputs) == outputs
        stage.time.now += LOST_SECONDS + 1.0
        stage.until(lambda: stage.player.now.status == "lost")
        stage.time.now += RETRY_SECONDS + 1.0
        stage.until(lambda: stage.player.now.status != "lost")


def test_no_card_at_all(studio: Studio, write: Write) -> None:
    """Where there is no card, opening says so, and nothing is left running."""

    output = FakeOutput()
    output.missing = True
    player = Player(studio.session(write(SCRIPT)), output)
    with pytest.raises(DeviceMissing):
        player.open()
    player.close()


def test_the_place_is_kept_and_taken_up(begin: Begin, tmp_path: Path) -> None:
    """Who stops in the middle is taken up a line earlier; who hears the end begins anew."""
    bookmarks = Bookmarks(tmp_path / "positions")
    stage = begin(bookmarks=bookmarks)
    stage.pull(22.0)
    stage.player.do("stop")
    while not stage.player.wait(0.0):
        stage.pull(0.5)
    stage.player.close()
    assert len(list((tmp_path / "positions").iterdir())) == 1
    again = begin(bookmarks=bookmarks, resume=True)
    again.pull_until(lambda now: now.position > 0)
    assert again.player.now.position > frames(8.0)
    while not again.player.wait(0.0):
        again.pull(1.0)
    again.player.close()
    assert not list((tmp_path / "positions").iterdir())


def test_what_is_kept_makes_the_session_again(begin: Begin, studio: Studio, tmp_path: Path) -> None:
    """With the place goes what was asked for: the same session comes of it, on any day, and its place."""
    bookmarks = Bookmarks(tmp_path / "positions")
    stage = begin(bookmarks=bookmarks)
    session = stage.player._session
    kept(stage, 22.0, tmp_path)
    left = bookmarks.last(session.script.name, session.script.digest)
    assert left is not None
    again = studio.session(session.script, left)
    assert (again.place_key, again.key) == (session.place_key, studio.session(session.script, left).key)
    assert bookmarks.get(again.place_key) is not None
    assert again.wishes.seed == session.wishes.seed


def test_a_short_listen_keeps_the_place(begin: Begin, tmp_path: Path) -> None:
    """Who begins anew and stops within seconds can still go on where the session was left before."""
    bookmarks = Bookmarks(tmp_path / "positions")
    left = kept(begin(bookmarks=bookmarks), 22.0, tmp_path)
    assert kept(begin(bookmarks=bookmarks), 3.0, tmp_path) == left


def kept(stage: Stage, heard: float, folder: Path) -> list[str]:
    """Listen so many seconds and stop; return what is kept in the folder of positions."""
    stage.pull(heard)
    stage.player.do("stop")
    while not stage.player.wait(0.0):
        stage.pull(0.5)
    assert stage.player.failure is None
    stage.player.close()
    return [path.read_text() for path in sorted((folder / "positions").iterdir())]


def test_no_voice_is_the_players_failure(write: Write) -> None:
    """Where nobody can speak, playing ends, and the reason is kept for who waits."""

    class Mute(HumEngine):
        def speak(self, text: str, voice: str, pace: Pace) -> Block:
            raise EngineError("the model is gone")

    with Studio(store=MemoryStore(), jobs=1, engines=(Mute(),)) as studio:
        player = Player(studio.session(write(SCRIPT)), FakeOutput())
        player.open()
        assert player.wait(PATIENCE)
        assert isinstance(player.failure, EngineError)
        player.close()
