"""The listeners of this computer by name, in a file that only its owner can read."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from voiceguide.errors import LimitError, StoreError, UnknownError
from voiceguide.files import put
from voiceguide.files.locks import locked
from voiceguide.listeners.ids import NAMELESS, is_id, new_id

FILE: Final = "roster.json"
"""In the folder of listeners."""

MOST: Final = 100
LONGEST: Final = 40
"""Of a name, in letters."""


class Listener(Struct, frozen=True):
    """A listener; what is stored of them has the name `id`."""

    id: str
    name: str


class Roster:
    """The named listeners, in *folder*; the nameless one is not in it. Safe to use from several processes."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE

    def all(self) -> tuple[Listener, ...]:
        """Return the listeners in the order of their names.

        Raises:
            StoreError: if the file cannot be read, or makes no sense.
        """
        try:
            read = msgspec.json.decode(self._path.read_bytes(), type=tuple[Listener, ...])
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise self._told(error.strerror or str(error)) from error
        except msgspec.DecodeError as error:
            raise self._told(f"it is damaged ({error}); mend it, or remove it and add them again") from error
        if not all(is_id(each.id) and each.id != NAMELESS for each in read):
            raise self._told("it has an id that is none; mend it, or remove it and add them again")
        return tuple(sorted(read, key=lambda each: _same(each.name)))

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

    def add(self, name: str) -> Listener:
        """Add a listener called *name* and return them.

        Raises:
            LimitError: if there is one of that name, if it is no name, or there are too many.
            StoreError: if the file cannot be read or written.
        """
        made = Listener(new_id(), _checked(name))
        with self._alone():
            there = self.all()
            if any(_same(each.name) == _same(made.name) for each in there):
                raise LimitError(f'there is a listener "{made.name}" already; choose another name')
            if len(there) >= MOST:
                raise LimitError(f"there can be {MOST} listeners; remove one first")
            self._write((*there, made))
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
        with locked(self._path.with_suffix(".lock")):
            yield

    def _write(self, listeners: tuple[Listener, ...]) -> None:
        try:
            put(self._path, msgspec.json.encode(listeners), private=True)
        except OSError as error:
            raise self._told(error.strerror or str(error)) from error

    def _told(self, why: str) -> StoreError:
        return StoreError(f"{self._path}, which has the listeners' names, cannot be used: {why}")


def _checked(name: str) -> str:
    made = unicodedata.normalize("NFC", " ".join(name.split()))
    if not 1 <= len(made) <= LONGEST or not made.isprintable() or made.startswith("-"):
        raise LimitError(
            f"the name of a listener has 1 to {LONGEST} letters, on one line, and begins with no dash"
        )
    return made


def _same(name: str) -> str:
    return unicodedata.normalize("NFKC", " ".join(name.split())).casefold()
