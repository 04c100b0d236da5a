"""Kokoro's voice files: their names and languages; finding and checking them."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from voiceguide.errors import EngineError, EngineMissing
from voiceguide.files.folders import user_data
from voiceguide.voices.engine import Voice
from voiceguide.voices.engines.kokoro_languages import LANGUAGES, of

ROWS: Final = 510
"""Rows of a voice file, one for each count of tokens from 0 to 509; longer texts use the last."""

WIDTH: Final = 256
"""Numbers in a row: half for the timbre, half for the prosody."""

SIZE: Final = ROWS * WIDTH * 4

FOLDER_VARIABLE: Final = "VOICEGUIDE_KOKORO_VOICES"

FIRST: Final = ("af_heart", "bm_george", "bf_emma", "af_nicole")
"""The voices listed first, beginning with the default."""

_NAME: Final = re.compile(rf"[{''.join(LANGUAGES)}][fm]_[a-z0-9_]{{1,40}}")
_ABOUT: Final = {"f": "a woman", "m": "a man", "af_nicole": "a woman, very soft", "af_heart": "a woman, warm"}

Style = npt.NDArray[np.float32]
"""A voice: shape (`ROWS`, `WIDTH`)."""


def is_name(name: str) -> bool:
    """Return whether *name* is that of a voice whose language is read here."""
    return _NAME.fullmatch(name) is not None


def mend(name: str = "") -> str:
    """Return the command that installs the voice *name*, or the first voices."""
    return f"voiceguide voices install kokoro {name}".strip()


def folders() -> tuple[Path, ...]:
    """Return the folders that may hold voices: the one of `FOLDER_VARIABLE` if set, then the user's own."""
    chosen = os.environ.get(FOLDER_VARIABLE)
    own = user_data() / "kokoro"
    return (Path(chosen), own) if chosen else (own,)


def installed() -> dict[str, Path]:
    """Return the voices found in `folders`, by name, `FIRST` first; earlier folders win."""
    found: dict[str, Path] = {}
    for folder in folders():
        for path in sorted(folder.glob("*.bin")) if folder.is_dir() else ():
            if _NAME.fullmatch(path.stem):
                found.setdefault(path.stem, path)
    return {name: found[name] for name in sorted(found, key=_rank)}


def listed() -> tuple[Voice, ...]:
    """Return the installed voices, then those that could be installed."""
    here = installed()
    ready = tuple(_voice(name) for name in here)
    rest = sorted(set(published()) - set(here), key=_rank)
    return ready + tuple(_voice(name, mend(name)) for name in rest)


@cache
def published() -> Mapping[str, str]:
    """Return the SHA-256 of every published voice in these languages, by name."""
    rows = Path(__file__).with_name("kokoro_voices.sha256").read_text(encoding="ascii").splitlines()
    return {file.removesuffix(".bin"): digest for digest, file in map(str.split, rows)}


def load(name: str) -> Style:
    """Return the voice *name*.

    Raises:
        EngineMissing: if it could be installed, but is not.
        EngineError: if no such voice is known, or its file is damaged.
    """
    path = installed().get(name)
    if path is not None:
        try:
            with path.open("rb") as file:
                return checked(file.read(SIZE + 1), path)
        except OSError as error:
            raise EngineError(f"{path} cannot be read: {error.strerror}.") from error
    if name in published():
        raise EngineMissing(f"the kokoro voice {name} is not installed: run {mend(name)}.", mend(name))
    raise EngineError(f"kokoro has no voice “{name}”: choose one that voiceguide voices lists.")


def checked(raw: bytes, where: object) -> Style:
    """Return the voice whose file, read from *where*, has the bytes *raw*.

    Raises:
        EngineError: if the file is not complete.
    """
    if len(raw) != SIZE:
        size = f"{len(raw):,}" if len(raw) < SIZE else f"over {SIZE:,}"
        raise EngineError(f"{where} is no kokoro voice: it has {size} bytes, and needs {SIZE:,}.")
    style = np.frombuffer(raw, dtype="<f4").astype(np.float32).reshape(ROWS, WIDTH)
    if not np.isfinite(style).all():
        raise EngineError(f"{where} is damaged: not all of its numbers are finite; install the voice again.")
    return style


def _voice(name: str, command: str = "") -> Voice:
    about = _ABOUT.get(name) or _ABOUT[name[1]]
    title = name.partition("_")[2].replace("_", " ").title()
    return Voice(name, of(name).tag, about, ready=not command, mend=command, title=title)


def _rank(name: str) -> tuple[int, str]:
    return (FIRST.index(name) if name in FIRST else len(FIRST), name)
