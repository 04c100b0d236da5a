"""Rules 3 to 6 and 8 to 11: what whole sessions are like."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.care.scripts import GOOD, broken, by_hum, checked, with_line, with_this
from voiceguide.audio import frames
from voiceguide.care import RULES, findings
from voiceguide.care.leaving import announces, is_way_out
from voiceguide.care.subject import Subject
from voiceguide.script.model import Breathe, Lengths
from voiceguide.script.parse import load

WAY_OUT = "  - say: It's still fine to stop here.\n"

LADDER = """\
voiceguide: 1
title: A test
summary: Two rungs.
technique: people-ladder
language: en
intensity: steady
contains: [memories]
length: {default: 3m, least: 2m, most: 5m}
voice: {pace: slow}
steps:
  - say: Hello. You can stop whenever you like.
  - rest: {about: 15s, least: 5s, most: 20s}
  - ladder:
      ground: ground
      rungs:
        - title: A wave
          steps:
            - say: Picture a wave.
            - rest: {about: 15s, least: 5s, most: 20s}
            - say: You might stay, go back, or stop here. I'll be quiet for a while.
          stay: {about: 40s, least: 10s, most: 80s}
        - title: A word
          steps:
            - say: Picture a word.
            - rest: {about: 15s, least: 5s, most: 20s}
            - say: You might stay, go back, or stop here. I'll be quiet for a while.
          stay: {about: 40s, least: 10s, most: 80s}
  - rest: {about: 15s, least: 5s, most: 20s}
  - say: Your doctor is there for small things too.
  - rest: {about: 15s, least: 5s, most: 20s}
  - say: Look around. Move your arms. What time of day is it?
  - rest: {about: 10s, least: 5s, most: 20s}
