"""The server's token, kept from one start to the next in a file that only its owner can read.

The file has the form of systemd's EnvironmentFile, so that a unit can read it too.
"""

from __future__ import annotations

import re
import secrets
from pathlib import Path
from typing import Final

from voiceguide.files import put

VARIABLE: Final = "VOICEGUIDE_TOKEN"
_KEPT: Final = re.compile(rf'{VARIABLE}="((?:[^"\\]|\\.)+)"\s*', re.DOTALL)
_ESCAPED: Final = '"\\$`'


def kept_token(path: Path, *, new: bool = False) -> str:
    """Return the token in the file *path*; make one and write it there if it is missing or *new* is set.

    Raises:
        OSError: if it cannot be read or written.
    """
    found = None if new else _read(path)
    if found is not None:
        path.chmod(0o600)
        return found
    made = secrets.token_urlsafe(16)
    keep_token(path, made)
    return made


def keep_token(path: Path, token: str) -> None:
    """Write *token* to *path*; only its owner can read the file.

    Raises:
        OSError: if it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    plain = "".join(f"\\{each}" if each in _ESCAPED else each for each in token)
    put(path, f'{VARIABLE}="{plain}"\n'.encode(), private=True)


def _read(path: Path) -> str | None:
    """Return the token in *path*; None if the file is missing or has another form."""
    try:
        kept = _KEPT.fullmatch(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, UnicodeDecodeError):
        return None
    return re.sub(r"(?s)\\(.)", r"\1", kept[1]) if kept else None
