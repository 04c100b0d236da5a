"""Media keys, headset buttons and `playerctl`: a player on the desktops of Linux, by MPRIS."""

from voiceguide.playback.controls.mpris.remote import DesktopRemote

__all__ = ["DesktopRemote"]
