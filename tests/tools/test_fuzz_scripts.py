"""Scripts at random: what `check` passes can be planned, and what it does not is refused in sentences."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.fuzz_scripts import FAULTS, fuzz


def test_what_check_passes_can_be_planned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of some hundred scripts none ends in a foreign exception, and none passes that cannot be had."""
    monkeypatch.setenv("VOICEGUIDE_DATA", str(tmp_path / "data"))
    found = fuzz(120, 0, tmp_path / "scripts")
    assert found["passed, can be planned"] > 20
    assert found["refused in sentences"] > 20
    assert [found[fault] for fault in FAULTS[:2]] == [0, 0]
