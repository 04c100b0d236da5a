"""How far audible sound extends beyond the frames it is planned for."""

from __future__ import annotations

from typing import Final

from voiceguide.audio import frames

EDGE: Final = frames(0.004)
"""Frames kept before a clip's first sound and after its last, faded in and out."""

REACH: Final = 542
"""Through the ceiling, a frame of the mix depends on this many frames before it and after it."""
