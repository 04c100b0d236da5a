"""Keys at random: whatever is pressed, and when, nothing clicks, no voice talks over itself, and it ends."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from tests.playback.conftest import LADDER, SCRIPT, Hand, MakeHand
from tests.playback.sources import steepest
from tests.playback.test_director import CLICK
from voiceguide.audio import frames
from voiceguide.plan.items import RestCue, SpeechCue
from voiceguide.playback import COMMANDS

pytestmark = pytest.mark.slow

KEYS = sorted(set(COMMANDS) - {"stop", "louder", "ambience louder", "voice louder"})
"""Those that make the sound louder make its steps larger too: left out, since steps are what is measured."""

WAITS = (0.0, 0.05, 0.4, 1.0, 3.0, 8.0)


def whole(player: Hand) -> None:
    """Check what holds at any moment."""
    now = player.director.now(player.read)
    assert 0 <= now.position <= now.length
    for take in player.director.takes:
        spoken = [cue for _, cue in take.view if isinstance(cue, SpeechCue)]
        assert all(one.start + one.length <= next_one.start for one, next_one in pairwise(spoken))
        assert all(cue.length >= 0 for _, cue in take.view if isinstance(cue, RestCue))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("text", [SCRIPT, LADDER], ids=["script", "ladder"])
def test_any_keys_at_any_time(hand: MakeHand, text: str, seed: int) -> None:
    """After fifteen keys it is finished: the closing is the last that is said, and the session ends."""
    chance = random.Random(seed)
    player = hand(text, length=120.0)
    player.director.start(frames(chance.choice([0.0, 0.0, 30.0])))
    for _ in range(15):
        player.listen(chance.choice(WAITS))
        player.do(chance.choice(KEYS))
        whole(player)
    player.listen(1.0)
    player.director.navigation.finish()
    limit = player.read + frames(300.0)
    while not player.director.over and player.read < limit:
        player.listen(1.0)
        whole(player)
    assert player.director.over
    assert player.words() in {"That is all.", "That was today's ladder."}
    assert player.director.feeder.ring.underruns == 0
    assert steepest(player.tape()) < CLICK
