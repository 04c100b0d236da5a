"""Kokoro's voice files: finding, checking and installing them."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from voiceguide.errors import EngineError, EngineMissing, StoreError
from voiceguide.files import put
from voiceguide.files.folders import user_data
from voiceguide.voices.engine import Voice
from voiceguide.voices.engines.phonemes import AMERICAN, BRITISH

ROWS: Final = 510
"""Rows of a voice file, one for each count of tokens from 0 to 509; longer texts use the last."""

WIDTH: Final = 256
"""Numbers in a row: half for the timbre, half for the prosody."""

SIZE: Final = ROWS * WIDTH * 4

FOLDER_VARIABLE: Final = "VOICEGUIDE_KOKORO_VOICES"

REPOSITORY: Final = "onnx-community/Kokoro-82M-v1.0-ONNX"
"""The repository of the voices on Hugging Face, as ``voices/NAME.bin`` (Apache-2.0)."""

FIRST: Final = ("af_heart", "bm_george", "bf_emma", "af_nicole")
"""The voices listed first, beginning with the default."""

_AMERICAN_WOMEN: Final = "alloy aoede bella heart jessica kore nicole nova river sarah sky"
_AMERICAN_MEN: Final = "adam echo eric fenrir liam michael onyx puck santa"
_BRITISH_WOMEN: Final = "alice emma isabella lily"
_BRITISH_MEN: Final = "daniel fable george lewis"
_KNOWN: Final = (
    *(f"af_{name}" for name in _AMERICAN_WOMEN.split()),
    *(f"am_{name}" for name in _AMERICAN_MEN.split()),
    *(f"bf_{name}" for name in _BRITISH_WOMEN.split()),
    *(f"bm_{name}" for name in _BRITISH_MEN.split()),
)
_NAME: Final = re.compile(r"[ab][fm]_[a-z0-9_]{1,40}")
_ABOUT: Final = {"f": "a woman", "m": "a man", "af_nicole": "a woman, very soft", "af_heart": "a woman, warm"}

Style = npt.NDArray[np.float32]
"""A voice: shape (`ROWS`, `WIDTH`)."""


def mend(name: str = "") -> str:
    """Return the command that installs the voice *name*, or the first voices."""
    return f"voiceguide voices install kokoro {name}".strip()


def folders() -> tuple[Path, ...]:
    """Return the folders that may hold voices: the one of `FOLDER_VARIABLE` if set, then the user's own."""
    chosen = os.environ.get(FOLDER_VARIABLE)
    own = user_data() / "kokoro"
    return (Path(chosen), own) if chosen else (own,)


def installed() -> dict[str, Path]:
    """Return the English voices found in `folders`, by name, `FIRST` first; earlier folders win."""
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
    rest = sorted(set(_KNOWN) - set(here), key=_rank)
    return ready + tuple(_voice(name, mend(name)) for name in rest)


def language(name: str) -> str:
    """Return the eSpeak language that the voice *name* was trained with: British English for ``b...``."""
    return BRITISH if name.startswith("b") else AMERICAN


def load(name: str) -> Style:
    """Return the voice *name*.

    Raises:
        EngineMissing: if it could be installed, but is not.
        EngineError: if no such voice is known, or its file is damaged.
    """
    path = installed().get(name)
    if path is not None:
        return _checked(path)
    if name in _KNOWN:
        raise EngineMissing(f"the kokoro voice {name} is not installed: run {mend(name)}.", mend(name))
    raise EngineError(f"kokoro has no voice “{name}”: choose one that voiceguide voices lists.")


def install(names: Sequence[str] = (), source: Path | None = None) -> tuple[Path, ...]:
    """Install the voices *names* into the user's folder, each completely or not at all; return their paths.

    They come from the folder *source*, or from `REPOSITORY` over the network. Without names, all English
    voices of *source*, or those of `FIRST`.

    Raises:
        EngineError: if a voice is unknown, is not found there, or its file is damaged.
        StoreError: if it cannot be stored.
    """
    wanted = tuple(names) or (_names_in(source) if source else FIRST)
    for name in wanted:
        if not _NAME.fullmatch(name):
            raise EngineError(f"“{name}” is no English kokoro voice: name one such as {FIRST[0]}.")
    return tuple(_keep(name, source / f"{name}.bin" if source else _fetched(name)) for name in wanted)


def _names_in(source: Path) -> tuple[str, ...]:
    names = tuple(sorted(path.stem for path in source.glob("*.bin") if _NAME.fullmatch(path.stem)))
    if not names:
        raise EngineError(f"{source} holds no English kokoro voice: it needs files such as {FIRST[0]}.bin.")
    return names


def _fetched(name: str) -> Path:
    """Return the file of the voice *name*, from Hugging Face or its cache on this computer."""
    try:
        from huggingface_hub import hf_hub_download
    except ImportError as error:
        command = "pip install 'voiceguide[kokoro]'"
        raise EngineMissing(f"fetching a voice needs huggingface-hub: run {command}.", command) from error
    try:
        return Path(hf_hub_download(REPOSITORY, f"voices/{name}.bin"))
    except Exception as error:  # errors of several HTTP libraries, all meaning that it cannot be fetched
        raise EngineError(
            f"the voice {name} could not be fetched from {REPOSITORY} ({type(error).__name__}): "
            f"check the network and the name, or put {name}.bin in a folder and add --from FOLDER."
        ) from error


def _checked(path: Path) -> Style:
    """Return the voice in the file *path*, if the file is complete."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise EngineError(f"{path} cannot be read: {error.strerror}.") from error
    if len(raw) != SIZE:
        raise EngineError(f"{path} is no kokoro voice: it has {len(raw):,} bytes, and needs {SIZE:,}.")
    style = np.frombuffer(raw, dtype="<f4").astype(np.float32).reshape(ROWS, WIDTH)
    if not np.isfinite(style).all():
        raise EngineError(f"{path} is damaged: not all of its numbers are finite; install the voice again.")
    return style


def _keep(name: str, source: Path) -> Path:
    """Copy the voice file *source* into the user's folder."""
    _checked(source)
    folder = user_data() / "kokoro"
    target = folder / f"{name}.bin"
    try:
        put(target, source.read_bytes())
    except OSError as error:
        raise StoreError(
            f"{target} cannot be written: {error.strerror}; free space or choose VOICEGUIDE_DATA."
        ) from error
    return target


def _voice(name: str, command: str = "") -> Voice:
    tag = "en-GB" if language(name) == BRITISH else "en-US"
    about = _ABOUT.get(name) or _ABOUT[name[1]]
    title = name.partition("_")[2].replace("_", " ").title()
    return Voice(name, tag, about, ready=not command, mend=command, title=title)


def _rank(name: str) -> tuple[int, str]:
    return (FIRST.index(name) if name in FIRST else len(FIRST), name)
