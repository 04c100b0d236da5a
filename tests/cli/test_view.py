from __future__ import annotations

import io
import logging
import os
import pty
import sys
from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from rich.console import Console

from tests.waiting import until
from voiceguide.audio import frames
from voiceguide.cli.caught import caught
from voiceguide.cli.view import HINTS, Plain, screen, view
from voiceguide.playback import Now

NOW = Now(
    status="playing",
    title="Back to the chair",
    chapter="Breath",
    words="Notice your feet.",
    position=frames(60.0),
    length=frames(150.0),
)


def drawn(now: Now, warning: str = "", width: int = 110, height: int = 24) -> list[str]:
    """Return the lines of the screen."""
    out = Console(file=io.StringIO(), width=width, height=height, color_system=None)
    with out.capture() as seen:
        out.print(screen(now, width, height, warning))
    return seen.get().rstrip("\n").splitlines()


def test_one_calm_screen() -> None:
    """Chapter, words, the time that is left and the keys: on one screen, in this order."""
    lines = drawn(NOW)
    text = "\n".join(lines)
    places = [text.index(part) for part in ("Breath", "Notice your feet.", "1:30 left", HINTS[0], HINTS[1])]
    assert places == sorted(places)
    assert len(lines) <= 24


@pytest.mark.parametrize(("width", "height"), [(110, 24), (40, 10), (20, 5)])
def test_it_fits(width: int, height: int) -> None:
    """However small the window, no line is longer; from ten lines on nothing is pushed off."""
    lines = drawn(replace(NOW, note="10:00 in all."), "The voice piper has failed.", width, height)
    assert all(len(line) <= width for line in lines)
    if height >= 10:
        assert len(lines) <= height
        assert any("Notice your feet." in line for line in lines)


@pytest.mark.parametrize(("width", "height"), [(40, 12), (40, 10), (30, 8), (20, 5), (12, 2)])
def test_the_time_stays_in_a_small_window(width: int, height: int) -> None:
    """Long words, titles, notes and warnings give way, the words first: the time that is left is there."""
    now = replace(
        NOW,
        title="A long way back to the chair that is by the window",
        words="Notice your feet, and the floor under them, and all that is there between the two. " * 4,
        note="Ten minutes were added; it is going to last half an hour in all.",
    )
    lines = drawn(
        now, "The voice piper has failed (it said nothing at all); system takes over.", width, height
    )
    assert len(lines) <= height
    assert all(len(line) <= width for line in lines)
    assert any("1:30 left" in line for line in lines)
    assert any("Notice" in line for line in lines)


def test_notes_and_warnings_are_on_it() -> None:
    """What came of a wish is shown, and what the program warns of, both."""
    text = "\n".join(
        drawn(replace(NOW, note="10:00 in all.", status="paused"), "piper has failed; system speaks")
    )
    assert "10:00 in all." in text
    assert "piper has failed; system speaks" in text
    assert "paused" in text


def test_plain_lines_tell_each_thing_once(capsys: pytest.CaptureFixture[str]) -> None:
    """For screen readers: a line when something is new, and none when it is not."""
    plain = Plain()
    for now in (
        NOW,
        NOW,
        replace(NOW, words="And the floor."),
        replace(NOW, words="And the floor.", note="Later."),
    ):
        plain.show(now)
    plain.show(replace(NOW, words="And the floor.", note="Later.", status="paused"))
    assert capsys.readouterr().out.split("\n") == [
        "", "Breath, 1:30 left", "Notice your feet.", "And the floor.", "(Later.)", "(paused)", "",
    ]  # fmt: skip


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """The terminal's own log, as the program sets it up, on what stands for standard error."""
    root, errors = logging.getLogger(), io.StringIO()
    handler = logging.StreamHandler(errors)
    handler.setFormatter(logging.Formatter("voiceguide: %(message)s"))
    root.addHandler(handler)
    yield errors
    root.removeHandler(handler)


def test_a_warning_on_the_screen(logged: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the screen is up a warning is on it, in one line; afterwards it is on the terminal, as ever."""
    far, near = pty.openpty()
    monkeypatch.setattr(sys, "stderr", logged)
    monkeypatch.setenv("TERM", "xterm")
    os.set_blocking(far, False)
    seen = bytearray()

    def told() -> bool:
        try:
            seen.extend(os.read(far, 65536))
        except BlockingIOError:
            return False
        return b"piper has failed; system speaks" in seen

    with os.fdopen(near, "w") as out:
        monkeypatch.setattr(sys, "stdout", out)
        monkeypatch.setenv("COLUMNS", "100")
        monkeypatch.setenv("LINES", "24")
        with view(plain=False) as shown:
            logging.getLogger("voiceguide.engines").warning("piper has failed;\n system speaks")
            shown.show(NOW)
            until(told)
            assert logged.getvalue() == ""
        assert logged.getvalue() == "voiceguide: piper has failed;\n system speaks\n"
        logging.getLogger("voiceguide.engines").warning("again")
        assert logged.getvalue().endswith("voiceguide: again\n")
    os.close(far)


def test_a_warning_beside_plain_lines(logged: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    """With plain lines a warning is a line of standard error at once."""
    monkeypatch.setattr(sys, "stderr", logged)
    with view(plain=True) as shown:
        shown.show(NOW)
        logging.getLogger("voiceguide.engines").warning("piper has failed")
        assert logged.getvalue() == "voiceguide: piper has failed\n"


def test_a_flood_of_warnings_is_bounded(logged: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of very many warnings the last twenty are kept."""
    monkeypatch.setattr(sys, "stderr", logged)
    with caught() as kept:
        for number in range(1000):
            logging.getLogger("voiceguide").warning("number %s", number)
        assert kept.last == "number 999"
    assert len(logged.getvalue().splitlines()) == 20
