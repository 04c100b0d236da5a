"""Remembering: reading and writing a place beside 100 listeners with 10,000 places each.

First one listener's, from a file that is open, as a player keeps its place. Then each time another's, at
random: more than are open at once. Then one's, while another process writes to the same file all the time.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.report import Result, seconds
from voiceguide.audio import frames
from voiceguide.listeners import Bookmark, ListenerFolder, ListenerStore, Place, Put, WriteStamp, now_ms
from voiceguide.plan.wishes import Wishes

LISTENERS: Final = 100
PLACES: Final = 10_000
TIMES: Final = 1_000
MOST_MS: Final = 2.0
_DIGEST: Final = "0123456789abcdef" * 4

_BESIDE: Final = """
import sys
from pathlib import Path
from random import Random
from benchmarks.remembering import remember
from voiceguide.listeners import SqliteListenerStore
store, chance = SqliteListenerStore(Path(sys.argv[1])), Random(2)
remember(store, chance)
print(flush=True)
while True:
    remember(store, chance)
"""


def place(number: int, frame: int) -> Bookmark:
    wishes = Wishes(length=frames(600.0), voice="piper/joe", options={"eyes": "closed"}, seed="2026-11-28")
    line = f"script-{number}.yaml:12:5:steps[3].say:0"
    return Bookmark(f"script-{number}", f"{number:08x}{_DIGEST[8:]}", Place(frame, line, 2), _DIGEST, wishes)


def remember(store: ListenerStore, chance: Random) -> None:
    """Write one place, such as a player does every half minute."""
    made = place(chance.randrange(PLACES), chance.randrange(10**8))
    store.write(Put(made, WriteStamp(now_ms(), "laptop")))


def recall(store: ListenerStore, chance: Random) -> None:
    """Read one, such as a page does that is opened."""
    made = place(chance.randrange(PLACES), 0)
    assert store.left(made.script, made.digest) is not None


def filled(folder: Path) -> ListenerFolder:
    """Return the memories of so many listeners with so many places, in *folder*."""
    stores = ListenerFolder(folder)
    stores.of("l0").write(*(Put(place(number, 1), WriteStamp(number, "laptop")) for number in range(PLACES)))
    stores.close()
    for number in range(1, LISTENERS):
        shutil.copy(folder / "l0.sqlite3", folder / f"l{number}.sqlite3")
    return stores


def result(name: str, work: Callable[[], object]) -> Result:
    took = sorted(1000 * seconds(work) for _ in range(TIMES))
    detail = (
        f"ms at the median of {TIMES}; 99 of 100 in {took[TIMES * 99 // 100]:.1f}, at most {took[-1]:.1f}"
    )
    return Result(name, statistics.median(took), MOST_MS, detail)


def all_results() -> Iterator[Result]:
    chance = Random(1)
    with TemporaryDirectory() as name, closing(filled(Path(name) / "listeners")) as stores:

        def anyone() -> ListenerStore:
            return stores.of(f"l{chance.randrange(LISTENERS)}")

        one = stores.of("l0")
        yield result("a place is read, of one listener", lambda: recall(one, chance))
        yield result("a place is written, of one listener", lambda: remember(one, chance))
        yield result("a place is read, of any listener", lambda: recall(anyone(), chance))
        yield result("a place is written, of any listener", lambda: remember(anyone(), chance))
        command = [sys.executable, "-c", _BESIDE, str(Path(name) / "listeners" / "l0.sqlite3")]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as other:
            try:
                assert other.stdout is not None
                other.stdout.readline()
                yield result("a place is read beside who writes", lambda: recall(one, chance))
                yield result("a place is written beside who writes", lambda: remember(one, chance))
            finally:
                other.kill()
