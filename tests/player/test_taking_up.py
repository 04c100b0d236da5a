"""Beginning inside a session, and coming back to it: near where it was left, no more spoken than needed."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.player.conftest import SCRIPT, Hand, MakeHand
from tests.player.stages import Begin
from voiceguide.audio import Frames, frames, seconds
from voiceguide.player import Places
from voiceguide.player.director import Director
from voiceguide.player.player import KEEP
from voiceguide.player.stage import EARLIER
from voiceguide.timeline.items import SpeechCue

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


def test_what_was_passed_over_is_exact_when_it_is_gone_back_to(hand: MakeHand) -> None:
    """Lines that were only estimated have their own length once they are heard, and so have the rests."""
    player = hand()
    player.director.start(frames(60.0))
    player.listen(1.0)
    player.director.ways.seek(Frames(0))
    player.listen(1.0)
    player.until("Let the chair")
    clip = player.session.clips.get
    spoken = lines(player)[:4]
    assert [cue.length for cue in spoken] == [clip(cue.line.text, cue.line.pace).length for cue in spoken]
    heard = player.stage.take
    written = [cue for cue in player.session.cues() if isinstance(cue, SpeechCue)][:3]
    assert [cue.start for cue in spoken[:3]] == [cue.start for cue in written]
    assert heard.length == player.session.length


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
    player.director.ways.next()
    player.listen(0.5)
    assert position(player) == pytest.approx(before - seconds(EARLIER) + 0.5, abs=0.2)
    assert np.abs(player.heard[-1]).max() < 0.2


def test_a_long_rest_is_resumed(hand: MakeHand) -> None:
    """It is the same on another time; where the rest is shorter then, it goes on with what follows."""
    player = hand(SILENT, length=420.0)
    player.director.start()
    player.until("Let the chair")
    player.listen(120.0)
    before, place = position(player), player.director.place()
    assert place is not None
    again = hand(SILENT, length=420.0)
    again.director.start(Frames(0), place)
    again.listen(0.5)
    assert position(again) == pytest.approx(before - seconds(EARLIER) + 0.5, abs=0.2)
    short = hand()
    short.director.start(Frames(0), place)
    assert short.until("Look around") < 40.0


def test_the_place_is_kept_now_and_then(begin: Begin, tmp_path: Path) -> None:
    """Where the power goes, at most half a minute is lost."""
    places = Places(tmp_path / "positions")
    stage = begin(places=places)
    key = stage.player._session.place_key
    stage.pull(seconds(KEEP) - 2.0)
    assert places.get(key) is None
    stage.pull(4.0)
    kept = places.get(key)
    assert kept is not None
    assert frames(20.0) < kept.frame < frames(32.0)


def test_the_place_is_kept_where_playing_fails(begin: Begin, tmp_path: Path) -> None:
    """A session that cannot go on can still be taken up where it broke off."""
    places = Places(tmp_path / "positions")
    stage = begin(places=places)

    def fail(director: Director) -> None:
        raise RuntimeError("the voice is gone")

    stage.pull(20.0)
    stage.player.ask(fail)
    with contextlib.suppress(AssertionError):
        stage.pull(1.0)
    assert stage.player.wait(10.0)
    assert isinstance(stage.player.failure, RuntimeError)
    assert places.get(stage.player._session.place_key) is not None
