"""Voice-guided exercises: YAML scripts, a synthetic voice, exactly timed pauses, ambient sound.

import voiceguide

with voiceguide.Studio() as studio:
    session = studio.session("body-scan", voiceguide.Wishes(length=voiceguide.frames(600)))
    session.render("body-scan.mp3")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from voiceguide.audio import frames

if TYPE_CHECKING:
    from voiceguide.plan.wishes import Wishes
    from voiceguide.script.model import Script
    from voiceguide.script.parse import load
    from voiceguide.session import Session, Studio

_HOMES = {
    "Script": "voiceguide.script.model",
    "load": "voiceguide.script.parse",
    "Session": "voiceguide.session",
    "Studio": "voiceguide.session",
    "Wishes": "voiceguide.plan.wishes",
}

__all__ = ["Script", "Session", "Studio", "Wishes", "frames", "load"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for: a worker process needs none of them."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
