"""Being on the way out, or without a device: it can always be left, and nothing asked for is undone."""

from __future__ import annotations

import numpy as np
import pytest

from tests.playback.conftest import SCRIPT, Hand, MakeHand
from tests.playback.stages import Begin, Stage
from voiceguide.audio import frames
from voiceguide.playback.player import LOST_SECONDS, RETRY_SECONDS
from voiceguide.playback.stage import STOP

ONE_PIECE = (
    SCRIPT[: SCRIPT.index("  - say: Notice")]
    + """  - section: All
    steps:
      - say: One line only.
      - rest: ~110s
"""
)

SAID_BEFORE = (
    SCRIPT[: SCRIPT.index("  - say: Notice")]
    + """  - use: blocks/floor
  - say: And now something else.
  - rest: ~90s
  - use: blocks/floor
"""
)


@pytest.fixture
def asleep(hand: MakeHand) -> Hand:
    """A session that falls asleep just now."""
    player = hand(length=120.0)
    player.director.start()
    player.listen(20.0)
    player.director.sleep(frames(1.0))
    player.listen(5.0)
    return player


def hear_out(player: Hand) -> None:
    """Listen until the keys have been read."""
    player.until("Capital Q", 60.0)
    while player.stage.scene == "help":
        player.listen(0.1)
    player.listen(1.0)


def lose(stage: Stage) -> None:
    stage.card.missing = True
    stage.card.outputs[-1].active = False
    stage.until(lambda: stage.player.now.status == "lost")


def find(stage: Stage) -> None:
    stage.card.missing = False
    stage.time.now += RETRY_SECONDS + 0.1
    stage.until(lambda: len(stage.card.outputs) == 2 and stage.player.now.status != "lost")


def test_without_a_device_it_can_be_left(begin: Begin) -> None:
    """A stop that nobody can hear fade out ends it at once."""
    stage = begin()
    stage.pull(5.0)
    lose(stage)
    stage.player.do("stop")
    stage.until(lambda: stage.player.wait(0.0))


def test_a_pause_without_a_device_holds(begin: Begin) -> None:
    """Who pauses while the device is gone finds it paused on the next one, until it is to go on."""
    stage = begin()
    stage.pull(5.0)
    lose(stage)
    stage.player.do("pause")
    find(stage)
    stage.pull(1.0)
    assert stage.player.now.status == "paused"
    stage.player.do("play")
    stage.pull_until(lambda now: now.status == "playing")


@pytest.mark.parametrize("asked", ["longer", "stay", "finish", "ground"])
def test_what_was_asked_of_a_dead_card_holds(begin: Begin, asked: str) -> None:
    """What is asked before anybody knows that the card is gone is heard on the next one."""
    stage = begin()
    stage.pull(20.0)
    before = stage.player.now
    stage.player.do(asked)
    stage.until(lambda: stage.player.now.length != before.length or stage.player.now.status == "grounding")
    changed = stage.player.now
    stage.time.now += LOST_SECONDS + 0.1
    stage.until(lambda: stage.player.now.status == "lost")
    find(stage)
    stage.pull(3.0)
    assert stage.player.now.length == changed.length
    assert (stage.player.now.status == "grounding") == (asked == "ground")
    director = stage.player._director
    assert director.feeder.place(director.feeder.soon)[0] is director.stage.current


def test_a_stop_while_it_falls_asleep_is_a_stop(asleep: Hand) -> None:
    """No later key makes a silence of it that has no end; the place is that where sleep began."""
    place = asleep.director.left()
    asleep.director.stop()
    asleep.listen(0.5)
    asleep.director.wake()
    asleep.director.louder()
    asleep.listen(STOP / 48_000 + 1.0)
    assert asleep.director.over
    assert asleep.director.left() == place


def test_a_press_while_it_falls_asleep_goes_on_with_the_timer_anew(hand: MakeHand) -> None:
    """Play or pause takes the fade back, and as long after as was asked for it fades again."""
    player = hand(length=120.0)
    player.director.start()
    player.listen(5.0)
    player.director.sleep(frames(10.0))
    player.listen(12.0)
    assert player.director.left() is not None
    assert player.director.stir()
    player.listen(8.0)
    assert not player.director.stir()
    player.listen(3.0)
    assert player.director.stir()
    player.listen(1.0)
    assert player.director.now(player.read).status == "playing"


