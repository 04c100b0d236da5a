"""PINs, app passwords and rights, as they are kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from voiceguide.errors import LimitError, StoreError, UnknownError
from voiceguide.listeners import ListenerFolder, Note, Put, Roster, WriteStamp, granting
from voiceguide.listeners.passwords import MOST, Door, hash_of
from voiceguide.listeners.pin import NO_PIN, new_pin
from voiceguide.listeners.rights import Right
from voiceguide.listeners.roster import FILE


@pytest.fixture
def roster(tmp_path: Path) -> Roster:
    return Roster(tmp_path)


def test_an_earlier_roster_is_read(roster: Roster, tmp_path: Path) -> None:
    """A listener of a version that knew names alone may listen, and has no credentials."""
    (tmp_path / FILE).write_text('[{"id": "a1", "name": "Anna"}]')
    (anna,) = roster.all()
    assert (anna.may, anna.pin, anna.links, anna.passwords) == (frozenset([Right.LISTEN]), None, 0, ())
    assert granting.new_link(roster, "a1").links == 1
    assert Roster(tmp_path).of("a1").links == 1


@pytest.mark.parametrize("given", ["2468", " 2468 ", "２４６８"])
def test_the_right_pin(given: str) -> None:
    """A PIN is right however its digits are written; another is not, and the PIN of nobody never is."""
    pin = new_pin("2468")
    assert pin.right(given)
    assert not any(pin.right(wrong) for wrong in ("2469", "", "24680", "\ud800"))
    assert not any(NO_PIN.right(wrong) for wrong in (given, ""))
    assert new_pin("2468") != pin
    assert new_pin("2468").mark != pin.mark


@pytest.mark.parametrize("text", ["", "123", "   1 ", "1" * 65])
def test_what_is_no_pin(text: str) -> None:
    """One that is short is guessed, and one that is long is not remembered."""
    with pytest.raises(LimitError, match="a PIN has 4 to 64"):
        new_pin(text)


def test_nothing_secret_is_kept_or_told(roster: Roster, tmp_path: Path) -> None:
    """Neither a PIN nor an app password is in the file, and no hash is in what is printed of a listener."""
    anna = roster.add("Anna")
    granting.set_pin(roster, anna.id, new_pin("2468"))
    _, secret = granting.add_password(roster, anna.id, "phone", Door.FEED)
    content, shown = (tmp_path / FILE).read_text(), repr(roster.of(anna.id))
    assert "2468" not in content
    assert secret not in content
    assert "salt" not in shown
    assert "hashed" not in shown


def test_app_passwords_have_labels_of_their_own(roster: Roster) -> None:
    """A label is given once to a listener, is short, and is taken away by its name or id, up to twenty."""
    anna, bert = roster.add("Anna"), roster.add("Bert")
    made, secret = granting.add_password(roster, anna.id, " my  phone", Door.FEED, lambda: 7)
    assert (made.label, made.door, made.made, made.hashed) == ("my phone", Door.FEED, 7, hash_of(secret))
    granting.add_password(roster, bert.id, "my phone", Door.FEED)
    for wrong in ("My Phone", "", "x" * 41, "a\x00"):
        with pytest.raises(LimitError):
            granting.add_password(roster, anna.id, wrong, Door.FEED)
    for number in range(MOST - 1):
        granting.add_password(roster, anna.id, str(number), Door.SUBSONIC)
    with pytest.raises(LimitError, match=f"there can be {MOST}"):
        granting.add_password(roster, anna.id, "more", Door.FEED)
    granting.remove_password(roster, anna.id, "MY PHONE")
    with pytest.raises(UnknownError):
        granting.remove_password(roster, anna.id, made.id)
    assert len(roster.of(anna.id).passwords) == MOST - 1
    assert len(roster.of(bert.id).passwords) == 1


def test_a_change_of_another_program_is_seen_at_once(roster: Roster, tmp_path: Path) -> None:
    """What is read is remembered no longer than the file is the same, however quickly it is written anew."""
    anna, other = roster.add("Anna"), Roster(tmp_path)
    for number in range(1, 200):
        granting.new_link(other, anna.id)
        assert roster.of(anna.id).links == number


@pytest.mark.parametrize("wrong", ['{"salt": "AA==", "hashed": "AA=="}', '"2468"', '{"n": 0}'])
def test_a_damaged_credential_is_told(roster: Roster, tmp_path: Path, wrong: str) -> None:
    """A PIN that makes no sense lets nobody in without one: the whole file is refused."""
    (tmp_path / FILE).write_text(f'[{{"id": "a1", "name": "Anna", "pin": {wrong}}}]')
    with pytest.raises(StoreError, match="damaged"):
        roster.all()


def test_removing_a_listener(roster: Roster, tmp_path: Path) -> None:
    """Who is removed leaves neither name nor records; if the records stay, nobody comes in as them."""
    anna, bert = roster.add("Anna"), roster.add("Bert")
    stores = ListenerFolder(tmp_path)
    stores.of(anna.id).write(Put(Note("n", "mine"), WriteStamp(1, "d")))
    granting.remove(roster, stores, anna.id)
    assert (roster.all(), stores.ids()) == ((bert,), ())

    class Stuck(ListenerFolder):
        def remove(self, listener: str) -> None:
            raise StoreError("it cannot be deleted")

    granting.add_password(roster, bert.id, "phone", Door.FEED)
    with pytest.raises(StoreError):
        granting.remove(roster, Stuck(tmp_path), bert.id)
    (left,) = roster.all()
    assert (left.links, left.pin, left.passwords) == (1, NO_PIN, ())
    stores.close()
