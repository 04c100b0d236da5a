"""Openings kept from one time a session is played to the next."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from voiceguide.audio import Block
from voiceguide.playback.kept_openings import KeptOpenings


@pytest.fixture
def sound() -> Block:
    return np.random.default_rng(1).standard_normal((480, 2)).astype(np.float32)


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "chair.yaml"
    path.write_text("title: Chair")
    return path


@pytest.fixture
def openings(tmp_path: Path) -> KeptOpenings:
    return KeptOpenings(tmp_path / "openings")


def test_an_opening_is_found_sample_for_sample(openings: KeptOpenings, script: Path, sound: Block) -> None:
    """What was kept for the same words is found; nothing is for other words."""
    openings.keep("chair", [script], sound)
    found = openings.find("chair")
    assert found is not None
    assert np.array_equal(found, sound)
    assert openings.find("chair rain") is None


@pytest.mark.parametrize("change", ["written", "removed", "replaced"])
def test_a_changed_source_makes_it_stale(
    openings: KeptOpenings, script: Path, sound: Block, change: str
) -> None:
    """An opening is not found once a file that it depends on was changed, until it is kept anew."""
    openings.keep("chair", [script], sound)
    if change == "written":
        script.write_text("title: Another chair")
    elif change == "removed":
        script.unlink()
    else:
        other = script.with_name("other.yaml")
        other.write_text("title: Chair")
        other.replace(script)
    assert openings.find("chair") is None
    openings.keep("chair", [script], 2 * sound)
    found = openings.find("chair")
    assert found is not None
    assert np.array_equal(found, 2 * sound)


@pytest.mark.parametrize("at", [0, 40, 60, -1])
def test_a_damaged_one_is_never_heard(
    openings: KeptOpenings, script: Path, sound: Block, tmp_path: Path, at: int
) -> None:
    """A file with one byte changed, or cut short, is not found."""
    openings.keep("chair", [script], sound)
    (path,) = (tmp_path / "openings").iterdir()
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)
    assert openings.find("chair") is None
    data[at] ^= 1
    path.write_bytes(data[:-8])
    assert openings.find("chair") is None


def test_only_a_few_are_kept(script: Path, sound: Block, tmp_path: Path) -> None:
    """They take a bounded number of bytes, and those that were used last stay."""
    folder, seen = tmp_path / "openings", set[Path]()
    openings = KeptOpenings(folder, 20_000)
    for number in range(9):
        openings.keep(f"chair {number}", [script], sound)
        for path in set(folder.iterdir()) - seen:
            os.utime(path, (number, number))
            seen.add(path)
    kept = list(folder.iterdir())
    assert len(kept) > 2
    assert sum(path.stat().st_size for path in kept) <= 20_000
    assert openings.find("chair 8") is not None
    assert openings.find("chair 0") is None


def test_any_name_that_a_file_can_have_will_do(openings: KeptOpenings, sound: Block, tmp_path: Path) -> None:
    """Words and paths that are not valid UTF-8 are no error."""
    odd = os.fsdecode(b"ch\xffair.yaml")
    openings.keep(odd, [tmp_path / odd], sound)
    assert openings.find(odd) is not None


def test_where_nothing_can_be_kept_nothing_fails(script: Path, sound: Block, tmp_path: Path) -> None:
    """A folder that cannot be made is no error."""
    openings = KeptOpenings(script / "openings")
    openings.keep("chair", [script], sound)
    assert openings.find("chair") is None
