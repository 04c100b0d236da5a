"""What a listener may change by a key while a session plays: exact, soon heard, without a click."""

from __future__ import annotations

import re

import numpy as np
import pytest

from tests.playback.conftest import LADDER, SCRIPT, Hand, MakeHand, settled
from tests.playback.sources import steepest
from tests.playback.test_director import CLICK, begins, session_block, started
from voiceguide.audio import RATE, Block, decibels, frames, gain
from voiceguide.plan.items import BedCue, BellCue, RestCue, SpeechCue
from voiceguide.playback.adjustments import VOICE_LOUDEST_DB, VOICE_SOFTEST_DB
from voiceguide.playback.commands import LEVEL_STEP_DB, SKIP
from voiceguide.playback.earcons import earcon
from voiceguide.playback.take import Take
from voiceguide.script.model import Bed
from voiceguide.sounds.ambience import sounds
from voiceguide.sounds.mix import loudest_db

SOON = frames(0.3)
"""From a key to what it does."""


def press(player: Hand, command: str) -> int:
    """Do *command*; return how many frames later something else than before is heard."""
    before = player.director.feeder.montage
    player.do(command)
    after = player.director.feeder.montage
    assert after is not before, f"{command} is not answered"
    known = {id(known) for known in (*before.parts, *before.extras)}
    news = [part.at for part in after.parts if id(part) not in known]
    news += [extra.at for extra in after.extras if id(extra) not in known]
    return min(news) - player.read


def answer(player: Hand, command: str) -> Block:
    """Return the sound that *command* is answered with, over what would have been heard without it."""
    without = player.director.feeder.montage.block(player.read, frames(0.7))
    player.do(command)
    over = player.listen(0.7) - without
    first = int(np.argmax(np.abs(over).max(axis=1) > 1e-5))
    return over[first - 2 : first + frames(0.2)]


def refused(player: Hand, command: str) -> bool:
    """Return whether *command* is answered with the sound for no, and nothing else changes."""
    heard, no = answer(player, command), earcon("no")
    start = int(np.argmax(np.abs(no).max(axis=1) > 1e-5)) - 2
    return np.allclose(heard, no[start : start + len(heard)], atol=2e-5)


def heard_now(player: Hand) -> tuple[Take, int]:
    source, frame = player.director.feeder.place(player.read)
    assert isinstance(source, Take)
    return source, frame


def beds(player: Hand) -> list[tuple[str | None, float | None]]:
    settled(player.stage.take)
    return [(cue.sound, cue.level_db) for _, cue in player.stage.take.view if isinstance(cue, BedCue)]


def level(player: Hand) -> float | None:
    """Return the level of the one bed there is."""
    ((_, level_db),) = beds(player)
    return level_db


def voice_levels(take: Take) -> set[float]:
    settled(take)
    return {cue.line.level_db for _, cue in take.view if isinstance(cue, SpeechCue)}


def test_ten_minutes_more_and_fewer(hand: MakeHand) -> None:
    """The length changes as far as it can; then the answer is no. The closing comes in any case."""
    player = started(hand(length=120.0))
    player.until("And the floor")
    assert press(player, "longer") < SOON
    player.listen(1.0)
    assert player.director.now(player.read).length > frames(300.0)
    assert "in all" in player.director.now(player.read).note
    assert refused(player, "longer")
    assert press(player, "shorter") < SOON
    player.listen(1.0)
    assert player.director.now(player.read).length < frames(90.0)
    assert refused(player, "shorter")
    player.until("That is all")
    player.listen(60.0)
    assert player.director.over
    assert steepest(player.tape()) < CLICK


@pytest.mark.parametrize("declared", ["length: auto\n", ""])
def test_only_the_closing_gives_way_where_the_length_is_the_lines(hand: MakeHand, declared: str) -> None:
    """Ten minutes more or fewer leave every line and exact rest as it is: the closing rest gives way."""

    def rests(take: Take) -> list[int]:
        settled(take)
        return [cue.length for _, cue in take.view if isinstance(cue, RestCue) and cue.exact]

    player = started(hand(re.sub(r"(?m)^length: .*\n", declared, SCRIPT.replace("rest: ~", "rest: "))))
    written, length = rests(player.stage.take), player.session.length
    for command in ("longer", "shorter"):
        assert press(player, command) < SOON
        player.listen(1.0)
        assert rests(player.stage.take) == written
        assert abs(player.director.now(player.read).length - length) < frames(60.0)
    player.until("That is all")
    player.listen(60.0)
    assert player.director.over
    assert steepest(player.tape()) < CLICK


