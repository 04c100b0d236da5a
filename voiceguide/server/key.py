"""The key that signs addresses, token links and cookies, in a file that only its owner can read."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Final

from voiceguide.files import put
from voiceguide.files.locks import locked

KEY: Final = "serve.key"
"""In the data folder."""

_BYTES: Final = 32


def random_key() -> bytes:
    """Return a key that nobody has."""
    return secrets.token_bytes(_BYTES)


def kept(path: Path, *, new: bool = False) -> bytes:
    """Return the key in the file *path*; make one if there is none that is whole, or *new* is set.

    Raises:
        OSError: if it cannot be read or written.
    """
    with locked(path.with_suffix(".lock")):  # two programs that make one at once have the same
        found = None if new else _read(path)
        if found is None:
            found = random_key()
            put(path, found, private=True)
    return found


def _read(path: Path) -> bytes | None:
    try:
        found = path.read_bytes()
    except FileNotFoundError:
        return None
    path.chmod(0o600)
    return found if len(found) == _BYTES else None
