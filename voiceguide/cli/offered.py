"""What the library offers here, with the voice that would speak."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voiceguide.server.shelf import Shelf


@contextmanager
def offered() -> Iterator[Shelf]:
    """Give the scripts that can be played here, and why the others cannot; nothing is said in the log."""
    from voiceguide.server.shelf import shelf
    from voiceguide.session import Studio

    with Studio() as studio:
        yield shelf(studio)
