"""Rules 1, 2 and 7: what single lines say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.care.scripts import broken, checked, with_line, with_this

COMMANDS = [
    "You must breathe.",
    "You have to let it be.",
    "You've got to try.",
    "You should notice your feet.",
    "You mustn't move.",
    "Don't think about it.",
    "Sit back, and don't move.",
    "Relax now.",
    "Now relax.",
    "Just relax.",
    "Stop worrying.",
    "Clear your mind.",
]

NOT_COMMANDS = [
    "You don't have to do anything.",
    "You needn't do it well.",
    "There's nothing you have to do.",
    "If you must leave, leave.",
    "Take as long as you need to.",
    "Do you have to hold it up?",
    "If you don't know, that's an answer.",
    "If you laugh, or don't, both are fine.",
    "Don't you find?",
    "I don't know either.",
    "You can't stop thinking, and that's all right.",
    "You may feel you ought to answer. Let it go by.",
    "Look at the thought that you must not fail. Is it true?",
    "Take a rule, like the rule: you must not cry. Where is it from?",
    "It may say, you should be over this by now. Is that so?",
    "Heads keep hard sentences in stock. You must not fail. You should be over it.",
    "Perhaps it goes “you must be strong”. Is it true?",
]

PROMISES = [
    "You will feel calmer.",
    "Soon you'll feel better.",
    "This heals what was hurt.",
    "It'll help.",
    "That is guaranteed.",
    "You are safe now.",
    "You're completely safe.",
    "I promise it is short.",
    "Nothing can hurt you here.",
    "You are depressed.",
    "You're dissociating.",
    "It's your trauma.",
]

NOT_PROMISES = [
    "You may feel a bit warmer.",
    "I can't promise you'll feel anything.",
    "Nothing here is guaranteed.",
    "Nobody knows whether you will feel it.",
    "Will you feel it again tomorrow?",
    "This won't heal anything by itself.",
    "A thought like you will be fine may turn up.",
    "If you'll feel better for it, have some water.",
]

EYES = "language: en\noptions:\n  eyes: [open, closed]\n"
CLOSED = "  - say: If you like, let your eyes close.\n    if: {eyes: closed}\n"
OPEN = "  - say: Let your eyes rest on the wall.\n    if: {eyes: open}\n"


def test_the_good_script_is_good(tmp_path: Path) -> None:
    """A script that keeps the rules has no findings."""
    assert not checked(tmp_path, with_line("And now the wall."))


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_breaks_the_first_rule(line: str, tmp_path: Path) -> None:
    """Commands are found, and nothing else is."""
    assert broken(tmp_path, with_line(line)) == ["care 1"]


@pytest.mark.parametrize("line", NOT_COMMANDS)
def test_an_invitation_is_no_command(line: str, tmp_path: Path) -> None:
    """Leave to do nothing, questions, ifs and thoughts to be looked at are not commands."""
    assert not broken(tmp_path, with_line(line))


@pytest.mark.parametrize("line", PROMISES)
def test_a_promise_or_diagnosis_breaks_the_seventh(line: str, tmp_path: Path) -> None:
    """Promises and diagnoses are found, and nothing else is."""
    assert broken(tmp_path, with_line(line)) == ["care 7"]


@pytest.mark.parametrize("line", NOT_PROMISES)
def test_a_maybe_is_no_promise(line: str, tmp_path: Path) -> None:
    """What may be, is asked or is denied is not promised."""
    assert not broken(tmp_path, with_line(line))


def test_a_summary_promises_nothing(tmp_path: Path) -> None:
    """The summary is held to the rule too, and the finding is at its key."""
    (found,) = checked(tmp_path, with_this("A short look at a chair.", "You will feel calm."))
    assert (found.rule, found.line, found.column, found.field) == ("care 7", 3, 1, "summary")


@pytest.mark.parametrize(
    "line", ["Close your eyes.", "Let your eyes fall shut.", "Now close your eyes, slowly."]
)
def test_closing_the_eyes_unasked_breaks_the_second(line: str, tmp_path: Path) -> None:
    """Closing the eyes without a choice is found."""
    assert broken(tmp_path, with_line(line)) == ["care 2"]


@pytest.mark.parametrize(
    "line",
    [
        "If you like, close your eyes.",
        "You might let your eyes close.",
        "If your eyes are shut, they may open.",
    ],
)
def test_closing_the_eyes_by_choice_is_fine(line: str, tmp_path: Path) -> None:
    """With a choice in the line, eyes may close."""
    assert not broken(tmp_path, with_line(line))


def test_both_ways_are_written(tmp_path: Path) -> None:
    """A script with the option writes for open eyes and for closed ones."""
    text = with_line("And now the wall.").replace("language: en\n", EYES)
    assert not broken(
        tmp_path, text + OPEN.replace("wall", "room") + CLOSED + "  - say: What time of day is it?\n"
    )
    assert broken(tmp_path, text + CLOSED + "  - say: What time of day is it?\n") == ["care 2"]


def test_closing_lines_are_for_who_chose_them(tmp_path: Path) -> None:
    """With the option, a line that closes the eyes is under it."""
    text = with_line("If you like, let your eyes close.").replace("language: en\n", EYES)
    assert broken(tmp_path, text + OPEN + CLOSED + "  - say: What time of day is it?\n") == ["care 2"]


def test_a_finding_says_where_why_and_what_instead(tmp_path: Path) -> None:
    """A finding has the place, the rule, the reason and a suggestion."""
    (found,) = checked(tmp_path, with_line("You must look."))
    assert (found.line, found.column, found.field, found.severity) == (15, 10, "steps[4].say", "warning")
    assert found.what == (
        '"You must" commands; write "you might" or "if you like" '
        "(an invitation can be turned down, an order only disobeyed)"
    )


def test_other_languages_are_left_alone(tmp_path: Path) -> None:
    """The word lists are English, so nothing is said of a script in another language."""
    assert not broken(tmp_path, with_line("You must look.").replace("language: en", "language: de"))
