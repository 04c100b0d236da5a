"""What is stored of each listener: bookmarks, favourites, history, settings, notes and more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from voiceguide.listeners.behind import WritesBehind
    from voiceguide.listeners.earlier import earlier_bookmarks, take_over
    from voiceguide.listeners.export import as_csv, as_json
    from voiceguide.listeners.folder import ListenerFolder, ListenerStores, MemoryListenerStores
    from voiceguide.listeners.ids import FOLDER, NAMELESS
    from voiceguide.listeners.journal import Journal, ListenerJournal, PrivateJournal
    from voiceguide.listeners.memory import MemoryListenerStore
    from voiceguide.listeners.records import (
        KINDS,
        Bookmark,
        CheckInAnswer,
        Favourite,
        Listening,
        Note,
        Place,
        PlayQueue,
        ProgramDay,
        Queued,
        Record,
        Setting,
    )
    from voiceguide.listeners.roster import Listener, Roster
    from voiceguide.listeners.settings import settings_of
    from voiceguide.listeners.sqlite import SqliteListenerStore
    from voiceguide.listeners.store import ListenerStore, Put, Remove, Stored, Write, WriteStamp, now_ms

_HOMES = {
    "Bookmark": "records",
    "CheckInAnswer": "records",
    "FOLDER": "ids",
    "Favourite": "records",
    "Listening": "records",
    "Journal": "journal",
    "KINDS": "records",
    "Stored": "store",
    "Listener": "roster",
    "ListenerFolder": "folder",
    "ListenerJournal": "journal",
    "ListenerStore": "store",
    "ListenerStores": "folder",
    "MemoryListenerStore": "memory",
    "MemoryListenerStores": "folder",
    "NAMELESS": "ids",
    "Note": "records",
    "Place": "records",
    "PlayQueue": "records",
    "PrivateJournal": "journal",
    "ProgramDay": "records",
    "Put": "store",
    "Queued": "records",
    "Record": "records",
    "Remove": "store",
    "Roster": "roster",
    "Setting": "records",
    "SqliteListenerStore": "sqlite",
    "WriteStamp": "store",
    "Write": "store",
    "WritesBehind": "behind",
    "as_csv": "export",
    "as_json": "export",
    "earlier_bookmarks": "earlier",
    "now_ms": "store",
    "settings_of": "settings",
    "take_over": "earlier",
}

__all__ = [
    "FOLDER",
    "KINDS",
    "NAMELESS",
    "Bookmark",
    "CheckInAnswer",
    "Favourite",
    "Journal",
    "Listener",
    "ListenerFolder",
    "ListenerJournal",
    "ListenerStore",
    "ListenerStores",
    "Listening",
    "MemoryListenerStore",
    "MemoryListenerStores",
    "Note",
    "Place",
    "PlayQueue",
    "PrivateJournal",
    "ProgramDay",
    "Put",
    "Queued",
    "Record",
    "Remove",
    "Roster",
    "Setting",
    "SqliteListenerStore",
    "Stored",
    "Write",
    "WriteStamp",
    "WritesBehind",
    "as_csv",
    "as_json",
    "earlier_bookmarks",
    "now_ms",
    "settings_of",
    "take_over",
]


def __getattr__(name: str) -> Any:
    """Import a public name on first use: `play` needs few of them, and starts quickly."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
