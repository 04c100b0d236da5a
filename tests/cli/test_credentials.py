"""`voiceguide listeners may`, `link`, `pin` and `app-password`."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.cli.conftest import Run
from voiceguide.cli import main
from voiceguide.listeners import Listener, Roster
from voiceguide.listeners.passwords import Door, hash_of
from voiceguide.listeners.rights import Right
from voiceguide.server.key import KEY, kept
from voiceguide.server.links import token_of
from voiceguide.server.signing import Signer


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def anna(data: Path) -> Listener:
    return Roster(data / "listeners").find("anna")


def test_rights(run: Run, data: Path) -> None:
    """Who is added may listen, and what is said; a right that there is not is one sentence."""
    run("listeners", "add", "anna", "--may", "write, admin")
    run("listeners", "add", "bert")
    assert anna(data).may == set(Right)
    assert Roster(data / "listeners").find("bert").may == {Right.LISTEN}
    wrong = run("listeners", "add", "carla", "--may", "everything")
    assert (wrong.exit_code, wrong.output.count("\n")) == (2, 1)
    assert "carla" not in run("listeners").output


def test_rights_can_be_changed(run: Run, data: Path) -> None:
    """What a listener may is what was said last; to listen is one of all."""
    run("listeners", "add", "anna", "--may", "admin")
    assert run("listeners", "may", "Anna", "write").output == "anna may listen, write now\n"
    assert anna(data).may == {Right.LISTEN, Right.WRITE}
    assert run("listeners", "may", "Anna", "everything").exit_code == 2
    assert anna(data).may == {Right.LISTEN, Right.WRITE}


def test_a_link(run: Run, data: Path) -> None:
    """Its token stays the same until another is asked for, and is the one that the server takes."""
    run("listeners", "add", "anna")
    first = run("listeners", "link", "Anna").output
    assert run("listeners", "link", "Anna").output == first
    address = run("listeners", "link", "Anna", "--new", "--at", "http://home:8765/").output
    second = token_of(anna(data), Signer(kept(data / KEY)))
    assert address == f"http://home:8765/?token={second}\n"
    assert second != first.strip()


def test_a_pin(run: Run, data: Path) -> None:
    """It is asked for twice and not shown, and taken away without being known."""
    run("listeners", "add", "anna")

    def typed(*words: str) -> tuple[int, str]:
        result = CliRunner().invoke(main, ["listeners", "pin", "anna"], input="\n".join(words) + "\n")
        return result.exit_code, result.output

    status, output = typed("2468", "2468")
    assert (status, "2468" in output) == (0, False)
    pin = anna(data).pin
    assert pin is not None
    assert pin.right("2468")
    assert typed("12", "12")[0] == 2
    assert anna(data).pin == pin
    assert run("listeners", "pin", "anna", "--none").output == "anna has no PIN now\n"
    assert anna(data).pin is None


def test_app_passwords(run: Run, data: Path) -> None:
    """One is printed once, listed by its label, and removed by it."""
    run("listeners", "add", "anna")
    secret = run("listeners", "app-password", "add", "anna", "phone").output.strip()
    run("listeners", "app-password", "add", "anna", "car", "--door", "subsonic")
    assert run("listeners", "app-password", "list", "anna").output == "phone  feed\ncar  subsonic\n"
    assert [each.door for each in anna(data).passwords] == [Door.FEED, Door.SUBSONIC]
    assert anna(data).passwords[0].hashed == hash_of(secret)
    assert run("listeners", "app-password", "add", "anna", "phone").exit_code == 2
    run("listeners", "app-password", "remove", "anna", "phone")
    assert run("listeners", "app-password", "list", "anna").output == "car  subsonic\n"
    assert run("listeners", "app-password", "remove", "anna", "phone").exit_code == 2


def test_who_is_not_there(run: Run) -> None:
    """A name that nobody has is one sentence, whatever is asked."""
    for words in (("link", "x"), ("pin", "x", "--none"), ("app-password", "list", "x")):
        result = run("listeners", *words)
        assert (result.exit_code, len(result.output.splitlines())) == (2, 1)
