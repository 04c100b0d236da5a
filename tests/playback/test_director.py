from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from msgspec.structs import replace

from tests.playback.conftest import LADDER, SCRIPT, Hand, MakeHand, settled
from tests.playback.sources import steepest
from voiceguide.audio import RATE, Block, Frames, frames, seconds
from voiceguide.listeners import Place
from voiceguide.plan.items import BedCue, SpeechCue
from voiceguide.playback.climb import SHORTEST_STAY, STAYS
from voiceguide.playback.feeder import MARGIN
from voiceguide.playback.navigation import STAY
from voiceguide.playback.prompts import LEFT_HERE
from voiceguide.playback.resuming import BEFORE_LINE
from voiceguide.playback.stage import CHANGE, PAUSE, SLEEP, STOP

CLICK = 0.06
"""No step between two samples of these sessions, undisturbed, is as large: the voice hums at most at 0.1."""


def started(hand: Hand, start: float = 0.0) -> Hand:
    hand.director.start(frames(start))
    return hand


def session_block(hand: Hand, start: int, count: int) -> Block:
    return hand.session.block(Frames(start), count)


def position(hand: Hand) -> float:
    return seconds(hand.director.now(hand.read).position)


def begins(hand: Hand, words: str) -> float:
    """Return when *words* begin in the session as it is now, in seconds."""
    settled(hand.stage.take)
    return next(
        seconds(cue.start)
        for _, cue in hand.stage.take.view
        if isinstance(cue, SpeechCue) and words in cue.line.text
    )


def test_a_session_is_played_sample_for_sample(hand: MakeHand) -> None:
    """What the card gets is what is rendered, from the first frame to the last, and then it is over."""
    player = started(hand(length=90.0))
    player.listen(95.0)
    tape, at = player.tape(), MARGIN
    whole = session_block(player, 0, player.session.length)
    assert np.array_equal(tape[at + PAUSE : at + len(whole)], whole[PAUSE : len(tape) - at])
    assert len(tape) >= at + len(whole)
    assert player.director.over
    assert player.director.feeder.ring.underruns == 0


@pytest.mark.parametrize("heard", [0.0, 0.01])
def test_a_card_that_goes_away_again_at_once_loses_nothing(hand: MakeHand, heard: float) -> None:
    """Lost anew before the session is heard on the next card, it goes on from there on the one after."""
    player = started(hand())
    player.listen(5.0)
    place = position(player)
    player.director.lost(player.read)
    player.director.found()
    player.listen(heard)
    assert player.director.feeder.place(player.read)[0] is not player.stage.take
    player.director.lost(player.read)
    player.director.found()
    player.listen(1.0)
    assert player.director.now(player.read).status == "playing"
    assert 0.5 < position(player) - place < 1.1


def test_a_session_starts_anywhere(hand: MakeHand) -> None:
    """A start inside a session that was spoken before is exact, too."""
    player = hand()
    assert list(player.session.cues())
    started(player, 31.7)
    heard = player.listen(3.0)
    expected = session_block(player, frames(31.7), len(heard))
    assert np.array_equal(heard[MARGIN + CHANGE :], expected[CHANGE : len(heard) - MARGIN])


def test_a_pause_stops_voice_and_bed_and_loses_nothing(hand: MakeHand) -> None:
    """A pause goes to silence, stays there, and goes on with the very next frame; nothing clicks."""
    player = started(hand())
    player.listen(5.0)
    player.director.toggle()
    player.listen(1.0)
    assert player.director.now(player.read).status == "paused"
    assert not player.listen(2.0).any()
    player.director.toggle()
    player.listen(1.0)
    heard = player.listen(2.0)
    place = player.director.feeder.place(player.read)[1]
    assert np.array_equal(heard, session_block(player, place - len(heard), len(heard)))
    assert place < frames(5.0 + 3.5)
    assert steepest(player.tape()) < CLICK


def test_the_place_does_not_jump_when_the_session_changes(hand: MakeHand) -> None:
    """Until a change is heard, the place is that of what is heard still."""
    player = started(hand())
    player.listen(8.0)
    navigation = player.director.navigation
    changes: tuple[Callable[[], None], ...] = (navigation.stay, lambda: navigation.seek(frames(60.0)))
    for change in changes:
        before = position(player)
        change()
        assert position(player) == before
        player.listen(1.0)
    assert position(player) == pytest.approx(61.0, abs=0.2)


