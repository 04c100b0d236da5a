"""The name of this computer, for the stamps of writes."""

from __future__ import annotations

import platform

from voiceguide.listeners.limits import LONGEST_DEVICE


def device_name() -> str:
    """Return the name that this computer goes by, as `Stamp.device`."""
    name = "".join(letter for letter in platform.node() if letter.isprintable())
    return name[:LONGEST_DEVICE] or "computer"