def test_a_quarter_of_a_minute_on_and_back(hand: MakeHand) -> None:
    """A skip is exact to the frame, what follows is as rendered, and before the start there is nothing."""
    player = started(hand())
    player.listen(20.0)
    for command, by in (("skip on", SKIP), ("skip back", -SKIP), ("skip back", -SKIP)):
        place, read = heard_now(player)[1], player.read
        assert press(player, command) < SOON
        player.listen(1.5)
        assert heard_now(player)[1] == place + by + player.read - read
        heard = player.listen(0.5)
        at = heard_now(player)[1]
        assert np.array_equal(heard, session_block(player, at - len(heard), len(heard)))
    press(player, "skip back")
    player.listen(0.5)
    assert heard_now(player)[1] < frames(0.6)
    assert steepest(player.tape()) < CLICK


def test_a_skip_never_ends_a_session(hand: MakeHand) -> None:
    """Past the end there is nothing to skip to: it says no, and the last line is heard."""
    player = started(hand(length=90.0))
    player.until("Look around")
    player.listen(0.7)
    while heard_now(player)[1] + SKIP < player.session.length:
        player.listen(0.5)
    assert refused(player, "skip on")
    player.listen(30.0)
    assert player.director.over
    assert "That is all" in player.words()


def test_a_skip_in_a_pause_stays_in_it(hand: MakeHand) -> None:
    """In a pause a skip moves the place, with its sound, and nothing else is heard until it goes on."""
    player = started(hand())
    player.listen(5.0)
    player.director.pause()
    player.listen(1.0)
    place = player.director.now(player.read).position
    press(player, "skip on")
    player.listen(1.0)
    assert not player.listen(1.0).any()
    assert player.director.now(player.read).status == "paused"
    assert player.director.now(player.read).position == place + SKIP
    player.director.play()
    player.listen(1.0)
    heard = player.listen(1.0)
    at = heard_now(player)[1]
    assert frames(1.8) < at - place - SKIP < frames(2.0)
    assert np.array_equal(heard, session_block(player, at - len(heard), len(heard)))


@pytest.mark.slow
def test_from_one_ambience_to_the_next(hand: MakeHand) -> None:
    """Every ambience has its turn, then none, then the first again; words and length stay as they are."""
    player = started(hand())
    player.until("Notice your feet")
    names: list[str | None] = [sound.name for sound in sounds()]
    order = [*names[names.index("soft-rain") + 1 :], None, *names[: names.index("soft-rain") + 1]]
    line = begins(player, "Let the chair")
    for name in order:
        assert press(player, "ambience") < SOON
        player.listen(0.2)
        assert [sound for sound, _ in beds(player)] == [name]
        assert (name or "none") in player.director.now(player.read).note
    assert begins(player, "Let the chair") == line
    assert steepest(player.tape()) < CLICK


def test_more_and_less_of_the_ambience(hand: MakeHand) -> None:
    """A step is exactly 3 dB, heard at once; where there is no room for more, or no bed, the answer is no."""
    player = started(hand(ambience_level_db=-30.0))
    player.until("And the floor")
    player.listen(8.0)
    assert press(player, "ambience louder") < SOON
    player.listen(1.5)
    heard = player.listen(2.0)
    at = heard_now(player)[1]
    expected = session_block(player, at - len(heard), len(heard)) * gain(LEVEL_STEP_DB)
    assert "Let the chair" not in player.words()
    assert np.allclose(heard, expected, atol=1e-5)
    assert steepest(player.tape()) < CLICK
    most = loudest_db(player.session.palette.bed("soft-rain"), 0.0)
    for _ in range(8):
        player.do("ambience louder")
        player.listen(0.2)
    assert level(player) == pytest.approx(most)
    player.listen(1.0)
    assert refused(player, "ambience louder")
    player.do("ambience softer")
    assert level(player) == pytest.approx(most - LEVEL_STEP_DB)
    player.director.adjustments.ambience(None)
    player.listen(1.5)
    assert refused(player, "ambience softer")


