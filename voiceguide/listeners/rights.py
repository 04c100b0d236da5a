"""What a listener may do."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Right(StrEnum):
    """LISTEN: hear and be remembered. WRITE: change scripts and sounds. ADMIN: manage the listeners."""

    LISTEN = "listen"
    WRITE = "write"
    ADMIN = "admin"


ALL: Final = frozenset(Right)
"""The rights of the nameless listener."""
