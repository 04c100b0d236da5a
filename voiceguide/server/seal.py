"""Seals: a file's name contains a hash of its content and of its name without the seal.

The content itself is unchanged, so that any server can send it as it is, and the rename that completes a file
also seals it. A changed byte, a missing end or a file under another's name no longer matches its seal.
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
    """What shows that a file has changed since it was read. Times are in nanoseconds."""

    inode: int
    size: int
    written: int
    changed: int

    @classmethod
    def of(cls, found: os.stat_result) -> Stamp:
        """Return the stamp of the file with the status *found*."""
        return cls(found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def sealed(name: str, file: BinaryIO) -> str:
    """Return *name* with the seal of a file of that name and the content of *file*."""
    key, _, endings = name.partition(".")
    return f"{key}.{_seal(name, file)}.{endings}"


def meant(file_name: str) -> str | None:
    """Return the name without the seal in *file_name*; None if there is no seal."""
    found = _SEALED.fullmatch(file_name)
    return found and found[1] + found[3]


def holds(file_name: str, file: BinaryIO) -> bool:
    """Return whether the content of *file* matches the seal in *file_name*; *file* is read to its end."""
    name = meant(file_name)
    return name is not None and sealed(name, file) == file_name


def _seal(name: str, file: BinaryIO) -> str:
    hashed = hashlib.sha256(name.encode() + b"\0")
    while piece := file.read(_PIECE):
        hashed.update(piece)
    return hashed.hexdigest()
