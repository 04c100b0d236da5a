"""Playing on this computer: a session that starts at once, obeys, and never clicks."""

from voiceguide.player.now import Now
from voiceguide.player.places import Places
from voiceguide.player.player import COMMANDS, Card, Player

__all__ = ["COMMANDS", "Card", "Now", "Places", "Player"]
