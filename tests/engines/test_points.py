from __future__ import annotations

import importlib.metadata
from pathlib import Path

import pytest

from voiceguide.engines.points import _points, loaded, points

ENTRY = "[voiceguide.engines]\n{name} = plugin_{name}:Engine\n"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this program keeps things; nothing is remembered of before."""
    monkeypatch.setenv("VOICEGUIDE_CACHE", str(tmp_path / "cache"))
    _points.cache_clear()
    return tmp_path / "cache"


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that programs are installed in; there is an engine ``bird``."""
    folder = tmp_path / "site-packages"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    install(folder, "bird")
    return folder


def install(folder: Path, name: str) -> None:
    info = folder / f"plugin_{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: plugin-{name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(ENTRY.format(name=name))


def test_what_was_found_is_kept(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program that looks in the same places finds the same, without looking through them again."""
    first = points()
    assert first["bird"] == "plugin_bird:Engine"
    _points.cache_clear()  # as in a new process
    with monkeypatch.context() as blind:
        blind.delattr(importlib.metadata, "distributions")
        assert points() == first


def test_what_comes_later_is_found(installed: Path) -> None:
    """An engine that is installed after the last look is there at the next."""
    assert "wren" not in points()
    install(installed, "wren")
    assert points()["wren"] == "plugin_wren:Engine"


def test_a_cache_that_cannot_be_written_stops_nothing(cache: Path, installed: Path) -> None:
    """Where nothing can be kept, everything is looked through again."""
    cache.write_text("a file where the folder should be")
    assert points()["bird"] == "plugin_bird:Engine"
    _points.cache_clear()
    assert points()["bird"] == "plugin_bird:Engine"


def test_a_point_leads_to_an_object() -> None:
    """A point is a module and, after a colon, what to take from it."""
    assert loaded("voiceguide.engines.points:points") is points
