from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.care.scripts import GOOD
from tools.audition import HEAD, audition
from voiceguide.audio import frames
from voiceguide.session import Studio
from voiceguide.store import MemoryStore
from voiceguide.voices.engines.hum import HumEngine


def test_a_row_has_what_was_heard(tmp_path: Path) -> None:
    """Length, silence and loudness are measured in the samples."""
    path = tmp_path / "chair.yaml"
    bed = "ambience: {sound: soft-rain, level: -20 dB}\n"
    path.write_text(GOOD.replace("voice:", f"{bed}voice:"))
    with Studio(
        store=MemoryStore(), jobs=2, today=lambda: date(2026, 1, 1), engines=(HumEngine(),)
    ) as studio:
        row = audition(studio.session(path))
    assert row.asked == row.got == frames(180)
    assert row.voice == pytest.approx(-19.0, abs=0.7)
    assert -60.0 < row.bed < row.voice - 8.0
    assert row.peak < -1.0
    assert 0.1 < row.share < 0.5
    assert 90 < row.pace < 115
    assert row.silence > frames(20)
    assert row.care == ()
    assert "exact" in str(row)
    assert len(HEAD.split()) == 10
