"""The player with its thread: a card that asks when it is told to."""

from __future__ import annotations

import pytest

from tests.playback.conftest import SCRIPT, Write
from tests.playback.sources import steepest
from tests.playback.stages import PATIENCE, Begin
from voiceguide.audio import Block, frames
from voiceguide.errors import DeviceMissing, EngineError
from voiceguide.playback import COMMANDS, Player
from voiceguide.playback.player import LOST_SECONDS, RETRY_SECONDS
from voiceguide.script.model import Pace
from voiceguide.session import Studio
from voiceguide.store import MemoryStore
from voiceguide.testing.outputs import FakeOutput
from voiceguide.voices.engines.hum import HumEngine


def test_playing_to_the_end(begin: Begin) -> None:
    """A session plays to its end without anybody doing anything."""
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
