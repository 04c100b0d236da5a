"""Plays sessions on this computer: they start at once, obey commands, and never click."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from voiceguide.playback.commands import COMMANDS, Command
    from voiceguide.playback.now import Now
    from voiceguide.playback.outputs import Output
    from voiceguide.playback.player import Player
    from voiceguide.playback.players import Players

_HOMES = {
    "COMMANDS": "commands",
    "Command": "commands",
    "Now": "now",
    "Output": "outputs",
    "Player": "player",
    "Players": "players",
}

__all__ = ["COMMANDS", "Command", "Now", "Output", "Player", "Players"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that a card is opened before the player is imported."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
