"""The two D-Bus interfaces of MPRIS 2.2 for a player. Imports dbus-fast, so it is imported only when needed.

Names and behaviour: https://specifications.freedesktop.org/mpris-spec/latest/
"""

# No `from __future__ import annotations`: dbus-fast reads annotations, and takes "None" for a D-Bus type.
import math
from collections.abc import Callable
from typing import Annotated, Any, Final

from dbus_fast import DBusError, ErrorType, PropertyAccess, Variant
from dbus_fast.annotations import (
    DBusBool,
    DBusDict,
    DBusDouble,
    DBusInt64,
    DBusObjectPath,
    DBusSignature,
    DBusStr,
)
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property, dbus_signal

from voiceguide.playback.commands import Back, Next, Pause, Play, Seek, Skip, Stop, Toggle, Volume
from voiceguide.playback.controls.controlled import Watched
from voiceguide.playback.controls.mpris.shown import Shown, frames_of, micros

PATH: Final = "/org/mpris/MediaPlayer2"
TRACK: Final = "/voiceguide/session"
"""The id of the one track, the session that plays."""

READ: Final = PropertyAccess.READ
Strings = Annotated[list[str], DBusSignature("as")]


class Application(ServiceInterface):
    """``org.mpris.MediaPlayer2``: the program, which has no window to raise and opens no files."""

    def __init__(self, player: Watched) -> None:
        super().__init__("org.mpris.MediaPlayer2")
        self._player = player

    @dbus_method()
    def Raise(self) -> None:
        pass

    @dbus_method()
    def Quit(self) -> None:
        self._player.do(Stop())

    @dbus_property(READ)
    def CanQuit(self) -> DBusBool:
        return True

    @dbus_property(READ)
    def CanRaise(self) -> DBusBool:
        return False

    @dbus_property(READ)
    def HasTrackList(self) -> DBusBool:
        return False

    @dbus_property(READ)
    def Identity(self) -> DBusStr:
        return "voiceguide"

    @dbus_property(READ)
    def SupportedUriSchemes(self) -> Strings:
        return []

    @dbus_property(READ)
    def SupportedMimeTypes(self) -> Strings:
        return []


class Controls(ServiceInterface):
    """``org.mpris.MediaPlayer2.Player``: every button is a command of *player*."""

    def __init__(self, player: Watched) -> None:
        super().__init__("org.mpris.MediaPlayer2.Player")
        self._player = player

    def tell(self, old: Shown, new: Shown) -> None:
        """Signal to remotes the properties in which *new* differs from *old*."""
        properties: tuple[tuple[str, Callable[[Shown], object]], ...] = (
            ("PlaybackStatus", lambda shown: shown.playback),
            ("Volume", lambda shown: shown.volume),
            ("Metadata", _metadata),
        )
        changed = {name: value(new) for name, value in properties if value(new) != value(old)}
        if changed:
            self.emit_properties_changed(changed)

    @dbus_method()
    def Play(self) -> None:
        self._player.do(Play())

    @dbus_method()
    def Pause(self) -> None:
        self._player.do(Pause())

    @dbus_method()
    def PlayPause(self) -> None:
        self._player.do(Toggle())

    @dbus_method()
    def Stop(self) -> None:
        self._player.do(Stop())

    @dbus_method()
    def Next(self) -> None:
        self._player.do(Next())

    @dbus_method()
    def Previous(self) -> None:
        self._player.do(Back())

    @dbus_method()
    def Seek(self, Offset: DBusInt64) -> None:
        self._player.do(Skip(frames_of(Offset)))

    @dbus_method()
    def SetPosition(self, TrackId: DBusObjectPath, Position: DBusInt64) -> None:
        to = frames_of(Position)
        if TrackId == TRACK and 0 <= to <= self._player.now.length:
            self._player.do(Seek(to))

    @dbus_method()
    def OpenUri(self, Uri: DBusStr) -> None:
        raise DBusError(ErrorType.NOT_SUPPORTED, "voiceguide opens sessions from its own commands only")

    @dbus_signal()
    def Seeked(self, position: int) -> DBusInt64:
        return position

    @dbus_property(READ)
    def PlaybackStatus(self) -> DBusStr:
        return self._shown.playback

    @dbus_property(READ)
    def Position(self) -> DBusInt64:
        return micros(self._player.now.position)

    @dbus_property(READ)
    def Metadata(self) -> DBusDict:
        return _metadata(self._shown)

    @dbus_property()
    def Volume(self) -> DBusDouble:
        return self._player.now.volume

    @Volume.setter  # type: ignore[no-redef] # mypy knows only Python's own properties
    def Volume(self, volume: DBusDouble) -> None:
        if not math.isfinite(volume):
            raise DBusError(ErrorType.INVALID_ARGS, "a volume is from 0 to 1")
        self._player.do(Volume(max(0.0, min(1.0, volume)), answered=False))

    @dbus_property(READ)
    def Rate(self) -> DBusDouble:
        return 1.0

    @dbus_property(READ)
    def MinimumRate(self) -> DBusDouble:
        return 1.0

    @dbus_property(READ)
    def MaximumRate(self) -> DBusDouble:
        return 1.0

    @dbus_property(READ)
    def CanGoNext(self) -> DBusBool:
        return True

    @dbus_property(READ)
    def CanGoPrevious(self) -> DBusBool:
        return True

    @dbus_property(READ)
    def CanPlay(self) -> DBusBool:
        return True

    @dbus_property(READ)
    def CanPause(self) -> DBusBool:
        return True

    @dbus_property(READ)
    def CanSeek(self) -> DBusBool:
        return True

    @dbus_property(READ)
    def CanControl(self) -> DBusBool:
        return True

    @property
    def _shown(self) -> Shown:
        return Shown.of(self._player.now)


def _metadata(shown: Shown) -> dict[str, Any]:
    """Return the metadata of the session, with the chapter as the album, which desktops show."""
    about = {
        "mpris:trackid": Variant("o", TRACK),
        "mpris:length": Variant("x", shown.length),
        "xesam:title": Variant("s", shown.title),
        "xesam:artist": Variant("as", ["voiceguide"]),
    }
    return about | ({"xesam:album": Variant("s", shown.chapter)} if shown.chapter else {})
