"""The scripts that can be played here, and a check of what each offers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voiceguide.script.library import Find
    from voiceguide.server.playable import PlayableScripts
    from voiceguide.server.query import Asked


@contextmanager
def offered() -> Iterator[PlayableScripts]:
    """Yield the scripts that can be played here, and why the others cannot; nothing is logged."""
    from voiceguide.server.playable import playable
    from voiceguide.session import Studio

    with Studio() as studio:
        yield playable(studio)


def offers(find: Find) -> Callable[[str, Asked], object]:
    """Return a function that raises if a script does not offer what is asked; *find* finds the script."""
    from datetime import date

    from voiceguide.plan.wishes import resolve

    return lambda script, asked: resolve(find(script), asked.wishes, date.min)
