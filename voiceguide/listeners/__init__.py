"""What is remembered of each listener: where they left off, what they heard and like, what they noted."""

from voiceguide.listeners.behind import WritesBehind
from voiceguide.listeners.earlier import earlier_bookmarks
from voiceguide.listeners.export import as_csv, as_json
from voiceguide.listeners.folder import (
    FOLDER,
    NAMELESS,
    ListenerFolder,
    ListenerStores,
    MemoryListenerStores,
)
from voiceguide.listeners.memory import MemoryListenerStore
from voiceguide.listeners.records import (
    KINDS,
    Bookmark,
    CheckIn,
    Favourite,
    Heard,
    Note,
    Place,
    PlayQueue,
    ProgramDay,
    Queued,
    Record,
    Setting,
)
from voiceguide.listeners.settings import settings_of
from voiceguide.listeners.sqlite import SqliteListenerStore
from voiceguide.listeners.store import Kept, ListenerStore, Put, Remove, Stamp, Write, now_ms

__all__ = [
    "FOLDER",
    "KINDS",
    "NAMELESS",
    "Bookmark",
    "CheckIn",
    "Favourite",
    "Heard",
    "Kept",
    "ListenerFolder",
    "ListenerStore",
    "ListenerStores",
    "MemoryListenerStore",
    "MemoryListenerStores",
    "Note",
    "Place",
    "PlayQueue",
    "ProgramDay",
    "Put",
    "Queued",
    "Record",
    "Remove",
    "Setting",
    "SqliteListenerStore",
    "Stamp",
    "Write",
    "WritesBehind",
    "as_csv",
    "as_json",
    "earlier_bookmarks",
    "now_ms",
    "settings_of",
]
