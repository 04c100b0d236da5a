"""The name of this computer, for the stamps of writes."""

from __future__ import annotations

import platform

from voiceguide.listeners.limits import LONGEST_DEVICE


def device_name(port: int | None = None) -> str:
    """Return the name that this computer goes by, as `Stamp.device`, or that of its speaker on *port*."""
    name = "".join(letter for letter in platform.node() if letter.isprintable()) or "computer"
    end = "" if port is None else f":{port}"
    return name[: LONGEST_DEVICE - len(end)] + end
