"""Playing on this computer: a session that starts at once, obeys, and never clicks."""

from voiceguide.playback.bookmarks import Bookmarks
from voiceguide.playback.commands import COMMANDS, Command
from voiceguide.playback.now import Now
from voiceguide.playback.outputs import Output
from voiceguide.playback.player import Player
from voiceguide.playback.players import Players

__all__ = ["COMMANDS", "Bookmarks", "Command", "Now", "Output", "Player", "Players"]
