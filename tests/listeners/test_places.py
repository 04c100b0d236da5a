"""Places in real sessions: found at another length, with another sound, and after a rename."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from voiceguide.audio import frames
from voiceguide.listeners import Bookmark, ListenerStore, MemoryListenerStore, Place, Put, WriteStamp
from voiceguide.plan.items import Line
from voiceguide.plan.wishes import Wishes, again
from voiceguide.playback.edits import marks
from voiceguide.session import Session, Studio
from voiceguide.store import MemoryStore
from voiceguide.voices.engines.hum import HumEngine

SCRIPT = """voiceguide: 1
title: Back to the chair
summary: A few minutes of noticing.
technique: grounding-chair
language: en
intensity: gentle
contains: []
length: {default: 2m, least: 40s, most: 10m}
steps:
  - say: Notice your feet.
  - rest: ~12s
  - say: Notice the chair.
  - rest: ~20s
  - say: That is all.
"""
LEFT = "Notice the chair."


@pytest.fixture
def studio() -> Iterator[Studio]:
    with Studio(
        store=MemoryStore(), jobs=1, today=lambda: date(2026, 11, 28), engines=(HumEngine(),)
    ) as made:
        yield made


def written(folder: Path, name: str) -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(SCRIPT)
    return path


def leave(store: ListenerStore, session: Session) -> None:
    """Leave *session* at the line `LEFT`, on the phone."""
    items = session.timeline.items
    at = next(index for index, item in enumerate(items) if isinstance(item, Line) and item.text == LEFT)
    script, place = session.script, Place(frames(30.0), marks(items)[at])
    left = Bookmark(
        script.name, script.digest, place, session.place_key, again(script, session.asked, session.voice)
    )
    store.write(Put(left, WriteStamp(1, "phone")))


def found(store: ListenerStore, session: Session) -> str:
    """Return the line of *session* at which it would be taken up, "" for none."""
    left = store.left(session.script.name, session.script.digest)
    items = session.timeline.items
    if left is None or left.place.line not in marks(items):
        return ""
    item = items[marks(items).index(left.place.line)]
    assert isinstance(item, Line)
    return item.text


def test_at_another_length_with_another_sound(studio: Studio, tmp_path: Path) -> None:
    """The line that a session was left at is found in one of another length and sound."""
    store = MemoryListenerStore()
    path = written(tmp_path, "chair")
    leave(store, studio.session(path, Wishes(length=frames(120.0))))
    other = Wishes(length=frames(60.0), ambience="soft-rain", ambience_level_db=-25.0)
    assert found(store, studio.session(path, other)) == LEFT


def test_a_script_that_is_renamed(studio: Studio, tmp_path: Path) -> None:
    """A script that is renamed while a place points to it is taken up at that line; an edited one is not."""
    store = MemoryListenerStore()
    path = written(tmp_path, "chair")
    leave(store, studio.session(path, Wishes()))
    path = path.rename(tmp_path / "stool.yaml")
    session = studio.session(path, Wishes())
    assert session.script.name == "stool"
    assert found(store, session) == LEFT
    path.write_text(SCRIPT.replace("feet", "hands"))
    assert found(store, studio.session(path, Wishes())) == ""
