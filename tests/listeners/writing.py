"""Run as a process: writes to the memory in a file, and says what is done, a line each.

writing FILE DEVICE COUNT    COUNT entries of the history, DEVICE-0 and so on, and two settings over and over
writing FILE DEVICE 0        without end
writing FILE DEVICE full     notes, until the disk is full: files may grow to 300 kB
"""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

from voiceguide.errors import StoreError
from voiceguide.listeners import Heard, Note, Put, Setting, SqliteListenerStore, Stamp


def history(store: SqliteListenerStore, device: str, count: int) -> None:
    for number in range(count) if count else itertools.count():
        stamp = Stamp(number, device)
        name = f"{device}-{number}"
        records = (Heard(name, "chair", 0, 0), Setting("voice", name), Setting("voice", name, script=device))
        store.write(*(Put(record, stamp) for record in records))
        print(number, flush=True)


def fill(store: SqliteListenerStore, device: str) -> None:
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, most))
    for number in itertools.count():
        try:
            store.write(Put(Note(str(number), f"{number} " + "word " * 1000), Stamp(number, device)))
        except StoreError as error:
            print(error)
            break
        print(number)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    store.write(Put(Note("after", "there is room again"), Stamp(0, device)))
    store.close()


if __name__ == "__main__":
    _, path, name, what = sys.argv
    memory = SqliteListenerStore(Path(path))
    print("ready", flush=True)
    if what == "full":
        fill(memory, name)
    else:
        sys.stdin.readline()
        history(memory, name, int(what))