SOFTENED = SCRIPT.replace(
    "  - say: And the floor.\n",
    "  - say: And the floor.\n  - ambience: {sound: stream, level: -30 dB, fade: 1s}\n",
)


def test_from_the_bed_that_is_heard(hand: MakeHand) -> None:
    """Where the script has changed the bed, softer is softer than that, and the next one comes after that."""
    player = started(hand(SOFTENED))
    player.until("And the floor")
    player.listen(6.0)
    player.do("ambience softer")
    player.listen(1.5)
    assert player.director.adjustments.heard.level_db == -30.0 - LEVEL_STEP_DB
    names = [sound.name for sound in sounds()]
    player.do("ambience")
    player.listen(1.5)
    assert player.director.adjustments.heard.sound == [*names, None][names.index("stream") + 1]
    assert steepest(player.tape()) < CLICK


def test_the_bed_that_is_heard_goes_along(hand: MakeHand) -> None:
    """The ground and what covers a gap have the bed that the script has come to, not that it began with."""
    player = started(hand(SOFTENED))
    player.listen(1.0)
    before = np.sqrt(np.mean(player.director.feeder.ring.bridge(0, RATE) ** 2))
    player.until("And the floor")
    player.listen(6.0)
    after = np.sqrt(np.mean(player.director.feeder.ring.bridge(0, RATE) ** 2))
    assert decibels(float(after / before)) < -7.0
    player.director.ground()
    player.listen(2.0)
    assert heard_now(player)[0].course.timeline.bed == Bed("stream", -30.0)


@pytest.mark.parametrize("start", [1.6, 3.0])
def test_longer_before_the_first_word(hand: MakeHand, start: float) -> None:
    """What is made longer in a beginning without words does not begin anew; a line back is its beginning."""
    player = started(hand(SCRIPT.replace("steps:\n", "steps:\n  - bell: bowl\n  - rest: ~10s\n", 1)))
    player.listen(start)
    player.do("longer")
    player.until("And the floor")
    view = [cue for _, cue in player.stage.take.view]
    assert sum(isinstance(cue, BellCue) for cue in view) == 1
    assert [cue.line.text for cue in view if isinstance(cue, SpeechCue)][:2] == [
        "Notice your feet.",
        "Both of them.",
    ]
    player.director.navigation.seek(frames(5.0))
    player.listen(0.5)
    player.do("line back")
    player.listen(0.3)
    assert player.director.now(player.read).position < frames(3.0)


@pytest.mark.parametrize("command", ["longer", "shorter"])
def test_the_closing_stays_the_closing(hand: MakeHand, command: str) -> None:
    """Who finishes and at once asks for more or less hears the closing, and nothing of the middle."""
    player = started(hand())
    player.until("Notice your feet")
    player.director.navigation.finish()
    player.listen(0.3)
    player.do(command)
    player.listen(0.2)
    player.do(command)
    words = [player.words()]
    while not player.director.over and player.read < frames(700.0):
        player.listen(0.5)
        if player.words() != words[-1]:
            words.append(player.words())
    assert words[1:] == ["Look around.", "That is all."]
    assert steepest(player.tape()) < CLICK


def test_shorter_is_never_longer(hand: MakeHand) -> None:
    """Where the shortest that can be had is longer than what is left, the answer is no."""
    player = started(hand(length=64.0))
    player.until("Look around")
    player.director.navigation.stay()
    for _ in range(3):
        player.listen(1.0)
        before = player.stage.take.length
        player.do("shorter")
        assert player.stage.take.length <= before
    player.director.navigation.finish()
    before = player.stage.take.length
    player.do("shorter")
    assert player.stage.take.length <= before


def test_the_volume_has_ends(hand: MakeHand) -> None:
    """Louder than all there is, and softer than nothing, is answered with no."""
    player = started(hand())
    player.listen(1.0)
    assert refused(player, "louder")
    player.do("softer")
    player.listen(1.0)
    assert not refused(player, "louder")
    for _ in range(10):
        player.do("softer")
    assert player.director.now(player.read).volume == pytest.approx(0.0)


