"""Sessions: a script and wishes, performed."""

from voiceguide.session.session import Session
from voiceguide.session.studio import Studio

__all__ = ["Session", "Studio"]
