"""How far sound reaches beyond the frames that it is planned for."""

from __future__ import annotations

from typing import Final

from voiceguide.audio import frames

EDGE: Final = frames(0.004)
"""Each clip has this much before its first sound and after its last, faded from and to nothing."""

REACH: Final = 542
"""What is heard at a frame depends on this many frames before it and after it, through the ceiling."""
