from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from voiceguide.session import Studio
from voiceguide.store import MemoryStore, Store
from voiceguide.voices.engine import Engine
from voiceguide.voices.engines.hum import HumEngine

SCRIPT = """voiceguide: 1
title: Back to the chair
summary: A minute of noticing.
technique: grounding-chair
language: en
intensity: gentle
contains: []
length: {default: 1m, least: 40s, most: 5m}
options:
  eyes: [open, closed]
ambience: {sound: none}
steps:
  - say: Notice your feet. [3s] Both of them.
  - rest: 4s
  - say: And the floor.
  - section: The chair
    steps:
      - rest: ~8s
      - say: Let the chair do some of the work.
        if: {eyes: open}
      - say: With your eyes closed, feel the chair.
        if: {eyes: closed}
      - rest: ~10s
      - say: That is all.
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "chair.yaml"
    path.write_text(SCRIPT)
    return path


MakeStudio = Callable[..., Studio]


@pytest.fixture
def studio_of(request: pytest.FixtureRequest) -> MakeStudio:
    """Makes studios that hum, forget, and close themselves."""

    def make(*engines: Engine, store: Store | None = None, jobs: int = 2) -> Studio:
        studio = Studio(
            store=store or MemoryStore(),
            jobs=jobs,
            today=lambda: date(2026, 11, 22),
            engines=engines or (HumEngine(),),
        )
        request.addfinalizer(studio.close)
        return studio

    return make
