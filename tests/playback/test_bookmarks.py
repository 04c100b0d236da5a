from __future__ import annotations

import os
from pathlib import Path

import pytest

from voiceguide.audio import frames
from voiceguide.plan.wishes import Wishes
from voiceguide.playback.bookmarks import FOLDER, Bookmark, Bookmarks, LeftSession


def test_a_bookmark_is_kept_by_session(tmp_path: Path) -> None:
    """What is put under a session's key is there for that session only, and can be forgotten."""
    bookmarks = Bookmarks(tmp_path / "positions")
    assert bookmarks.get("a") is None
    bookmarks.put("a", Bookmark(480_000, "a.yaml:3:5:say:0", 2, 9_600))
    assert Bookmarks(tmp_path / "positions").get("a") == Bookmark(480_000, "a.yaml:3:5:say:0", 2, 9_600)
    assert bookmarks.get("b") is None
    bookmarks.put("a", None)
    bookmarks.put("a", None)
    assert bookmarks.get("a") is None


def test_the_session_left_last_is_known(tmp_path: Path) -> None:
    """Of an exercise's sessions the one left last is known, until it is forgotten or the script edited."""
    bookmarks = Bookmarks(tmp_path)
    wishes = Wishes(length=frames(300.0), options={"eyes": "closed"}, seed="a")
    for at, (key, left) in enumerate(
        {
            "a": LeftSession("chair", "1", Wishes()),
            "b": LeftSession("chair", "1", wishes),
            "c": LeftSession("days", "2", Wishes(rungs=2)),
            "d": None,
        }.items()
    ):
        bookmarks.put(key, Bookmark(1, ""), left)
        os.utime(tmp_path / f"{key}.json", (at, at))
    assert bookmarks.last("chair", "1") == wishes
    assert bookmarks.last("chair", "9") is None
    bookmarks.put("b", None)
    assert bookmarks.last("chair", "1") == Wishes()
    assert Bookmarks(tmp_path / "nowhere").last("chair", "1") is None


KEPT_EARLIER = (
    '{"frame": 480000, "line": "a.yaml:3:5:say:0", "steps": 2, "since": 9600, '
    '"script": "chair", "digest": "1", '
    '"wishes": {"length": 14400000, "voice": null, "ambience": null, "ambience_level_db": null, '
    '"options": {"eyes": "closed"}, "seed": "a", "rungs": 1, "loudness": "calm", "name": null}}'
)


def test_a_bookmark_of_an_earlier_version_is_found(tmp_path: Path) -> None:
    """What was kept under another name for the same thing is where it was, and says the same."""
    (tmp_path / "positions").mkdir()
    (tmp_path / "positions" / "a.json").write_text(KEPT_EARLIER)
    bookmarks = Bookmarks(tmp_path / FOLDER)
    assert bookmarks.get("a") == Bookmark(480_000, "a.yaml:3:5:say:0", 2, 9_600)
    wishes = Wishes(length=frames(300.0), options={"eyes": "closed"}, seed="a")
    assert bookmarks.last("chair", "1") == wishes


def test_a_damaged_bookmark_is_none(tmp_path: Path) -> None:
    """A file that makes no sense is as if it were not there, and no half-written one is left."""
    bookmarks = Bookmarks(tmp_path)
    (tmp_path / "a.json").write_text('{"frame": "many"}')
    assert bookmarks.get("a") is None
    bookmarks.put("a", Bookmark(1, ""))
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


@pytest.mark.parametrize(
    "kept", ['{"line": "", "frame": Infinity}', "[" * 100_000, "[]", '{"frame": 1}', "\xff"]
)
def test_a_bookmark_that_no_program_wrote_is_none(tmp_path: Path, kept: str) -> None:
    """Whatever the file holds, a session begins."""
    (tmp_path / "a.json").write_text(kept, encoding="latin-1")
    assert Bookmarks(tmp_path).get("a") is None


def test_a_folder_that_cannot_be_written_is_no_harm(tmp_path: Path) -> None:
    """Where nothing can be kept, playing goes on."""
    (tmp_path / "file").write_text("")
    Bookmarks(tmp_path / "file").put("a", Bookmark(1, ""))
    assert Bookmarks(tmp_path / "file").get("a") is None
