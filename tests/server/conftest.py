from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.server.scripts import library
from voiceguide.script.library import Library
from voiceguide.server.limits import Limits
from voiceguide.server.service import Service
from voiceguide.session import Studio
from voiceguide.store import MemoryStore
from voiceguide.voices.engine import Engine
from voiceguide.voices.engines.hum import HumEngine

MakeService = Callable[..., Service]

QUICK = Limits(linger=0.05)
"""Nobody waits long for a test."""

TODAY = date(2026, 11, 22)


@pytest.fixture
def studio_of(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., Studio]:
    """Makes studios of the small library, which hum, forget, and close themselves."""

    def make(*engines: Engine) -> Studio:
        folder = tmp_path / "scripts"
        scripts = Library([folder]) if folder.exists() else library(folder)
        studio = Studio(
            store=MemoryStore(),
            jobs=2,
            today=lambda: TODAY,
            engines=engines or (HumEngine(),),
            library=scripts,
        )
        request.addfinalizer(studio.close)
        return studio

    return make


@pytest.fixture
def service_of(
    request: pytest.FixtureRequest, studio_of: Callable[..., Studio], tmp_path: Path
) -> MakeService:
    """Makes services over one folder, which close themselves."""

    def make(*engines: Engine, limits: Limits = QUICK) -> Service:
        service = Service(studio_of(*engines), tmp_path / "cache", limits, lambda: TODAY)
        request.addfinalizer(service.close)
        return service

    return make