"""


def ladder(folder: Path, text: str = LADDER) -> list[str]:
    (folder / "ground.yaml").write_text("voiceguide: 1\nsteps:\n  - say: Look at something near.\n")
    return broken(folder, text)


def test_every_rule_has_its_row() -> None:
    """There are eleven rules, each with a reason."""
    assert [rule.number for rule in RULES] == list(range(1, 12))
    assert all(rule.reason for rule in RULES)


def test_a_way_out_is_said_within_a_minute(tmp_path: Path) -> None:
    """Without a way out in the first minute, the finding is where one is due."""
    (found,) = checked(tmp_path, with_this("You can stop whenever you like.", "Nothing to get right."))
    assert found.rule == "care 3"
    assert "from the start to 2:44; say one within the first minute" in found.what


def test_a_way_out_is_said_every_three_minutes(tmp_path: Path) -> None:
    """Three minutes without one, if only at the longest length, are found."""
    (found,) = checked(tmp_path, with_this(WAY_OUT, "  - say: And the chair again.\n"))
    assert found.rule == "care 3"
    assert "to the end" in found.what


@pytest.mark.parametrize(
    "text",
    [
        "You can stop whenever you like.",
        "Opening your eyes, or just walking away, is a fine way to end.",
        "Stop here, if you've had enough.",
        "Pause me when you need longer.",
        "If it is too much, leave.",
        "You might skip this part.",
        "It's all right to walk away.",
    ],
)
def test_ways_out(text: str) -> None:
    """Permission and leaving in one sentence are a way out."""
    assert is_way_out(text)


@pytest.mark.parametrize(
    "text",
    [
        "Stop a moment.",
        "You can leave it there.",
        "Wait at the bus stop, if you like.",
        "I'll leave some quiet.",
        "",
    ],
)
def test_not_ways_out(text: str) -> None:
    """Leaving something there, or pausing on orders, is no way out."""
    assert not is_way_out(text)


def test_a_long_silence_is_announced(tmp_path: Path) -> None:
    """A silence that can pass twenty seconds at some length needs the line before it to say so."""
    (found,) = checked(
        tmp_path, with_this("I'll be quiet for a little while.", "And the chair again, slowly.")
    )
    assert (found.rule, found.field) == ("care 5", "steps[6].say")


def test_a_silence_of_twenty_seconds_needs_no_word(tmp_path: Path) -> None:
    """Twenty seconds are not over twenty seconds."""
    assert not broken(tmp_path, GOOD)


def test_a_pause_within_a_line_is_a_silence(tmp_path: Path) -> None:
    """A long pause in brackets has to be announced before it, not after."""
    assert broken(tmp_path, with_line("Look at it. [22s] I'll be quiet now.")) == ["care 5"]
    assert not broken(tmp_path, with_line("I'll be quiet now. [22s] Look at it."))


@pytest.mark.parametrize(
    "text",
    [
        "I'll be quiet for half a minute.",
        "Quiet once more.",
        "There'll be some silence.",
        "One last quiet, then.",
    ],
)
def test_announcements(text: str) -> None:
    """Said in any of these ways, a silence is announced."""
    assert announces(text)


@pytest.mark.parametrize(
    "text", ["No wonder you went quiet.", "How quiet is the room?", "Is your jaw quiet?"]
)
def test_not_announcements(text: str) -> None:
    """Something else being quiet announces nothing."""
    assert not announces(text)


@pytest.mark.parametrize(
    "part", ["Look around the room. ", "Move your shoulders. ", "What time of day is it?"]
)
def test_every_part_of_coming_back_is_there(part: str, tmp_path: Path) -> None:
    """Without looking, moving or the time of day, the end is not a coming back."""
    text = with_this(part, "Right. ").replace("You might feel the seat, too.", "You might lean, too.")
    assert broken(tmp_path, text) == ["care 6"]


def test_sleep_needs_no_coming_back(tmp_path: Path) -> None:
    """Winding down may just end."""
    last = "Look around the room. Move your shoulders. What time of day is it?"
    text = with_this(last, "Rest.")
    assert broken(tmp_path, text) == ["care 6"]
    assert not broken(tmp_path, text.replace("technique: grounding-chair", "technique: wind-down"))


BREATH = (
    GOOD.replace("Notice the floor under your feet.", "Breathe as it comes.")
    .replace("You might feel the seat, too.", "You might count a breath.")
    .replace("How is the chair now?", "How is the breath now?")
    .replace("contains: [body attention]", "contains: [breathing]")
)


def test_breath_is_not_the_only_anchor(tmp_path: Path) -> None:
    """A session on the breath offers something else before its end."""
    assert broken(tmp_path, BREATH) == ["care 4"]
    assert not broken(tmp_path, BREATH.replace("You might count a breath.", "Or count a sound instead."))


def test_spoken_holds_are_declared(tmp_path: Path) -> None:
    """Holding the breath is in contains, or not there."""
    text = with_line("Hold your breath for a moment.")
    assert broken(tmp_path, text) == ["care 4"]
    assert not broken(tmp_path, text.replace("[body attention]", "[breath holds]"))
    assert not broken(tmp_path, with_line("There's no need to hold your breath."))


def test_paced_holds_are_declared(tmp_path: Path) -> None:
    """A script built with holds and no word of them is found, as its reader would refuse it."""
    path = tmp_path / "script.yaml"
    path.write_text(GOOD)
    script = load(path)
    where = script.steps[0].where
    hold = Breathe(where, None, frames(4), frames(4), frames(4), rounds=1, guide="tones")
    found = findings(
        replace(script, contains=("breathing",), steps=(*script.steps[:2], hold, *script.steps[2:]))
    )
    assert [problem.rule for problem in found] == ["care 4"]


def test_paced_breathing_is_told_before(tmp_path: Path) -> None:
    """Tones for the breath are in contains."""
    breathe = "  - breathe: {in: 4s, out: 5s, rounds: 2, guide: tones}\n  - rest: 4s\n"
    text = with_this(
        "  - say: You might feel the seat, too.\n", breathe + "  - say: You might feel the seat, too.\n"
    )
    assert broken(tmp_path, text) == ["care 10"]
    assert not broken(tmp_path, text.replace("[body attention]", "[breathing]"))


def test_a_summary_is_there(tmp_path: Path) -> None:
    """What is done is said in a summary."""
    assert broken(tmp_path, with_this("summary: A short look at a chair.\n", "")) == ["care 10"]


def test_a_ladder_in_order(tmp_path: Path) -> None:
    """A ladder that waits, offers the way back and names support has no findings."""
    assert not ladder(tmp_path)


def test_a_ladder_is_not_gentle(tmp_path: Path) -> None:
    """Exposure is at least steady."""
    assert ladder(tmp_path, LADDER.replace("intensity: steady", "intensity: gentle")) == ["care 10"]


@pytest.mark.parametrize(
    "line", ["Now the next rung.", "We climb again.", "Let's move on to a word.", "One rung up."]
)
def test_a_ladder_does_not_climb_by_itself(line: str, tmp_path: Path) -> None:
    """No line in a rung sends the listener up unasked."""
    text = LADDER.replace("Picture a wave.", f'"Picture a wave. {line}"')
    assert ladder(tmp_path, text) == ["care 8"]


@pytest.mark.parametrize(
    "line",
    ["The next rung will keep.", "You might climb, or stay.", "Another day, the next step.", "Higher rung?"],
)
def test_a_ladder_may_speak_of_more(line: str, tmp_path: Path) -> None:
    """More may be named where it waits or is asked about."""
    assert not ladder(tmp_path, LADDER.replace("Picture a wave.", f'"Picture a wave. {line}"'))


def test_every_rung_offers_the_way_back(tmp_path: Path) -> None:
    """A rung without a way back is found, at the rung."""
    text = LADDER.replace("stay, go back, or stop here", "stay or stop here", 1)
    assert ladder(tmp_path, text) == ["care 8"]


@pytest.mark.parametrize("line", ["Go to your worst memory.", "Remember the accident.", "Was there blood?"])
def test_exposure_is_mild(line: str, tmp_path: Path) -> None:
    """Nothing harsh is called up."""
    assert broken(tmp_path, with_line(line)) == ["care 8"]


def test_what_is_left_out_is_not_called_up(tmp_path: Path) -> None:
    """Asking for something other than the worst is mild."""
    assert not broken(tmp_path, with_line("A small one, not your worst memory."))


def test_support_is_named_where_it_has_to_be(tmp_path: Path) -> None:
    """Ladders, and three techniques more, end by naming support."""
    text = LADDER.replace("Your doctor is there for small things too.", "That was it.")
    assert ladder(tmp_path, text) == ["care 9"]
    needs = with_this("technique: grounding-chair", "technique: gentle-looking-back")
    assert broken(tmp_path, needs) == ["care 9"]
    last = "  - say: Look around the room."
    assert not broken(
        tmp_path, needs.replace(last, f"  - say: A support line is for small things too.\n{last}")
    )


def test_sentences_are_short(tmp_path: Path) -> None:
    """One long sentence is found where it is; many, as an average."""
    long = " ".join(["word"] * 33)
    (found,) = checked(tmp_path, with_line(f"{long}.".capitalize()))
    assert (found.rule, found.field) == ("care 11", "steps[4].say")


def test_sentences_are_short_on_average(tmp_path: Path) -> None:
    """Twenty words a sentence on average are too many, even if none is very long."""
    long = f"  - say: You can stop whenever you like, {' '.join(['and'] * 24)} so.\n  - rest: ~20s\n"
    text = GOOD.replace("default: 3m, least: 2m30s, most: 4m", "default: 12m, least: 11m, most: 12m")
    text = text.replace(
        "steps:\n", "steps:\n" + 14 * long.replace("~20s", "{about: 20s, least: 8s, most: 20s}")
    )
    (found,) = checked(tmp_path, text)
    assert (found.rule, found.field) == ("care 11", "steps")


def test_speech_is_slow(tmp_path: Path) -> None:
    """A medium pace is too fast."""
    (found,) = checked(tmp_path, with_this("pace: slow", "pace: medium"))
    assert (found.rule, found.line, found.field) == ("care 11", 9, "voice")


def test_half_is_silence(tmp_path: Path) -> None:
    """More speech than silence at the usual length is found, at the length."""
    text = GOOD.replace("{default: 3m, least: 2m30s, most: 4m}", "{default: 2m, least: 1m30s, most: 5m}")
    more = (
        "  - say: This goes on, and it goes on a little more, with nothing much in it, and then more of it.\n"
    )
    text = text.replace("  - say: Notice", more * 6 + "  - say: You can stop here.\n  - say: Notice")
    found = checked(tmp_path, text)
    assert [(problem.rule, problem.field) for problem in found] == [("care 11", "length")]


def test_every_option_is_listened_to(tmp_path: Path) -> None:
    """A way out that only one option has is missing in the other."""
    text = with_this("language: en\n", "language: en\noptions:\n  place: [inside, outside]\n").replace(
        "  - say: Hello. You can stop whenever you like.\n",
        "  - say: Hello. You can stop whenever you like.\n    if: {place: inside}\n"
        "  - say: Hello there.\n    if: {place: outside}\n",
    )
    (found,) = checked(tmp_path, text)
    assert found.rule == "care 3"
    assert "with place outside" in found.what


def test_a_script_nobody_can_hear_is_read_all_the_same(tmp_path: Path) -> None:
    """Where no length can be had, the rules on lines still hold and nothing fails."""
    path = tmp_path / "script.yaml"
    path.write_text(with_line("You must look."))
    script = replace(load(path), length=Lengths(frames(20), frames(10), frames(30)))
    assert not Subject(script, by_hum).hearings
    assert [problem.rule for problem in findings(script, by_hum)] == ["care 1"]
