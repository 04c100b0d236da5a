from __future__ import annotations

import os
from pathlib import Path

from voiceguide.audio import frames
from voiceguide.listeners import Bookmark, MemoryListenerStore, Place, Put, Stamp, earlier_bookmarks
from voiceguide.plan.wishes import Wishes
from voiceguide.playback import bookmarks as kept_before


def test_bookmarks_of_before_are_found(tmp_path: Path) -> None:
    """What `play` kept as files is the listener's: the last of each exercise, unless there is a later one."""
    before = kept_before.Bookmarks(tmp_path)
    wishes = Wishes(length=frames(300.0), options={"eyes": "closed"}, seed="a")
    for at, (key, left) in enumerate(
        {
            "k1": kept_before.LeftSession("chair", "d1", Wishes()),
            "k2": kept_before.LeftSession("chair", "d1", wishes),
            "k3": kept_before.LeftSession("days", "d2", Wishes(rungs=2)),
            "k4": None,
        }.items()
    ):
        before.put(key, kept_before.Bookmark(100 + at, "chair.yaml:3:5:say:0", 2, 9), left)
        os.utime(tmp_path / f"{key}.json", (at + 1, at + 1))
    (tmp_path / "k5.json").write_text("{")
    store = MemoryListenerStore()
    store.write(Put(Bookmark("days", "d2", Place(1, "")), Stamp(60_000, "phone")))
    for _ in range(2):
        store.write(*earlier_bookmarks(tmp_path, "laptop"))
    place = Place(101, "chair.yaml:3:5:say:0", 2, 9)
    assert store.left("chair", "d1") == Bookmark("chair", "d1", place, "k2", wishes)
    assert store.left("days", "d2") == Bookmark("days", "d2", Place(1, ""))
    assert len(store.everything()) == 2
