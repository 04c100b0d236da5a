"""The listeners of this computer by name, in a file that only its owner can read."""

from __future__ import annotations

import os
import threading
import unicodedata
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from voiceguide.errors import LimitError, StoreError, UnknownError
from voiceguide.files import put
from voiceguide.files.locks import locked
from voiceguide.listeners.ids import NAMELESS, is_id, new_id
from voiceguide.listeners.passwords import AppPassword
from voiceguide.listeners.pin import Pin
from voiceguide.listeners.rights import Right

FILE: Final = "roster.json"
"""In the folder of listeners."""

MOST: Final = 100
LONGEST: Final = 40
"""Of a name, in letters."""


class Listener(Struct, frozen=True, omit_defaults=True):
    """A listener; what is stored of them has the name `id`.

    `links` counts the token links they have had: only the last one is right.
    """

    id: str
    name: str
    may: frozenset[Right] = frozenset([Right.LISTEN])
    pin: Pin | None = None
    links: int = 0
    passwords: tuple[AppPassword, ...] = ()


class Roster:
    """The named listeners, in *folder*; the nameless one is not in it.

    Safe to use from several threads and processes. What is read is remembered until the file changes.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._known: tuple[_Mark, tuple[Listener, ...]] | None = None
        self._here = threading.Lock()

    def all(self) -> tuple[Listener, ...]:
        """Return the listeners in the order of their names.

        Raises:
            StoreError: if the file cannot be read, or makes no sense.
        """
        try:
            mark = _mark(self._path.stat())
            known = self._known
            if known is not None and known[0] == mark:
                return known[1]
            with self._path.open("rb") as file:
                mark, data = _mark(os.fstat(file.fileno())), file.read()
            read = msgspec.json.decode(data, type=tuple[Listener, ...])
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise self._told(error.strerror or str(error)) from error
        except msgspec.DecodeError as error:
            raise self._told(f"it is damaged ({error}); mend it, or remove it and add them again") from error
        if not all(is_id(each.id) and each.id != NAMELESS for each in read):
            raise self._told("it has an id that is none; mend it, or remove it and add them again")
        found = tuple(sorted(read, key=lambda each: _same(each.name)))
        self._known = mark, found
        return found

    def of(self, listener: str) -> Listener:
        """Return the listener with the id *listener*.

        Raises:
            UnknownError: if there is none.
            StoreError: if the file cannot be read.
        """
        found = next((each for each in self.all() if each.id == listener), None)
        if found is None:
            raise UnknownError("there is no such listener; they may have been removed")
        return found

    def find(self, name: str) -> Listener:
        """Return the listener called *name*, however it is capitalised.

        Raises:
            UnknownError: if there is none.
            StoreError: if the file cannot be read.
        """
        found = next((each for each in self.all() if _same(each.name) == _same(name)), None)
        if found is None:
            shown = name if name.isprintable() else ascii(name)
            raise UnknownError(
                f'there is no listener "{shown[: 2 * LONGEST]}"; '
                "`voiceguide listeners` shows all, and `voiceguide listeners add NAME` makes one"
            )
        return found

    def knows(self, listener: str) -> bool:
        """Return whether there is a listener with the id *listener*; the nameless one always is.

        Raises:
            StoreError: if the file cannot be read.
        """
        return listener == NAMELESS or any(each.id == listener for each in self.all())

    def add(self, name: str, may: Collection[Right] = (Right.LISTEN,)) -> Listener:
        """Add a listener called *name* with the rights *may*, and return them.

        Raises:
            LimitError: if there is one of that name, if it is no name, or there are too many.
            StoreError: if the file cannot be read or written.
        """
        made = Listener(new_id(), _checked(name), frozenset(may))
        with self._alone():
            there = self.all()
            if any(_same(each.name) == _same(made.name) for each in there):
                raise LimitError(f'there is a listener "{made.name}" already; choose another name')
            if len(there) >= MOST:
                raise LimitError(f"there can be {MOST} listeners; remove one first")
            self._write((*there, made))
        return made

    def change(self, listener: str, change: Callable[[Listener], Listener]) -> Listener:
        """Put what *change* makes of the listener with the id *listener* in their place, and return it.

        Raises:
            UnknownError: if there is none.
            StoreError: if the file cannot be read or written.
        """
        with self._alone():
            made = change(self.of(listener))
            self._write(tuple(made if each.id == listener else each for each in self.all()))
        return made

    def remove(self, listener: Listener) -> None:
        """Remove *listener*; what is stored of them is not touched.

        Raises:
            StoreError: if the file cannot be read or written.
        """
        with self._alone():
            self._write(tuple(each for each in self.all() if each.id != listener.id))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise self._told(error.strerror or str(error)) from error
        with self._here, locked(self._path.with_suffix(".lock")):
            yield

    def _write(self, listeners: tuple[Listener, ...]) -> None:
        try:
            put(self._path, msgspec.json.encode(listeners), private=True)
        except OSError as error:
            raise self._told(error.strerror or str(error)) from error

    def _told(self, why: str) -> StoreError:
        return StoreError(f"{self._path}, which has the listeners' names, cannot be used: {why}")


_Mark = tuple[int, int, int, int]


def _mark(found: os.stat_result) -> _Mark:
    """Return what shows that a file was written anew: each version has another inode than the last."""
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _checked(name: str) -> str:
    made = unicodedata.normalize("NFC", " ".join(name.split()))
    if not 1 <= len(made) <= LONGEST or not made.isprintable() or made.startswith("-"):
        raise LimitError(
            f"the name of a listener has 1 to {LONGEST} letters, on one line, and begins with no dash"
        )
    return made


def same_name(one: str, other: str) -> bool:
    """Return whether two names are one, however they are capitalised."""
    return _same(one) == _same(other)


def _same(name: str) -> str:
    return unicodedata.normalize("NFKC", " ".join(name.split())).casefold()