def test_a_stop_fades(hand: MakeHand) -> None:
    """A stop takes a second and a half to go, without a click, and then it is over."""
    player = started(hand())
    player.listen(5.0)
    player.director.stop()
    heard = player.listen(5.0)
    assert player.director.over
    assert frames(1.4) < len(heard) < frames(2.0)
    assert np.max(np.abs(heard[-100:])) < 0.001
    assert np.max(np.abs(heard[STOP // 3 : STOP // 2])) > 0.001
    assert steepest(player.tape()) < CLICK


def test_every_command_is_answered_and_nothing_clicks(hand: MakeHand) -> None:
    """Whatever is asked, and however fast, it is heard within a quarter of a second, without a click."""
    player = started(hand(length=240.0))
    player.listen(3.0)
    to = player.director
    commands = (
        to.navigation.line_on, to.navigation.stay, to.navigation.next, to.navigation.back,
        to.navigation.line_back, to.softer, to.louder,
        lambda: to.adjustments.longer(frames(60.0)), lambda: to.adjustments.ambience("stream"),
        lambda: to.adjustments.bed_level(-26.0), lambda: to.adjustments.voice_level(-6.0),
        lambda: to.navigation.seek(frames(20.0)), to.ground, to.navigation.next, to.pause,
        to.play, to.help, to.navigation.finish,
    )  # fmt: skip
    for command in commands:
        without = to.feeder.montage.block(player.read, frames(0.25))
        command()
        heard = player.listen(0.25)
        assert not np.allclose(heard, without, atol=1e-4), command
        player.listen(1.3)
    for command in commands[:-1]:
        command()
        player.listen(0.03)
    player.listen(3.0)
    assert steepest(player.tape()) < CLICK
    assert to.feeder.ring.underruns == 0


def test_a_line_back_and_a_line_on(hand: MakeHand) -> None:
    """A line on begins after a third of a second; a line back is the same, or at its start the one before."""
    player = started(hand())
    player.until("Notice your feet")
    player.listen(0.5)
    player.director.navigation.line_on()
    assert player.until("Both of them") < 0.6
    player.director.navigation.line_on()
    assert player.until("And the floor") < 0.6
    player.listen(3.0)
    player.director.navigation.line_back()
    player.listen(0.2)
    assert player.until("And the floor") < 0.6
    player.director.navigation.line_back()
    assert player.until("Both of them") < 0.6
    player.listen(0.5)
    heard = player.listen(3.0)
    place = player.director.feeder.place(player.read)[1]
    assert np.array_equal(heard, session_block(player, place - len(heard), len(heard)))


def test_chapters_on_and_back(hand: MakeHand) -> None:
    """Next goes to the next chapter, back to the start of this one and then to the one before."""
    player = started(hand())
    player.listen(2.0)
    player.director.navigation.next()
    player.listen(1.0)
    assert player.director.now(player.read).chapter == "The chair"
    player.director.navigation.next()
    player.listen(8.0)
    assert player.director.now(player.read).chapter == "Breath"
    player.director.navigation.back()
    player.listen(1.0)
    assert player.director.now(player.read).chapter == "Breath"
    player.director.navigation.back()
    player.listen(1.0)
    assert player.director.now(player.read).chapter == "The chair"
    player.director.navigation.chapter(2)
    player.listen(1.0)
    assert player.director.now(player.read).chapter == "Coming back"
    assert player.director.now(player.read).length == player.session.length


def test_stay_is_half_a_minute_more_of_this_rest(hand: MakeHand) -> None:
    """Staying moves the next line by exactly 30 s, and the end too; what comes sounds as it would have."""
    player = started(hand(ambience="none"))
    player.until("And the floor")
    player.listen(2.5)
    before = begins(player, "Let the chair")
    player.director.navigation.stay()
    assert begins(player, "Let the chair") == before + seconds(STAY)
    assert player.director.now(player.read).length == player.session.length + STAY
    player.until("Let the chair")
    heard = player.listen(20.0)
    place = player.director.feeder.place(player.read)[1] - STAY
    expected = session_block(player, place - len(heard), len(heard))
    assert np.array_equal(heard, expected)
    assert np.abs(heard).max() > 0.1


def test_ten_more_minutes_reach_to_the_frame(hand: MakeHand) -> None:
    """A longer session ends on its new last frame, with what only the longer one says, and the closing."""
    player = started(hand(length=90.0))
    player.until("And the floor")
    player.director.adjustments.longer(frames(210.0))
    settled(player.stage.take)
    assert player.director.now(player.read).length == frames(300.0)
    lines = [cue.line.text for _, cue in player.stage.take.view if isinstance(cue, SpeechCue)]
    assert lines == [
        "Notice your feet.", "Both of them.", "And the floor.", "Let the chair do some of the work.",
        "It has nothing else to do.", "Look around.", "That is all.",
    ]  # fmt: skip
    player.director.adjustments.longer(-frames(60.0))
    assert player.director.now(player.read).length == frames(240.0)
    assert "4:00" in player.director.now(player.read).note


def test_no_longer_than_the_author_allows(hand: MakeHand) -> None:
    """Where more is asked than the script can be, it becomes as long as it can."""
    player = started(hand(length=240.0))
    player.listen(3.0)
    player.director.adjustments.longer(frames(3600.0))
    assert player.director.now(player.read).length <= player.session.script.length.most


def test_another_bed_while_it_plays(hand: MakeHand) -> None:
    """Another ambience takes over within a second, and the voice is where it was."""
    player = started(hand())
    player.until("Notice your feet")
    player.director.adjustments.ambience("stream", -24.0)
    player.listen(2.0)
    heard = player.listen(1.0)
    take = player.stage.take
    place = player.director.feeder.place(player.read)[1]
    assert np.array_equal(heard, take.block(place - len(heard), len(heard)))
    beds = [cue for _, cue in take.view if isinstance(cue, BedCue)]
    assert [(bed.sound, bed.level_db) for bed in beds] == [("stream", -24.0)]
    assert begins(player, "And the floor") == pytest.approx(
        next(
            seconds(cue.start)
            for cue in player.session.cues()
            if isinstance(cue, SpeechCue) and "floor" in cue.line.text
        )
    )
    player.director.adjustments.ambience(None)
    player.listen(1.5)
    assert player.director.now(player.read).status == "playing"
    assert steepest(player.tape()) < CLICK


def test_ground_me_reaches_its_first_word_within_a_second(hand: MakeHand) -> None:
    """From anywhere, paused or not, "ground me" speaks within a second; next comes back to the line left."""
    player = started(hand())
    for before in (0.1, 6.0, 20.0):
        player.listen(before)
        if before == 6.0:
            player.director.pause()
            player.listen(1.0)
        player.director.ground()
        assert player.until("You can stop any time") < 1.0
        assert player.director.now(player.read).status == "grounding"
        assert player.director.now(player.read).choices == ("next", "finish")
        player.listen(4.0)
        player.director.navigation.next()
        player.listen(2.0)
        assert player.director.now(player.read).status == "playing"
        assert "Notice" in player.words() or "Both" in player.words() or "floor" in player.words()


def test_nobody_answers_on_the_ground(hand: MakeHand) -> None:
    """With no answer the ground asks three times, says goodbye and ends, and the session is not forgotten."""
    player = started(hand())
    player.listen(40.0)
    player.director.ground()
    player.listen(2.0)
    player.until(LEFT_HERE[0], 300.0)
    player.listen(60.0)
    assert player.director.over
    place = player.director.left()
    assert place is not None
    assert place.frame > frames(35.0)


def test_finish_comes_to_the_closing(hand: MakeHand) -> None:
    """Finishing breaks off and goes to the last piece; asked again there, it goes on."""
    player = started(hand())
    player.until("Notice your feet")
    player.listen(0.5)
    player.director.navigation.finish()
    assert player.until("Look around") < 1.2
    player.director.navigation.finish()
    player.listen(60.0)
    assert player.director.over
    assert player.director.left() is None


def test_finish_from_the_ground_and_from_a_pause(hand: MakeHand) -> None:
    """The closing can be had from anywhere."""
    player = started(hand())
    player.listen(8.0)
    player.director.ground()
    player.listen(3.0)
    player.director.navigation.finish()
    assert player.until("Look around") < 1.6
    other = started(hand())
    other.listen(8.0)
    other.director.pause()
    other.listen(1.0)
    other.director.navigation.finish()
    assert other.until("Look around") < 1.6


def test_help_is_read_and_comes_back(hand: MakeHand) -> None:
    """The keys are read aloud, and the line that was left is said again."""
    player = started(hand())
    player.until("And the floor")
    player.director.help()
    player.until("Space: pause")
    player.until("Capital Q", 60.0)
    player.until("And the floor")
    assert player.director.now(player.read).status == "playing"


def test_sleep_fades_and_remembers_where(hand: MakeHand) -> None:
    """At its time the sound takes 20 s to go, and the place is that where it began to."""
    player = started(hand(length=120.0))
    player.director.sleep(frames(40.0))
    player.listen(39.0)
    begins_at = position(player)
    fading = player.listen(40.0)
    assert player.director.over
    assert abs(len(fading) - (SLEEP + RATE)) < frames(0.5)
    assert np.max(np.abs(fading[-1000:])) < 0.001
    place = player.director.left()
    assert place is not None
    assert abs(seconds(place.frame) - begins_at - 1.0) < 0.3


def test_a_key_keeps_awake(hand: MakeHand) -> None:
    """Waking while it fades brings the sound back at once, and it does not end."""
    player = started(hand(length=120.0))
    player.director.sleep(frames(20.0))
    player.listen(35.0)
    player.director.wake()
    player.listen(0.7)
    heard = player.listen(20.0)
    place = player.director.feeder.place(player.read)[1]
    assert np.array_equal(heard, session_block(player, place - len(heard), len(heard)))
    assert not player.director.over


def test_taken_up_where_it_was_left(hand: MakeHand) -> None:
    """A resumed session begins at the start of a line, a few seconds before the place."""
    player = started(hand())
    player.until("Let the chair")
    player.listen(1.0)
    place = player.director.left()
    assert place is not None
    again = hand()
    again.director.start(Frames(0), place)
    assert again.until("And the floor") < 1.0
    player.listen(5.0)
    place = player.director.left()
    again = hand()
    again.director.start(Frames(0), place)
    assert again.until("Let the chair") < 1.0


VARIED = SCRIPT.replace(
    "  - say: And the floor.\n",
    """  - one of:
      - - say: And the floor.
      - - say: A long way down there is the floor.
        - say: It is there all the same.
      - - say: The ground.
  - one of:
      - - say: One way.
        - rest: 4s
      - - say: Another way.
        - rest: 4s
""",
)


def test_taken_up_on_another_day(hand: MakeHand) -> None:
    """With other variants it goes on at the same line; where that is not said today, at the same time."""
    days = [f"2026-11-{day}" for day in range(10, 30)]
    player = started(hand(VARIED, seed=days[0]))
    player.until("Let the chair")
    player.listen(5.0)
    place = player.director.left()
    assert place is not None
    assert all(
        _taken_up(hand(VARIED, seed=day), place) == "Let the chair do some of the work." for day in days
    )
    gone = replace(place, line="script.yaml:1:1::0")
    assert _taken_up(hand(VARIED, seed=days[0]), gone) == "Let the chair do some of the work."
    assert "Notice" in _taken_up(hand(VARIED, seed=days[0]), replace(gone, steps=10**9, frame=10**12))


def _taken_up(hand: Hand, place: Place) -> str:
    hand.director.start(Frames(0), place)
    hand.listen(1.0)
    return hand.words()


def test_volume_goes_smoothly(hand: MakeHand) -> None:
    """Softer is softer by a tenth, without a click, and never under nothing."""
    player = started(hand())
    player.listen(4.0)
    player.director.softer()
    player.listen(0.6)
    heard = player.listen(1.0)
    place = player.director.feeder.place(player.read)[1]
    assert np.allclose(heard, 0.9 * session_block(player, place - len(heard), len(heard)), atol=1e-4)
    for _ in range(12):
        player.director.softer()
    player.listen(2.0)
    assert player.director.now(player.read).volume == 0.0
    assert not player.listen(1.0).any()


def test_a_ladder_asks_and_never_climbs_by_itself(hand: MakeHand) -> None:
    """After a rung the choices are spoken; no answer stays, three times, and then comes a gentle close."""
    player = started(hand(LADDER))
    player.until("A warm cup")
    player.until("S to stay here")
    player.listen(5.0)
    assert player.director.now(player.read).status == "choosing"
    assert player.director.now(player.read).choices == ("stay", "next", "back", "ground", "finish")
    said = [cue.line.text for _, cue in player.stage.take.view if isinstance(cue, SpeechCue)]
    assert sum("Still here" in text for text in said) == STAYS - 1
    assert "A place you liked." not in said
    player.until("That was today's ladder")
    player.listen(60.0)
    assert player.director.over


def test_a_ladder_is_climbed_when_asked(hand: MakeHand) -> None:
    """Next goes up one rung, back down one, stay waits anew, and the ground is the ladder's own."""
    player = started(hand(LADDER))
    navigation = player.director.navigation
    player.until("S to stay here")
    navigation.next()
    assert player.until("A place you liked") < 1.2
    player.until("Still here")
    navigation.stay()
    player.listen(10.0)
    assert player.director.now(player.read).status == "choosing"
    player.director.ground()
    assert player.until("Feel the floor") < 1.0
    navigation.next()
    player.listen(1.0)
    navigation.back()
    assert player.until("A warm cup") < 1.2
    player.until("S to stay here")
    navigation.next()
    player.until("A place you liked")
    navigation.next()
    assert player.until("That was today's ladder") < 1.2
    assert player.director.now(player.read).choices == ()
    assert steepest(player.tape()) < CLICK


def climbed(hand: Hand) -> Hand:
    """Return *hand* a moment after the question was answered."""
    player = started(hand)
    player.until("No key at all")
    player.listen(4.0)
    player.director.navigation.next()
    player.until("A place you liked")
    return player


STEPS_BACK: tuple[tuple[str, Callable[[Hand], object]], ...] = (
    ("skip back", lambda to: to.do("skip back")),
    ("line back", lambda to: to.do("line back")),
    ("chapter", lambda to: to.do("chapter 1")),
    ("seek", lambda to: to.director.navigation.seek(frames(begins(to, "A warm cup") + 0.5))),
    ("seek to the start", lambda to: to.director.navigation.seek(0)),
)


@pytest.mark.slow
@pytest.mark.parametrize("step", [step for _, step in STEPS_BACK], ids=[name for name, _ in STEPS_BACK])
def test_a_ladder_gone_back_on_asks_again(hand: MakeHand, step: Callable[[Hand], object]) -> None:
    """By whatever way the listener goes back, the question waits anew, and no answer means stay."""
    player = climbed(hand(LADDER))
    player.listen(0.5)
    step(player)
    player.until("No key at all")
    assert player.until("Still here") > SHORTEST_STAY / RATE
    for _ in range(STAYS - 1):
        player.listen(20.0)
        assert player.director.now(player.read).status == "choosing"
        assert player.director.now(player.read).chapter == "The first"
    settled(player.stage.take)
    said = [cue.line.text for _, cue in player.stage.take.view if isinstance(cue, SpeechCue)]
    assert "A place you liked." not in said
    assert sum("S to stay here" in text for text in said) == 1
    player.until("That was today's ladder")
    player.listen(60.0)
    assert player.director.over
    assert steepest(player.tape()) < CLICK


def test_a_ladder_gone_back_on_is_climbed_again(hand: MakeHand) -> None:
    """The question that is asked again is answered as the first time was, held or not."""
    player = climbed(hand(LADDER))
    player.director.pause()
    player.listen(0.5)
    player.director.navigation.seek(frames(begins(player, "A warm cup") - 0.2))
    player.director.play()
    player.until("A warm cup")
    player.until("No key at all")
    player.listen(30.0)
    player.director.navigation.next()
    assert player.until("A place you liked") < 1.2
    player.until("Still here")
    player.director.navigation.next()
    assert player.until("That was today's ladder") < 1.2


def test_on_the_rung_that_was_chosen_going_back_changes_nothing(hand: MakeHand) -> None:
    """What was answered before the place that is gone back to stays answered."""
    player = climbed(hand(LADDER))
    player.until("Still here")
    before = player.stage.take
    settled(before)
    player.director.navigation.line_back()
    player.listen(0.5)
    assert player.words() == "A place you liked."
    player.director.navigation.seek(frames(begins(player, "A place you liked")))
    assert player.stage.take is before


def test_a_ladder_finished_asks_again_when_gone_back_on(hand: MakeHand) -> None:
    """From the closing, too, going back leads to the question as if it had not been answered."""
    player = started(hand(LADDER))
    player.until("S to stay here")
    player.director.navigation.finish()
    player.until("That was today's ladder")
    player.do("chapter 1")
    player.until("No key at all")
    assert player.until("Still here") > SHORTEST_STAY / RATE
    player.director.navigation.next()
    assert player.until("A place you liked") < 1.2


def test_before_the_ladder_next_is_the_next_chapter(hand: MakeHand) -> None:
    """In the opening the keys mean what they mean anywhere: next goes to the first rung."""
    player = started(hand(LADDER))
    player.listen(2.0)
    player.director.navigation.next()
    assert player.until("A warm cup") < BEFORE_LINE / RATE + 0.5


def test_it_knows_when_it_speaks(hand: MakeHand) -> None:
    """A player is speaking from a line's first frame to its last, not in a rest, and not while paused."""
    player = started(hand())
    player.until("And the floor")
    line = next(
        cue for _, cue in player.stage.take.view if isinstance(cue, SpeechCue) and "floor" in cue.line.text
    )
    origin = player.read - player.director.now(player.read).position
    for frame, speaking in (
        (line.start - 1, False), (line.start, True), (line.start + line.length - 1, True),
        (line.start + line.length, False),
    ):  # fmt: skip
        assert player.director.now(origin + frame).speaking is speaking
    player.director.pause()
    assert not player.director.now(player.read).speaking
