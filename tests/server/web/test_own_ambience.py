"""The person's own ambiences while they are heard from a server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

from tests.server.web.conftest import Site
from tests.waiting import until
from voiceguide.audio import RATE
from voiceguide.server.limits import Limits
from voiceguide.sounds.ambience import shelf
from voiceguide.sounds.ambience.add import add

PATH = "/audio/chair.wav?length=5m&ambience=rain"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of one's own ambiences, with one called rain that is too long to be held in memory."""
    monkeypatch.setenv("VOICEGUIDE_DATA", str(tmp_path / "data"))
    folder = tmp_path / "data" / "ambience"
    add(noise(tmp_path / "rain.wav", 250.0, 1), None, folder)
    return folder


def noise(path: Path, seconds: float, seed: int) -> Path:
    sf.write(path, np.random.default_rng(seed).standard_normal(int(seconds * RATE)) * 0.1, RATE)
    return path


def removed(own: Path) -> None:
    shelf.remove("rain", own)


def renamed(own: Path) -> None:
    shelf.rename("rain", "drizzle", own)


def replaced(own: Path) -> None:
    add(noise(own.parent / "other.wav", 6.0, 2), "rain", own, replace=True)


@pytest.mark.slow
@pytest.mark.parametrize("change", [removed, renamed, replaced])
def test_a_stream_keeps_its_ambience(
    site_of: Callable[..., Site], own: Path, change: Callable[[Path], None]
) -> None:
    """Whatever becomes of it meanwhile, who listens to a session hears the same samples to the end."""
    site = site_of(limits=Limits(linger=0.05, ahead=10.0))
    whole = site.get(f"{PATH}&name=Ada").body
    until(lambda: site.service.jobs.under_way() == 0)
    connection, response = site.open(f"{PATH}&name=Bo")
    heard = response.read(RATE)
    change(own)
    assert site.service.jobs.under_way() == 1
    heard += response.read()
    connection.close()
    assert len(heard) == len(whole)
    assert heard == whole


@pytest.mark.slow
def test_a_replaced_ambience_makes_another_session(site_of: Callable[..., Site], own: Path) -> None:
    """Who asks anew once it is replaced hears the new one, under a tag of its own, not a kept file."""
    site = site_of()
    path = "/audio/chair.mp3?length=40s&ambience=rain"
    before = site.get(path)
    replaced(own)
    until(lambda: site.get(path, "HEAD").headers["etag"] != before.headers["etag"])
    assert site.get(path).body != before.body
