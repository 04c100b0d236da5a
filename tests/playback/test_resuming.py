"""Beginning inside a session, and coming back to it: near where it was left, no more spoken than needed."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable

import numpy as np
import pytest
from msgspec.structs import replace

from tests.playback.conftest import LADDER, SCRIPT, Hand, Kept, MakeHand
from tests.playback.stages import Begin
from voiceguide.audio import Frames, frames, seconds
from voiceguide.errors import WishError
from voiceguide.listeners import Bookmark, Place
from voiceguide.plan.items import RestCue, SpeechCue
from voiceguide.playback import Now
from voiceguide.playback.director import Director
from voiceguide.playback.remembering import KEEP
from voiceguide.playback.resuming import EARLIER
from voiceguide.playback.take import Take
from voiceguide.session import Studio

SILENT = SCRIPT.replace("rest: ~20s", "rest: 4m").replace("most: 10m", "most: 20m")
"""A session with a rest in which one might sit for long."""


def position(player: Hand) -> float:
    return seconds(player.director.now(player.read).position)


def lines(player: Hand) -> list[SpeechCue]:
    return [cue for _, cue in player.stage.take.view if isinstance(cue, SpeechCue)]


def test_only_what_follows_the_start_is_spoken(hand: MakeHand) -> None:
    """To begin near the end nobody waits for what comes before it."""
    player = hand()
    player.director.start(frames(60.0))
    player.listen(1.0)
    assert 60.0 <= position(player) < 61.5
    kept = player.session.clips.kept
    unspoken = [cue.line.text for cue in lines(player) if kept(cue.line.text, cue.line.pace) is None]
    assert unspoken[:2] == ["Notice your feet.", "Both of them."]
    assert "Let the chair do some of the work." in unspoken
    player.until("That is all")


def test_the_start_is_told_before_it_is_heard(hand: MakeHand) -> None:
    """While the card holds back the first sound, the place that is shown is where that begins."""
    player = hand()
    player.director.start(frames(60.0))
    assert position(player) == pytest.approx(60.0, abs=0.2)


def test_what_was_passed_over_is_exact_when_it_is_gone_back_to(hand: MakeHand) -> None:
    """Lines that were only estimated have their own length once they are heard, and so have the rests."""
    player = hand()
    player.director.start(frames(60.0))
    player.listen(1.0)
    player.director.navigation.seek(Frames(0))
    player.listen(1.0)
    player.until("Let the chair")
    clip = player.session.clips.get
    spoken = lines(player)[:4]
    assert [cue.length for cue in spoken] == [clip(cue.line.text, cue.line.pace).length for cue in spoken]
    heard = player.stage.take
    written = [cue for cue in player.session.cues() if isinstance(cue, SpeechCue)][:3]
    assert [cue.start for cue in spoken[:3]] == [cue.start for cue in written]
    assert heard.length == player.session.length


@pytest.mark.slow
@pytest.mark.parametrize("paused", [False, True])
@pytest.mark.parametrize("aside", [Director.ground, Director.help])
def test_a_long_rest_is_come_back_to(hand: MakeHand, aside: Callable[[Director], None], paused: bool) -> None:
    """Who is on the ground minutes into a rest comes back to those minutes, not to the line before them."""
    player = hand(SILENT, length=420.0)
    player.director.start()
    player.until("Let the chair")
    player.listen(120.0)
    before = position(player)
    aside(player.director)
    player.listen(4.0)
    if paused:
        player.director.pause()
        player.listen(1.0)
    player.director.navigation.next()
    player.listen(0.5)
    assert position(player) == pytest.approx(before - seconds(EARLIER) + 0.5, abs=0.2)
    assert np.abs(player.heard[-1]).max() < 0.2


def test_a_long_rest_is_resumed(hand: MakeHand) -> None:
    """It is the same on another time; where the rest is shorter then, it goes on with what follows."""
    player = hand(SILENT, length=420.0)
    player.director.start()
    player.until("Let the chair")
    player.listen(120.0)
    before, place = position(player), player.director.left()
    assert place is not None
    again = hand(SILENT, length=420.0)
    again.director.start(Frames(0), place)
    again.listen(0.5)
    assert position(again) == pytest.approx(before - seconds(EARLIER) + 0.5, abs=0.2)
    short = hand()
    short.director.start(Frames(0), place)
    assert short.until("Look around") < 40.0


def test_a_line_that_has_just_begun_is_resumed(hand: MakeHand) -> None:
    """It is said again; the one before it, half a minute ago, is not."""
    player = hand(length=180.0)
    player.director.start()
    player.until("Look around", 180.0)
    player.listen(0.5)
    place = player.director.left()
    again = hand(length=180.0)
    again.director.start(Frames(0), place)
    assert again.until("Look around") < 1.0


def left_at(player: Hand, words: str) -> Place:
    """Listen until *words*, and a little; return the place for other sessions of the exercise."""
    player.director.start()
    player.until(words, 240.0)
    player.listen(4.5)
    place = player.director.left()
    assert place is not None
    return replace(place, frame=0)


def test_the_same_line_at_another_length(hand: MakeHand) -> None:
    """Who was left at a line comes back to it in a shorter or longer session, with another sound."""
    place = left_at(hand(length=90.0), "Look around")
    for length in (70.0, 240.0):
        again = hand(length=length, ambience="stream")
        again.director.start(Frames(0), place)
        assert again.until("Look around") < 1.0


def test_a_line_that_another_length_lacks(hand: MakeHand) -> None:
    """Where the other session has no such line, it goes on with the last one written before it."""
    place = left_at(hand(length=300.0), "It has nothing else")
    again = hand(length=90.0)
    again.director.start(Frames(0), place)
    assert again.until("Let the chair") < 1.0
    for line in ("", "elsewhere.yaml:99:1:say:0", "nonsense", "script.yaml:1:1::0"):
        anew = hand(length=90.0)
        anew.director.start(Frames(0), replace(place, line=line, steps=0, since=0))
        assert position(anew) < 1.5


def test_the_place_is_kept_now_and_then(begin: Begin, kept: Kept) -> None:
    """Where the power goes, at most half a minute is lost."""
    stage = begin(journal=kept.journal)
    stage.pull(seconds(KEEP) - 2.0)
    assert kept.all(Bookmark) == ()
    stage.pull(4.0)
    (left,) = kept.all(Bookmark)
    assert frames(20.0) < left.place.frame < stage.player.now.position + frames(0.3)


def test_the_place_is_kept_where_playing_fails(begin: Begin, kept: Kept) -> None:
    """A session that cannot go on can still be taken up where it broke off."""
    stage = begin(journal=kept.journal)

    def fail(now: Now) -> None:
        if now.status == "paused":
            raise RuntimeError("the voice is gone")

    stage.pull(10.0)
    stage.pull_until(lambda now: now.position > frames(12.0))
    stage.player.watch(fail)
    stage.player.do("pause")
    with contextlib.suppress(AssertionError):
        stage.pull(1.0)
    assert stage.player.wait(10.0)
    assert isinstance(stage.player.failure, RuntimeError)
    assert len(kept.all(Bookmark)) == 1


TONES = (
    SCRIPT[: SCRIPT.index("  - say: Notice")]
    + """  - section: Breath
    steps:
      - breathe: {in: 4s, out: 6s, for: 2m, guide: tones}
