"""A session whose first moment is heard before there is a player: it goes on as if there had always been."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tests.playback.conftest import MakeHand
from tests.playback.sources import steepest
from voiceguide.audio import Block, Frames, frames
from voiceguide.plan.unroll import LEAD_IN
from voiceguide.playback.device.ring import RAMP
from voiceguide.playback.director import Director
from voiceguide.playback.feeder import MARGIN
from voiceguide.playback.opening import OPENING, Opening, lasts
from voiceguide.playback.prompts import PROMPTS
from voiceguide.playback.stage import CHANGE
from voiceguide.session import Session

BLOCK = frames(0.05)


def pulled(opening: Opening, count: int) -> Block:
    """Return the next *count* frames of it, asked for in blocks of `BLOCK`."""
    blocks = [np.empty((BLOCK, 2), np.float32) for _ in range(count // BLOCK)]
    for block in blocks:
        opening.ring.fill(block)
    return np.concatenate(blocks) if blocks else np.zeros((0, 2), np.float32)


@pytest.fixture
def begun(hand: MakeHand) -> Callable[..., tuple[Block, Session]]:
    """Plays the beginning of a session, *before* of it by the opening alone; returns what is heard."""

    def play(before: float, lasting: float = 12.0, volume: float = 1.0) -> tuple[Block, Session]:
        it = hand(length=90.0)
        session = it.session
        sound = session.opening(OPENING)
        assert sound is not None
        opening = Opening(sound, volume)
        first = pulled(opening, frames(before))
        it.director.close()
        it.director = Director(session, PROMPTS["keys"], volume=volume, opening=opening)
        it.director.start()
        return np.concatenate([first, it.listen(lasting - before, BLOCK)]), session

    return play


@pytest.mark.parametrize("before", [0.0, 0.15, 0.5])
@pytest.mark.parametrize("volume", [1.0, 0.4])
def test_the_session_goes_on_from_its_opening(
    begun: Callable[..., tuple[Block, Session]], before: float, volume: float
) -> None:
    """However much of it was heard already, what is heard is the session, sample by sample, at its volume."""
    heard, session = begun(before, volume=volume)
    np.testing.assert_allclose(heard, volume * session.block(Frames(0), len(heard)), atol=2e-7)


def test_who_comes_late_misses_no_word(begun: Callable[..., tuple[Block, Session]]) -> None:
    """If the rest takes longer to be ready than the opening lasts, the session goes on where that ended."""
    heard, session = begun(3.0)
    at, came_in = frames(3.0) + BLOCK + MARGIN, OPENING - RAMP
    assert not heard[OPENING:at].any()
    after = heard[at + CHANGE :]
    np.testing.assert_allclose(after, session.block(Frames(came_in + CHANGE), len(after)), atol=2e-7)
    assert steepest(heard) < 0.06


def test_a_stale_opening_goes_over_into_the_session(hand: MakeHand) -> None:
    """What was kept of a session that begins otherwise now is heard to its end, and then the session."""
    it = hand(length=90.0)
    sound = it.session.opening(OPENING)
    assert sound is not None
    opening = Opening(0.5 * sound)
    it.director.close()
    it.director = Director(it.session, PROMPTS["keys"], opening=opening)
    it.director.start()
    heard = it.listen(6.0, BLOCK)
    after = OPENING + CHANGE
    np.testing.assert_allclose(heard[after:], it.session.block(Frames(0), len(heard))[after:], atol=2e-7)
    assert steepest(heard) < 0.06


def test_without_a_player_it_fades_out() -> None:
    """An opening that nobody goes on with ends in silence, without a click."""
    opening = Opening(np.full((OPENING, 2), 0.5, np.float32))
    heard = pulled(opening, 2 * OPENING)
    assert (heard[: OPENING - RAMP] == 0.5).all()
    assert not heard[OPENING:].any()
    assert steepest(heard) < 0.001


@pytest.mark.parametrize("before", [0.0, 0.1, 1.35, 2.0])
def test_it_can_be_ended_before_its_end(before: float) -> None:
    """Who leaves meanwhile hears it fade out at once, without a click; it says when the end is written."""
    opening = Opening(np.full((OPENING, 2), 0.5, np.float32), 0.5)
    first = pulled(opening, frames(before))
    left = opening.end()
    heard = np.concatenate([first, pulled(opening, 2 * OPENING)])
    end = max(frames(before), min(frames(before) + frames(left), OPENING))
    assert left < 0.2
    assert (heard[: min(frames(before), OPENING - RAMP)] == 0.25).all()
    assert not heard[end:].any()
    assert steepest(heard) < 0.001


def test_there_is_no_word_in_it() -> None:
    """It ends before a session's first word: nothing has to be spoken for it."""
    assert OPENING < LEAD_IN


@pytest.mark.parametrize(
    ("latency", "early"), [(0.15, True), ("low", True), (0.3, True), (0.6, False), ("high", False)]
)
def test_a_card_that_takes_much_at_once_has_none(latency: str | float, early: bool) -> None:
    """It would have played the opening, and silence after it, before anything else could follow."""
    assert lasts(latency) is early
