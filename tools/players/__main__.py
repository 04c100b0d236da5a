"""``python -m tools.players [PLAYER...]``: a table of player and format, on a server of this tree.

Each session is looked at twice: while it is still being made (nobody has asked for it before), and once it is
whole. A player that is not installed has no rows.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from itertools import count
from typing import Final

from tools.players.chromium import Chromium
from tools.players.gstreamer import GStreamer
from tools.players.mpd import Mpd
from tools.players.mpv import Mpv
from tools.players.seen import Asked, Player, Seen
from tools.players.vlc import Vlc

PLAYERS: Final[tuple[Player, ...]] = (Mpv(), Vlc(), Mpd(), GStreamer(), Chromium())
FORMATS: Final = ("mp3", "wav", "m4a", "m4b", "opus", "flac")
LENGTH: Final = 600.0
FAR: Final = 480.0

_fresh = count(1)


def main() -> None:
    """Look with the players asked for, or all, and print the table."""
    reading = argparse.ArgumentParser(prog="tools.players", description=__doc__)
    reading.add_argument("player", nargs="*", help="its name; all unless given")
    asked = {name.casefold() for name in reading.parse_args().player}
    print(HEAD)
    with _server() as root:
        for player in PLAYERS:
            if (not asked or player.name.casefold() in asked) and (about := player.about()):
                for ending in FORMATS:
                    _look(player, about, root, ending)


HEAD: Final = (
    f"Seen on {date.today().isoformat()}, on loopback.\n\n"
    "| player | format | being made: length | seek | resume | chapters "
    "| made: length | seek | resume | chapters |\n"
    "|---|---|---|---|---|---|---|---|---|---|"
)


def _look(player: Player, about: str, root: str, ending: str) -> None:
    unmade = player.look(Asked(_address(root, ending), LENGTH, FAR))
    whole = _address(root, ending)
    with urllib.request.urlopen(f"{whole}&download=1") as answer:  # waits until it is whole
        while answer.read(1 << 20):
            pass
    made = player.look(Asked(whole, LENGTH, FAR))
    print(f"| {about} | {ending} | {_cells(unmade)} | {_cells(made)} |", flush=True)


def _address(root: str, ending: str) -> str:
    """Return the address of a session that nobody has asked for: another name, another session."""
    return f"{root}/audio/body-scan.{ending}?length={LENGTH:.0f}s&voice=hum&name=n{next(_fresh)}"


def _cells(seen: Seen) -> str:
    exact = seen.length is not None and seen.length > 0
    length = f"{seen.length:.1f} s" if exact else "none"
    return " | ".join((length, _word(seen.seek), _word(seen.resume), str(seen.chapters or "none")))


def _word(did: bool) -> str:
    return "yes" if did else "no"


@contextmanager
def _server() -> Iterator[str]:
    """Serve this tree with empty folders, and give the address."""
    with tempfile.TemporaryDirectory() as folder:
        running = subprocess.Popen(
            [sys.executable, "-m", "voiceguide", "serve", "--port", "0"],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "VOICEGUIDE_CACHE": f"{folder}/cache", "VOICEGUIDE_DATA": f"{folder}/data"},
        )
        try:
            assert running.stdout is not None
            found = re.search(r"http://\S+", running.stdout.readline())
            assert found is not None
            yield found.group().rstrip("/")
        finally:
            running.terminate()
            with suppress(subprocess.TimeoutExpired):
                running.wait(30)


if __name__ == "__main__":
    main()