"""
)


def test_a_session_without_words(hand: MakeHand) -> None:
    """Where there is no line to go back to, it is a few seconds, or fifteen, and not the beginning."""
    player = hand(TONES)
    player.director.start()
    player.listen(40.0)
    before = position(player)
    player.director.ground()
    player.listen(3.0)
    player.director.navigation.next()
    player.listen(0.5)
    assert position(player) == pytest.approx(before - seconds(EARLIER) + 0.5, abs=0.2)
    place = player.director.left()
    player.director.navigation.line_back()
    player.listen(0.5)
    assert position(player) == pytest.approx(before - 3.0 - 15.0 + 1.0, abs=0.3)
    again = hand(TONES)
    again.director.start(Frames(0), place)
    again.listen(0.5)
    assert position(again) == pytest.approx(before - 6.0 + 1.0, abs=0.4)


def test_past_the_end_is_no_start(hand: MakeHand) -> None:
    """A start behind the end is refused in a sentence."""
    with pytest.raises(WishError, match="past the end"):
        hand(length=120.0).director.start(frames(121.0))


def test_a_ladder_is_not_resumed(hand: MakeHand) -> None:
    """Each climb begins on the ground."""
    player = hand(LADDER)
    player.director.start()
    player.until("A warm cup")
    player.listen(30.0)
    assert player.director.left() is None
    player.director.start(Frames(0), Place(frames(20.0), "somewhere"))
    player.listen(1.0)
    assert position(player) < 1.5


def test_what_follows_a_section_has_its_lead_in(hand: MakeHand) -> None:
    """Back at the start of a session that opens with a section, the first word still waits 1.5 s."""
    player = hand(
        SCRIPT.replace("steps:\n", "steps:\n  - section: First\n    steps:\n      - say: Hello.\n", 1)
    )
    player.director.start(frames(30.0))
    player.listen(1.0)
    player.director.navigation.seek(Frames(0))
    player.listen(3.0)
    assert lines(player)[0].start == frames(1.5)


def test_keys_that_come_at_once(hand: MakeHand, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key is obeyed from where one is, also right after another, before anything is settled anew."""
    player = hand(length=120.0)
    player.director.start(frames(40.0))
    player.listen(1.0)
    player.director.pause()
    player.listen(0.5)
    held, settle = threading.Event(), Take._settle

    def late(take: Take) -> None:
        held.wait(20.0)
        settle(take)

    monkeypatch.setattr(Take, "_settle", late)
    player.do("voice softer")
    player.do("line back")
    held.set()
    player.listen(1.0)
    assert "Let the chair" in player.words()


def test_lines_close_together(hand: MakeHand) -> None:
    """Going to a line that follows at once on another does not begin with that one's end."""
    player = hand(
        SCRIPT.replace("Notice your feet. [3s] Both of them.", "Notice your feet. [0.1s] Both of them.")
    )
    player.director.start(frames(20.0))
    player.listen(1.0)
    player.director.navigation.seek(Frames(0))
    player.listen(1.0)
    player.director.navigation.line_on()
    player.listen(0.3)
    player.director.navigation.line_on()
    first, second = lines(player)[:2]
    _, at = player.director.feeder.place(player.director.feeder.soon)
    assert first.start + first.length <= at <= second.start


def test_staying_before_it_is_spoken(studio: Studio, hand: MakeHand) -> None:
    """Stay makes a rest longer that nobody knows the time of yet, and no line shorter than it is."""
    player = hand(length=120.0)
    player.director.start()
    player.director.navigation.stay()
    player.listen(5.0)
    clip = player.session.clips.get
    assert all(cue.length == clip(cue.line.text, cue.line.pace).length for cue in lines(player))
    assert player.stage.take.length == frames(150.0)
    rests = [cue.length for _, cue in player.stage.take.view if isinstance(cue, RestCue)]
    assert frames(33.0) in rests
