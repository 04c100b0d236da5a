"""Playing on this computer: a session that starts at once, obeys, and never clicks."""

from voiceguide.playback.now import Now
from voiceguide.playback.places import Places
from voiceguide.playback.player import COMMANDS, Player, SoundCard

__all__ = ["COMMANDS", "Now", "Places", "Player", "SoundCard"]
