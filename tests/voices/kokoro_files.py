"""Voice files for kokoro, of no real voice."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from voiceguide.voices.engines import kokoro_voices as files


def person(folder: Path, patch: pytest.MonkeyPatch) -> Path:
    """Let the test's person have their data below *folder*; return the folder of their voices."""
    patch.setenv("VOICEGUIDE_DATA", str(folder / "data"))
    patch.delenv(files.FOLDER_VARIABLE, raising=False)
    return folder / "data" / "kokoro"


def voice_bytes(fill: float = 0.25) -> bytes:
    return np.full(files.ROWS * files.WIDTH, fill, dtype="<f4").tobytes()


def voice_file(folder: Path, name: str, fill: float = 0.25) -> Path:
    """Write a voice file whose numbers are all *fill*."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.bin"
    path.write_bytes(voice_bytes(fill))
    return path
