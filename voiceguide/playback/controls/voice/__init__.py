"""Voice commands: nine words, understood on this computer, in the pauses of a session."""

from voiceguide.playback.controls.voice.listener import VoiceControl
from voiceguide.playback.controls.voice.words import PHRASES

__all__ = ["PHRASES", "VoiceControl"]
