"""Sessions, from a script and wishes to anything that can be heard or kept."""

from voiceguide.session.session import Session
from voiceguide.session.studio import Studio

__all__ = ["Session", "Studio"]
