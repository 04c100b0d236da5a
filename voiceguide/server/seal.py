"""Seals: a file's name holds a hash of what is in the file and of what the file is called.

So a finished file goes out byte for byte as it lies there, by another server's hands too, and takes its seal
along in the one step in which it gets its name. A changed byte, a missing end, a whole file under another's
name: none is what its name says.
"""

from __future__ import annotations

import hashlib
import os
import re
from typing import BinaryIO, Final

from msgspec import Struct

_SEALED: Final = re.compile(r"([0-9a-f]{64})\.([0-9a-f]{64})((?:\.[a-z0-9]+){1,3})")
_PIECE: Final = 1 << 20


class Stamp(Struct, frozen=True):
    """What tells a file that was looked at from one that was changed since. Times in nanoseconds."""

    inode: int
    size: int
    written: int
    changed: int

    @classmethod
    def of(cls, found: os.stat_result) -> Stamp:
        """Return the mark of the file that *found* was told of."""
        return cls(found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def sealed(name: str, file: BinaryIO) -> str:
    """Return the name, with its seal, of the file called *name* that holds what *file* does."""
    key, _, endings = name.partition(".")
    return f"{key}.{_seal(name, file)}.{endings}"


def meant(file_name: str) -> str | None:
    """Return the name of what is sealed as *file_name*; None if nothing is sealed so."""
    found = _SEALED.fullmatch(file_name)
    return found and found[1] + found[3]


def holds(file_name: str, file: BinaryIO) -> bool:
    """Return whether *file* is what was sealed as *file_name*; it is read to its end."""
    name = meant(file_name)
    return name is not None and sealed(name, file) == file_name


def _seal(name: str, file: BinaryIO) -> str:
    hashed = hashlib.sha256(name.encode() + b"\0")
    while piece := file.read(_PIECE):
        hashed.update(piece)
    return hashed.hexdigest()
