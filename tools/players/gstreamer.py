"""GStreamer, through its own small player and its discoverer."""

from __future__ import annotations

import re
import subprocess
import threading
from collections import deque

from tools.players.seen import PATIENCE, Asked, Seen, sounds_on, version, within

_PLACE = re.compile(rb"(\d+):(\d\d):(\d\d\.\d) / (?:(\d+):(\d\d):(\d\d\.\d)|-)")


class GStreamer:
    """What plays in GNOME's programs and in many others."""

    name = "GStreamer"

    def about(self) -> str | None:
        told = version("gst-play-1.0", "--version")
        return told and f"GStreamer {told.split()[-1]}"

    def look(self, asked: Asked) -> Seen:
        begun = _Playing(asked.address)
        within(lambda: (begun.place() or 0.0) > 0.3)
        length = begun.length()
        begun.close()
        # gst-play seeks for --start-position just as it does for a key.
        return Seen(length, self.resumes(asked), _chapters(asked.address))

    def resumes(self, asked: Asked) -> float | None:
        anew = _Playing(asked.address, f"--start-position={asked.far}")
        try:
            return anew.goes_on(asked.far)
        finally:
            anew.close()


class _Playing:
    def __init__(self, address: str, *more: str) -> None:
        command = ["gst-play-1.0", "--audiosink=fakesink sync=true", "--no-interactive", *more, address]
        self._running = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._told: deque[tuple[bytes, ...]] = deque(maxlen=1)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._running.stdout is not None
        while piece := self._running.stdout.read1(4096):
            if found := _PLACE.findall(piece):
                self._told.append(found[-1])

    def place(self) -> float | None:
        return _seconds(self._told[-1][:3]) if self._told else None

    def length(self) -> float | None:
        return _seconds(self._told[-1][3:]) if self._told and self._told[-1][3] else None

    def goes_on(self, far: float) -> float | None:
        return sounds_on(self.place, far)

    def close(self) -> None:
        self._running.terminate()
        self._running.wait(30)
        self._reader.join(30)


def _seconds(parts: tuple[bytes, ...]) -> float:
    hours, minutes, seconds = parts
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


def _chapters(address: str) -> int:
    command = ["gst-discoverer-1.0", "-v", "-t", f"{PATIENCE:.0f}", address]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    return len(re.findall(r"^\s*chapter:", told.stdout, re.MULTILINE))
