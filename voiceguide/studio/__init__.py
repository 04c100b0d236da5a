"""Sessions, from a script and wishes to anything that can be heard or kept."""

from voiceguide.studio.session import Session
from voiceguide.studio.studio import Studio

__all__ = ["Session", "Studio"]