def test_sleep_does_not_hold_up_a_stop(hand: MakeHand) -> None:
    """An hour of sleep that comes while it fades out changes nothing."""
    player = hand(length=120.0)
    player.director.start()
    player.listen(20.0)
    player.director.sleep(frames(0.5))
    player.director.stop()
    player.listen(STOP / 48_000 + 1.0)
    assert player.director.over


@pytest.mark.parametrize("asked", ["line back", "stay", "toggle", "longer"])
def test_a_stop_is_not_undone(begin: Begin, asked: str) -> None:
    """A key pressed while it fades out is not obeyed: it goes on to silence, without a cut."""
    stage = begin()
    stage.pull(20.0)
    stage.player.do("stop")
    stage.pull(0.3)
    stage.player.do(asked)
    stage.pull(3.0)
    assert stage.player.wait(0.0)
    tape = stage.tape()
    assert np.abs(tape[-480:]).max() < 0.001


def test_the_ground_is_there_from_a_fade_out_too(begin: Begin) -> None:
    """The ground is heard even where it was about to end."""
    stage = begin()
    stage.pull(20.0)
    stage.player.do("stop")
    stage.pull(0.3)
    stage.player.do("ground")
    stage.pull(5.0)
    assert stage.player.now.status == "grounding"


def test_help_on_the_ground_leads_back_to_the_ground(hand: MakeHand) -> None:
    """Who hears the keys there has not left it."""
    player = hand()
    player.director.start()
    player.listen(20.0)
    player.director.ground()
    player.listen(5.0)
    player.director.help()
    hear_out(player)
    assert player.director.now(player.read).status == "grounding"


def test_help_in_a_pause_leads_back_to_the_pause(hand: MakeHand) -> None:
    """Who hears the keys in a pause goes on when they want to, at the place of the pause."""
    player = hand()
    player.director.start()
    player.until("And the floor")
    player.director.pause()
    player.listen(1.0)
    before = player.director.now(player.read).position
    player.director.help()
    hear_out(player)
    now = player.director.now(player.read)
    assert (now.status, now.position) == ("paused", before)
    player.director.play()
    player.listen(1.0)
    assert player.director.now(player.read).status == "playing"


def test_the_ground_can_be_heard_after_sleep_and_a_stop(asleep: Hand) -> None:
    """Who falls asleep, stops and then wants the ground hears it."""
    asleep.listen(10.0)
    asleep.director.stop()
    asleep.listen(0.5)
    asleep.director.ground()
    asleep.until("Feel")
    assert np.abs(asleep.listen(3.0)).max() > 0.05


def test_space_without_a_device(hand: MakeHand) -> None:
    """While the device is gone, space says whether it is to go on by itself on the next one."""
    player = hand(length=120.0)
    player.director.start()
    player.listen(10.0)
    for presses, status in ((1, "paused"), (2, "playing")):
        player.director.lost(player.read)
        for _ in range(presses):
            player.director.toggle()
        player.director.found()
        player.listen(1.0)
        assert player.director.now(player.read).status == status
        player.director.play()
        player.listen(1.0)


@pytest.mark.parametrize("before", [0.0, 6.0])
def test_finish_at_the_very_beginning(hand: MakeHand, before: float) -> None:
    """At the first frame too, finish leads to the closing and past everything else."""
    player = hand()
    player.director.start()
    if before:
        player.listen(before)
        player.director.navigation.skip(-frames(60.0))
    player.director.navigation.finish()
    assert player.until("Look around") < 2.0


def test_finish_while_paused_in_the_closing(hand: MakeHand) -> None:
    """Who wants to finish does not want to wait: the closing goes on."""
    player = hand()
    player.director.start()
    player.listen(10.0)
    player.director.navigation.finish()
    player.until("Look around")
    player.director.pause()
    player.listen(1.0)
    player.director.navigation.finish()
    player.listen(1.0)
    assert player.director.now(player.read).status == "playing"


def test_finish_without_a_closing(hand: MakeHand) -> None:
    """A session that is one piece has no closing to lead to: it fades out."""
    player = hand(ONE_PIECE)
    player.director.start()
    player.listen(5.0)
    player.director.navigation.finish()
    player.listen(6.0)
    assert player.director.over


def test_finish_where_the_closing_is_said_before(hand: MakeHand) -> None:
    """A closing made of what was heard on the way as well is still to come."""
    player = hand(SAID_BEFORE)
    player.director.start()
    player.until("Feel the floor.")
    player.listen(1.0)
    player.director.navigation.finish()
    player.listen(0.5)
    assert player.until("Feel the floor.") < 2.0
    while not player.director.over:
        player.listen(1.0)
    assert player.read < frames(60.0)
