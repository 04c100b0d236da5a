"""Run as a process: writes to a file, and says what is done, a line each.

writing FILE DEVICE COUNT    COUNT of the history, DEVICE-0 and so on; two settings over and over
writing FILE DEVICE 0        the same without end
writing FILE DEVICE forget   a note; forgets it beside a reader, and is killed before it is gone
writing FILE DEVICE full     notes, until the disk is full: files may grow to 300 kB
"""

from __future__ import annotations

import itertools
import os
import signal
import sqlite3
import sys
from pathlib import Path

from voiceguide.errors import StoreError
from voiceguide.listeners import Listening, Note, Put, Setting, SqliteListenerStore, WriteStamp


def history(store: SqliteListenerStore, device: str, count: int) -> None:
    for number in range(count) if count else itertools.count():
        stamp = WriteStamp(number, device)
        name = f"{device}-{number}"
        records = (
            Listening(name, "chair", 0, 0),
            Setting("voice", name),
            Setting("voice", name, script=device),
        )
        store.write(*(Put(record, stamp) for record in records))
        print(number, flush=True)


def fill(store: SqliteListenerStore, device: str) -> None:
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, most))
    for number in itertools.count():
        try:
            store.write(Put(Note(str(number), f"{number} " + "word " * 1000), WriteStamp(number, device)))
        except StoreError as error:
            print(error)
            break
        print(number)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    store.write(Put(Note("after", "there is room again"), WriteStamp(0, device)))
    store.close()


def forget(store: SqliteListenerStore, path: Path, device: str) -> None:
    store.write(Put(Note("n1", "a secret of mine"), WriteStamp(1, device)))
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM kept").fetchone()
    try:
        store.forget()
    except StoreError:
        print("killed amid forgetting", flush=True)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    _, path, name, what = sys.argv
    memory = SqliteListenerStore(Path(path), busy_seconds=0.1 if what == "forget" else 5.0)
    print("ready", flush=True)
    if what == "full":
        fill(memory, name)
    elif what == "forget":
        forget(memory, Path(path), name)
    else:
        sys.stdin.readline()
        history(memory, name, int(what))
