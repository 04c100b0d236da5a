from __future__ import annotations

import os
from pathlib import Path

import pytest

from voiceguide.audio import frames
from voiceguide.errors import StoreError
from voiceguide.listeners import Bookmark, MemoryListenerStore, Place, Put, Write, WriteStamp, take_over
from voiceguide.plan.wishes import Wishes

WISHES = (
    '{"length": %s, "voice": null, "ambience": null, "ambience_level_db": null, '
    '"options": %s, "seed": "a", "rungs": 1, "loudness": "calm", "name": null}'
)
KEPT = (
    '{"frame": %d, "line": "chair.yaml:3:5:say:0", "steps": 2, "since": 9, '
    '"script": "%s", "digest": "%s", "wishes": %s}'
)
"""As `play` wrote it."""

PLAIN = WISHES % ("null", "{}")
EYES = WISHES % ("14400000", '{"eyes": "closed"}')


def folder(path: Path, *kept: str) -> Path:
    """Return a folder of bookmarks as they were kept, each a second after the one before."""
    made = path / "positions"
    made.mkdir()
    for at, text in enumerate(kept):
        file = made / f"k{at}.json"
        file.write_text(text, encoding="latin-1")
        os.utime(file, (at + 1, at + 1))
    return made


def test_bookmarks_of_before_are_found(tmp_path: Path) -> None:
    """What `play` kept as files is the listener's: the last of each exercise, unless there is a later one."""
    before = folder(
        tmp_path,
        KEPT % (100, "chair", "d1", PLAIN),
        KEPT % (101, "chair", "d1", EYES),
        KEPT % (102, "days", "d2", PLAIN),
    )
    store = MemoryListenerStore()
    store.write(Put(Bookmark("days", "d2", Place(1, "")), WriteStamp(60_000, "phone")))
    take_over(before, store, "laptop")
    place = Place(101, "chair.yaml:3:5:say:0", 2, 9)
    wishes = Wishes(length=frames(300.0), options={"eyes": "closed"}, seed="a")
    assert store.left("chair", "d1") == Bookmark("chair", "d1", place, "k1", wishes)
    assert store.left("days", "d2") == Bookmark("days", "d2", Place(1, ""))
    assert len(store.everything()) == 2
    assert not before.exists()
    take_over(before, store, "laptop")
    assert len(store.everything()) == 2


@pytest.mark.parametrize(
    "damaged",
    [
        '{"frame": "many"}',
        '{"line": "", "frame": Infinity}',
        "[" * 100_000,
        "[]",
        '{"frame": 1, "line": ""}',
        "\xff",
        KEPT % (1, "x" * 300, "d1", PLAIN),
        KEPT % (1, "a\\nb", "d1", PLAIN),
    ],
)
def test_what_makes_no_sense_is_left_behind(tmp_path: Path, damaged: str) -> None:
    """Whatever a file holds, the others are taken over."""
    before = folder(tmp_path, damaged, KEPT % (100, "chair", "d1", PLAIN))
    store = MemoryListenerStore()
    take_over(before, store, "laptop")
    assert len(store.everything()) == 1
    assert not before.exists()


def test_what_cannot_be_written_stays(tmp_path: Path) -> None:
    """Where the store cannot be written, the folder is as it was."""

    class Full(MemoryListenerStore):
        def write(self, *writes: Write) -> tuple[bool, ...]:
            raise StoreError("the disk is full; free some space")

    before = folder(tmp_path, KEPT % (100, "chair", "d1", PLAIN))
    with pytest.raises(StoreError):
        take_over(before, Full(), "laptop")
    assert len(list(before.iterdir())) == 1
