"""Changes to what lets a listener in: links, PINs and app passwords."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from voiceguide.listeners import passwords
from voiceguide.listeners.folder import ListenerStores
from voiceguide.listeners.passwords import AppPassword, Door
from voiceguide.listeners.pin import NO_PIN, Pin
from voiceguide.listeners.rights import Right
from voiceguide.listeners.roster import Listener, Roster
from voiceguide.listeners.store import now_ms

Clock = Callable[[], int]


def new_link(roster: Roster, listener: str) -> Listener:
    """Give the listener with this id another token link; the last one, and who came by it, is refused."""
    return roster.change(listener, lambda found: replace(found, links=found.links + 1))


def set_rights(roster: Roster, listener: str, may: frozenset[Right]) -> Listener:
    """Let the listener with this id do what is in *may*, and nothing else but listen."""
    return roster.change(listener, lambda found: replace(found, may=may | {Right.LISTEN}))


def set_pin(roster: Roster, listener: str, pin: Pin | None) -> Listener:
    """Give the listener with this id another PIN, or none."""
    return roster.change(listener, lambda found: replace(found, pin=pin))


def add_password(
    roster: Roster, listener: str, label: str, door: Door, now: Clock = now_ms
) -> tuple[AppPassword, str]:
    """Give the listener with this id an app password; return it, and its secret, which is not kept.

    Raises:
        LimitError: if the label is none or taken, or there are too many.
    """
    made: list[tuple[AppPassword, str]] = []

    def change(found: Listener) -> Listener:
        made.append(passwords.new_password(found.passwords, label, door, now()))
        return replace(found, passwords=(*found.passwords, made[-1][0]))

    roster.change(listener, change)
    return made[-1]


def remove_password(roster: Roster, listener: str, which: str) -> None:
    """Take the app password with this label or id from the listener with this id.

    Raises:
        UnknownError: if there is none.
    """
    roster.change(listener, lambda found: replace(found, passwords=passwords.without(found.passwords, which)))


def remove(roster: Roster, stores: ListenerStores, listener: str) -> None:
    """Remove the listener with this id, and all that is stored of them.

    Nobody comes in as them any more before their records go; the name goes last, so that it can be tried
    again if the records cannot be deleted.

    Raises:
        StoreError: if they cannot be.
    """
    barred = roster.change(
        listener, lambda found: replace(found, links=found.links + 1, pin=NO_PIN, passwords=())
    )
    stores.remove(listener)
    roster.remove(barred)
    stores.remove(listener)  # what another program has written meanwhile; from now on it makes no file
