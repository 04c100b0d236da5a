"""Playing on this computer: a session that starts at once, obeys, and never clicks."""

from voiceguide.playback.now import Now
from voiceguide.playback.places import Places
from voiceguide.playback.player import COMMANDS, Card, Player

__all__ = ["COMMANDS", "Card", "Now", "Places", "Player"]
