"""``python -m tools.players [PLAYER...]``: a table of player and format, on a server of this tree.

Each format is looked at twice: in sessions that are still being made, since nobody has asked for them before,
and in one that is whole. A player that is not installed has no rows.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import threading
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import date
from functools import partial
from itertools import count
from pathlib import Path
from typing import Final

from tools.players.chromium import Chromium
from tools.players.gstreamer import GStreamer
from tools.players.mpd import Mpd
from tools.players.mpv import Mpv
from tools.players.seen import Asked, Player
from tools.players.vlc import Vlc
from voiceguide.files.folders import shipped

PLAYERS: Final[tuple[Player, ...]] = (Mpv(), Vlc(), Mpd(), GStreamer(), Chromium())
FORMATS: Final = {
    "mp3": "mp3",
    "mp3 to keep": "mp3?download=1",
    "wav": "wav",
    "m4a": "m4a",
    "m4b": "m4b",
    "opus": "opus",
    "flac": "flac",
}
LENGTH: Final = 600.0
FAR: Final = 480.0
SOON: Final = 10.0

_fresh = count(1)
_made: dict[str, str] = {}
_MAKING: Final = threading.Lock()


def main() -> None:
    """Look with the players asked for, or all, and print the table."""
    reading = argparse.ArgumentParser(prog="tools.players", description=__doc__)
    reading.add_argument("player", nargs="*", help="its name; all unless given")
    asked = {name.casefold() for name in reading.parse_args().player}
    here = [player for player in PLAYERS if not asked or player.name.casefold() in asked]
    print(HEAD)
    # Players mostly wait: they are looked at side by side, and share the sessions that are whole.
    with _server() as root, ThreadPoolExecutor(len(here)) as pool:
        for rows in pool.map(partial(_rows, root), here):
            print(*rows, sep="\n", flush=True)


HEAD: Final = (
    f"Seen on {date.today().isoformat()}, on loopback.\n\n"
    "| player | format | being made: length | seek | resume | chapters "
    "| made: length | seek | resume | chapters |\n"
    "|---|---|---|---|---|---|---|---|---|---|"
)


def _rows(root: str, player: Player) -> list[str]:
    about = player.about()
    return (
        [] if about is None else [_row(player, f"{about} | {name}", root, FORMATS[name]) for name in FORMATS]
    )


def _row(player: Player, head: str, root: str, ending: str) -> str:
    unmade = _seen(player, lambda: _address(root, ending))
    made = _seen(player, lambda: _whole(root, ending))
    row = f"| {head} | {unmade} | {made} |"
    print(row, file=sys.stderr, flush=True)  # the table comes once all is seen
    return row


def _whole(root: str, ending: str) -> str:
    """Return the address of a session that is whole, made once."""
    with _MAKING:
        if ending not in _made:
            whole = _address(root, ending)
            # An MP3 is whole once it was read; the others, with their chapters, for whoever waits for it.
            with urllib.request.urlopen(whole if ".mp3" in whole else f"{whole}&download=1") as answer:
                while answer.read(1 << 20):
                    pass
            _made[ending] = whole
        return _made[ending]


def _seen(player: Player, address: Callable[[], str]) -> str:
    """Return the cells for what *player* makes of what is at *address*."""
    seen = player.look(Asked(address(), LENGTH, FAR))
    resumes = player.resumes(Asked(address(), LENGTH, FAR))
    length = f"{seen.length:.1f} s" if seen.length is not None and seen.length > 0 else "none"
    chapters = "not seen" if seen.chapters is None else str(seen.chapters or "none")
    return " | ".join((length, _word(seen.seek), _word(resumes), chapters))


def _address(root: str, ending: str) -> str:
    """Return the address of a session that nobody has asked for: another name, another session."""
    path, _, query = ending.partition("?")
    wishes = f"length={LENGTH:.0f}s&voice=hum&name=n{next(_fresh)}"
    return f"{root}/audio/body-scan.{path}?{wishes}&{query}".rstrip("&")


def _word(took: float | None) -> str:
    """Return whether it happened, and where that was not soon, after how many seconds."""
    if took is None:
        return "no"
    return "yes" if took < SOON else f"after {took:.0f} s"


@contextmanager
def _server() -> Iterator[str]:
    """Serve this tree with empty folders, and give the address."""
    with tempfile.TemporaryDirectory() as folder:
        _ground(Path(folder, "data", "scripts"))
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


def _ground(scripts: Path) -> None:
    """Have the way to the ground, which is made before all else, hummed in a moment."""
    scripts.mkdir(parents=True)
    text = (shipped("scripts") / "ground-now.yaml").read_text()
    (scripts / "ground-now.yaml").write_text(text.replace("voice: {", "voice: {name: hum, "))


if __name__ == "__main__":
    main()