def test_the_voice_louder_and_softer(hand: MakeHand) -> None:
    """A step is exactly 3 dB on every line from here on, within bounds; beyond them it says no."""
    player = started(hand(ambience="none"))
    player.until("Notice your feet")
    assert press(player, "voice softer") < SOON
    player.until("And the floor")
    player.listen(0.5)
    heard = player.listen(0.5)
    at = heard_now(player)[1]
    assert np.abs(heard).max() > 0.01
    expected = session_block(player, at - len(heard), len(heard)) * gain(-LEVEL_STEP_DB)
    assert np.allclose(heard, expected, atol=1e-5)
    for command, level in (("voice softer", VOICE_SOFTEST_DB), ("voice louder", VOICE_LOUDEST_DB)):
        while player.director.adjustments.voice_db != level:
            player.do(command)
            player.listen(0.1)
        player.listen(1.0)
        assert refused(player, command)
        assert voice_levels(player.stage.take) == {level}
    assert np.abs(player.tape()).max() < gain(-1.0)


def test_what_is_chosen_stays(hand: MakeHand) -> None:
    """Levels and ambience are kept by all that is written anew later: a longer session, and the closing."""
    player = started(hand(length=90.0))
    player.until("And the floor")
    for command in ("voice softer", "ambience", "ambience softer", "longer"):
        player.do(command)
        player.listen(0.3)
    chosen = beds(player)
    assert voice_levels(player.stage.take) == {-LEVEL_STEP_DB}
    player.do("finish")
    assert player.until("Look around") < 1.3
    assert voice_levels(player.stage.take) == {-LEVEL_STEP_DB}
    assert beds(player) == chosen
    assert chosen[0][0] not in ("soft-rain", None)


def test_on_the_ground_too(hand: MakeHand) -> None:
    """On the ground voice and bed change at once, where it is; on coming back the session has them too."""
    player = started(hand())
    player.listen(8.0)
    player.director.ground()
    player.listen(4.0)
    place, words, read = heard_now(player)[1], player.words(), player.read
    assert press(player, "voice softer") < SOON
    assert press(player, "ambience") < SOON
    player.listen(0.5)
    ground, now = heard_now(player)
    assert ground is not player.stage.take
    assert now == place + player.read - read
    assert player.words() == words
    assert player.director.now(player.read).status == "grounding"
    assert voice_levels(ground) == {-LEVEL_STEP_DB}
    player.director.navigation.next()
    player.listen(1.0)
    assert voice_levels(player.stage.take) == {-LEVEL_STEP_DB}
    player.director.ground()
    assert player.until("You can stop any time") < 1.0
    assert voice_levels(heard_now(player)[0]) == {-LEVEL_STEP_DB}
    assert steepest(player.tape()) < CLICK


def test_in_a_pause_on_the_ground(hand: MakeHand) -> None:
    """Paused on the ground, a change stays silent, and what goes on is the ground, changed."""
    player = started(hand())
    player.listen(8.0)
    player.director.ground()
    player.listen(4.0)
    player.director.pause()
    player.listen(1.0)
    press(player, "voice softer")
    player.listen(1.0)
    assert not player.listen(0.5).any()
    player.director.play()
    player.listen(1.0)
    assert voice_levels(heard_now(player)[0]) == {-LEVEL_STEP_DB}
    assert player.director.now(player.read).status == "grounding"


def test_a_ladder_has_no_length(hand: MakeHand) -> None:
    """On a ladder more time means to stay, and less means nothing."""
    lengths = []
    for command in ("longer", "stay"):
        player = started(hand(LADDER))
        player.until("A warm cup")
        player.listen(2.0)
        player.do(command)
        lengths.append(player.director.now(player.read).length)
    assert lengths[0] == lengths[1]
    player.listen(1.0)
    assert refused(player, "shorter")


def test_the_loudest_bed_is_as_loud_as_it_gets(hand: MakeHand) -> None:
    """Above the level that is called the loudest, a bed sounds the same; below it, not."""
    player = hand()
    most = loudest_db(player.session.palette.bed("soft-rain"), 0.0)

    def peak(level_db: float) -> float:
        session = hand(ambience_level_db=level_db).session
        return float(np.abs(session.block(frames(10.0), frames(0.5))).max())

    assert peak(most) == pytest.approx(peak(most + 3.0), rel=1e-5)
    assert decibels(peak(most) / peak(most - 3.0)) == pytest.approx(3.0, abs=1e-3)
