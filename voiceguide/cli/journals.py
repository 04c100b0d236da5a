"""Whose places and history a command uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from voiceguide.files.folders import user_data

if TYPE_CHECKING:
    from voiceguide.listeners import Journal, ListenerFolder, ListenerStore, Roster

listener_option: Final = click.option(
    "--listener", metavar="NAME", help="Whose places and history; `voiceguide listeners` shows all names."
)


def journal_of(listener: str, *, private: bool = False, port: int | None = None) -> Journal:
    """Return the journal of the id *listener*; if *private*, it only reads. A speaker is told by its *port*.

    It opens no database until it is used: SQLite is not imported before something sounds.
    """
    from voiceguide.listeners.device import device_name
    from voiceguide.listeners.journal import ListenerJournal, PrivateJournal

    journal = ListenerJournal(lambda: store_of(folder(), listener), device_name(port))
    return PrivateJournal(journal) if private else journal


def roster() -> Roster:
    """Return the names of this person's listeners."""
    from voiceguide.listeners.ids import FOLDER
    from voiceguide.listeners.roster import Roster

    return Roster(user_data() / FOLDER)


def id_of(name: str | None) -> str:
    """Return the id of the listener called *name*, None for the nameless one.

    Raises:
        UnknownError: if there is no such listener.
        StoreError: if the names cannot be read.
    """
    from voiceguide.listeners.ids import NAMELESS

    return NAMELESS if name is None else roster().find(name).id


def folder() -> ListenerFolder:
    """Return the stores of this person's listeners; names are read only when a file is to be made."""
    from voiceguide.listeners.folder import ListenerFolder
    from voiceguide.listeners.ids import FOLDER

    return ListenerFolder(user_data() / FOLDER, known=lambda listener: roster().knows(listener))


def store_of(stores: ListenerFolder, listener: str) -> ListenerStore:
    """Return the store of the id *listener*; bookmarks of earlier versions become the nameless listener's.

    Raises:
        StoreError: if it cannot be used.
    """
    from voiceguide.listeners import earlier
    from voiceguide.listeners.device import device_name
    from voiceguide.listeners.ids import NAMELESS

    store = stores.of(listener)
    if listener == NAMELESS:
        earlier.take_over(user_data() / earlier.FOLDER, store, device_name())
    return store
