"""Who listens here, by name."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from voiceguide.errors import LimitError, StoreError, UnknownError
from voiceguide.listeners import ListenerFolder, Roster
from voiceguide.listeners.roster import FILE, MOST


def test_listeners_have_ids_that_say_nothing(tmp_path: Path) -> None:
    """A name is found however it is capitalised; its id is another thing, and one that a store takes."""
    roster = Roster(tmp_path / "listeners")
    assert roster.all() == ()
    zoe, anna = roster.add("Zoë  B."), roster.add("anna")
    assert [each.name for each in Roster(tmp_path / "listeners").all()] == ["anna", "Zoë B."]
    assert roster.find("ZOE\u0308 b.") == zoe
    assert "zo" not in zoe.id
    ListenerFolder(tmp_path / "listeners").of(zoe.id)
    roster.remove(zoe)
    assert roster.all() == (anna,)
    assert roster.add("Zoë B.").id != zoe.id


def test_only_the_owner_reads_it(tmp_path: Path) -> None:
    """Folder and file are the owner's alone."""
    Roster(tmp_path / "listeners").add("anna")
    assert stat.S_IMODE((tmp_path / "listeners").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "listeners" / FILE).stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["", " ", "x" * 41, "a\x1b[2J", "a\u202eb", "a\x00", "\udcff", "--yes"])
def test_what_is_no_name(tmp_path: Path, name: str) -> None:
    """What is empty, long, no text or an option is refused, and nothing is written."""
    with pytest.raises(LimitError, match="the name of a listener has"):
        Roster(tmp_path).add(name)
    assert not (tmp_path / FILE).exists()


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b", "0", ".", "NUL"])
def test_a_name_is_no_path(tmp_path: Path, name: str) -> None:
    """Whatever a listener is called, what is stored of them stays in the folder."""
    made = Roster(tmp_path / "listeners").add(name)
    ListenerFolder(tmp_path / "listeners").of(made.id).everything()
    assert made.id != "0"
    assert {path.name for path in tmp_path.iterdir()} == {"listeners"}


def test_a_name_is_given_once(tmp_path: Path) -> None:
    """Two listeners cannot have names that look the same."""
    roster = Roster(tmp_path)
    roster.add("Anna")
    with pytest.raises(LimitError, match="already"):
        roster.add("anna")
    with pytest.raises(UnknownError, match='no listener "bert"'):
        roster.find("bert")


def test_there_are_not_too_many(tmp_path: Path) -> None:
    """One more than there can be is refused."""
    roster = Roster(tmp_path)
    for number in range(MOST):
        roster.add(str(number))
    with pytest.raises(LimitError, match=f"there can be {MOST} listeners"):
        roster.add("one more")


def test_adding_at_once_loses_nobody(tmp_path: Path) -> None:
    """Who is added from two sides at once is there."""
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: Roster(tmp_path).add(str(number)), range(24)))
    assert len(Roster(tmp_path).all()) == 24


@pytest.mark.parametrize(
    "kept", ["", "[", '[{"id": "../up", "name": "a"}]', '[{"id": "0", "name": "a"}]', "\xff", "null"]
)
def test_a_damaged_roster_is_told_and_left(tmp_path: Path, kept: str) -> None:
    """A file that makes no sense is one sentence, and is not written over."""
    (tmp_path / FILE).write_text(kept, encoding="latin-1")
    with pytest.raises(StoreError, match="cannot be used"):
        Roster(tmp_path).add("anna")
    assert (tmp_path / FILE).read_text(encoding="latin-1") == kept
