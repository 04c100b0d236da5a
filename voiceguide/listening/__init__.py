"""Voice commands: nine words, understood on this computer, in the pauses of a session."""

from voiceguide.listening.listener import Listener
from voiceguide.listening.words import PHRASES

__all__ = ["PHRASES", "Listener"]
