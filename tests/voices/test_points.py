from __future__ import annotations

import importlib.metadata
import os
from pathlib import Path

import pytest

from voiceguide.voices.points import _points, loaded, points

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


def install(folder: Path, name: str, entry: str = ENTRY) -> Path:
    """Install an engine *name* in *folder*; return the file that tells of it."""
    info = folder / f"plugin_{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: plugin-{name}\nVersion: 1.0\n")
    told = info / "entry_points.txt"
    told.write_text(entry.format(name=name))
    return told


def test_what_was_found_is_kept(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program that looks in the same places finds the same, without looking through them again."""
    first = points()
    assert first["bird"] == "plugin_bird:Engine"
    _points.cache_clear()  # as in a new process
    with monkeypatch.context() as blind:
        blind.delattr(importlib.metadata, "Distribution")
        assert points() == first


def test_what_comes_later_is_found(installed: Path) -> None:
    """An engine that is installed after the last look is there at the next."""
    assert "wren" not in points()
    install(installed, "wren")
    assert points()["wren"] == "plugin_wren:Engine"


def test_what_comes_later_is_found_where_folders_keep_their_times(installed: Path) -> None:
    """Some systems give every folder the same time: what is installed, and what it says, is looked at."""
    points()
    when = installed.stat()
    told = install(installed, "wren")
    os.utime(installed, ns=(when.st_atime_ns, when.st_mtime_ns))
    assert points()["wren"] == "plugin_wren:Engine"
    told.write_text("[voiceguide.engines]\nwren = elsewhere:Engine\n")
    assert points()["wren"] == "elsewhere:Engine"


@pytest.mark.parametrize(
    "entry", ["[voiceguide.engines]\nwren = my-engine.module:Engine\n", "[voiceguide.engines]\nwren"]
)
def test_a_broken_plug_in_stops_nothing(installed: Path, entry: str) -> None:
    """What cannot be a module's name fails where it is loaded; what cannot be read is left out."""
    install(installed, "wren", entry)
    assert points()["bird"] == "plugin_bird:Engine"
    if "wren" in points():
        with pytest.raises(ValueError, match="invalid format"):
            loaded(points()["wren"])


def test_what_is_no_folder_is_passed_over(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A place on the path that is a file, or is not there, has no engines."""
    monkeypatch.syspath_prepend(str(installed / "plugin_bird-1.0.dist-info" / "METADATA"))
    monkeypatch.syspath_prepend(str(installed / "nowhere"))
    assert points()["bird"] == "plugin_bird:Engine"


def test_a_cache_that_cannot_be_written_stops_nothing(cache: Path, installed: Path) -> None:
    """Where nothing can be kept, everything is looked through again."""
    cache.write_text("a file where the folder should be")
    assert points()["bird"] == "plugin_bird:Engine"
    _points.cache_clear()
    assert points()["bird"] == "plugin_bird:Engine"


def test_a_point_leads_to_an_object() -> None:
    """A point is a module and, after a colon, what to take from it."""
    assert loaded("voiceguide.voices.points:points") is points
