"""VLC, by its library: the program itself does not run as root."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from tools.players.seen import MOMENT, Asked, Seen, sounds_on, within


class Vlc:
    """libVLC without a sound device (``pip install python-vlc``, and libvlc5 and vlc-plugin-base)."""

    name = "VLC"

    def about(self) -> str | None:
        try:
            import vlc
        except (ImportError, OSError):
            return None
        return f"VLC {vlc.libvlc_get_version().decode().split()[0]}"

    def look(self, asked: Asked) -> Seen:
        with closing(_Playing(asked.address)) as playing:
            playing.within_reach(0.3)
            length = playing.length()
            chapters = playing.chapters()
            playing.seek(asked.far)
            return Seen(length, playing.goes_on(asked.far), chapters)

    def resumes(self, asked: Asked) -> float | None:
        with closing(_Playing(asked.address, f":start-time={asked.far}")) as playing:
            return playing.goes_on(asked.far)


class _Playing:
    def __init__(self, address: str, *options: str) -> None:
        import vlc

        self._vlc: Any = vlc.Instance("--aout=adummy", "--no-video", "--quiet", "--intf=dummy")
        self._player = self._vlc.media_player_new()
        self._player.set_media(self._vlc.media_new(address, *options))
        self._player.play()

    def place(self) -> float | None:
        at = self._player.get_time()
        return at / 1000 if at >= 0 else None

    def within_reach(self, seconds: float) -> float | None:
        return within(lambda: (self.place() or 0.0) > seconds and self.place())

    def length(self) -> float | None:
        told = self._player.get_length()
        return told / 1000 if told > 0 else None

    def chapters(self) -> int:
        return within(lambda: max(0, int(self._player.get_chapter_count())), MOMENT) or 0

    def seek(self, far: float) -> None:
        self._player.set_time(int(far * 1000))

    def goes_on(self, far: float) -> float | None:
        return sounds_on(self.place, far)

    def close(self) -> None:
        self._player.stop()
        self._player.release()
        self._vlc.release()
