"""Media keys, headset buttons and `playerctl`: a player as desktops on Linux know players (MPRIS)."""

from voiceguide.playback.controls.mpris.remote import DesktopRemote

__all__ = ["DesktopRemote"]
