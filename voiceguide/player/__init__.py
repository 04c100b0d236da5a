"""Playing on this computer: a session that starts at once, obeys, and never clicks."""

from voiceguide.player.player import Now, Player

__all__ = ["Now", "Player"]
