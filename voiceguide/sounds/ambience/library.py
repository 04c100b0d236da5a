"""Lists and reads the ambiences and bells, shipped and the user's own."""

from __future__ import annotations

import difflib
import hashlib
import json
from pathlib import Path
from typing import Any, Literal

import numpy as np
from msgspec import Struct

from voiceguide.audio import Block, gain, seconds
from voiceguide.errors import AssetError
from voiceguide.files import folders
from voiceguide.files.folders import shipped, user_data
from voiceguide.sounds.ambience.bed import Ambience, Ears, FiledLayer, Layer, unreadable

Entry = dict[str, Any]
"""A sound in an index: ``about``, ``gain_db``, ``lufs`` and ``peak`` with it, and ``layers`` or ``file``."""


class AmbienceChoice(Struct, frozen=True):
    """An ambience to choose. `seconds` is its longest loop, `path` the file of its first layer."""

    name: str
    description: str
    seconds: float
    path: Path
    origin: Literal["shipped", "own"]


def own_folder() -> Path:
    """Return the folder of the user's own ambiences."""
    return user_data() / "ambience"


def sounds(folder: Path | None = None) -> tuple[AmbienceChoice, ...]:
    """Return the ambiences, first the shipped ones, then those of *folder* (None: the user's) by name."""
    return tuple(_sound(name, entry, home) for name, (entry, home) in _entries(folder).items())


def stamp(folder: Path | None = None) -> int:
    """Return a number that changes when any file of the user's own ambiences does."""
    own = folder if folder is not None else own_folder()
    return hash(tuple((path.name, *folders.stamp(path)) for path in sorted(own.glob("*"))))


def load(name: str, folder: Path | None = None, *, held: bool = True) -> Ambience:
    """Return the ambience *name*, ready to use. Keep the result, as reading takes a moment.

    Unless *held*, it returns at once, and the ambience reads the same samples from its files, which it keeps
    open.

    Raises:
        AssetError: if there is none of that name, or its files cannot be read.
    """
    entries = _entries(folder)
    if name not in entries:
        raise AssetError(unknown("ambience", name, entries))
    entry, home = entries[name]
    try:
        factor = gain(entry["gain_db"])
        layers = tuple(_layer(home / part["file"], part, factor) for part in entry["layers"])
        if not layers:
            raise ValueError("no layers")
        opened = Ambience(name, layers, float(entry["peak"]), _mark(entry, home))
    except (KeyError, TypeError, ValueError) as error:
        raise AssetError(f"The ambience {name!r} in {home} is damaged ({error}); add it again.") from error
    return opened.held() if held else opened


def bells() -> tuple[tuple[str, str], ...]:
    """Return the name and description of each bell."""
    return tuple((name, entry["about"]) for name, entry in _shipped_index()["bells"].items())


def bell(name: str) -> Block:
    """Return one stroke of the bell *name*, shape (frames, 2), from the stroke to silence.

    The first 400 ms are at `REFERENCE_LUFS`, except where the peak would pass -3 dBFS.

    Raises:
        AssetError: if there is none of that name, or its file cannot be read.
    """
    entries = _shipped_index()["bells"]
    if name not in entries:
        raise AssetError(unknown("bell", name, entries))
    samples = _read(shipped("audio_assets") / entries[name]["file"])
    samples *= np.float32(gain(entries[name]["gain_db"]))
    samples.flags.writeable = False
    return samples


def _entries(folder: Path | None) -> dict[str, tuple[Entry, Path]]:
    """Return each ambience's entry and the folder of its files."""
    home, own = shipped("audio_assets"), folder if folder is not None else own_folder()
    entries = {name: (entry, home) for name, entry in _shipped_index()["ambience"].items()}
    for path in sorted(own.glob("*.json")):
        entries.setdefault(path.stem, (own_entry(path), own))
    return entries


def _shipped_index() -> Entry:
    path = shipped("audio_assets") / "index.json"
    try:
        index: Entry = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise AssetError(f"{path} cannot be read ({error}); install voiceguide again.") from error
    return index


def own_entry(path: Path) -> Entry:
    """Return the entry in *path*, or an empty one if it is damaged, so that others can still be listed."""
    try:
        entry = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return entry if isinstance(entry, dict) else {}


def _sound(name: str, entry: Entry, home: Path) -> AmbienceChoice:
    origin: Literal["shipped", "own"] = "shipped" if home == shipped("audio_assets") else "own"
    try:
        longest = max(int(part["frames"]) for part in entry["layers"])
        return AmbienceChoice(
            name, str(entry["about"]), seconds(longest), home / entry["layers"][0]["file"], origin
        )
    except (KeyError, TypeError, ValueError, IndexError):
        return AmbienceChoice(name, "damaged; add it again", 0.0, home / f"{name}.flac", origin)


def _layer(path: Path, part: Entry, factor: float) -> Layer:
    ears = Ears(np.float32(factor), int(part.get("shift", 0)), float(part.get("cross", 0.0)))
    return FiledLayer(path, int(part["frames"]), ears)


def _mark(entry: Entry, home: Path) -> str:
    """Return a mark that tells the user's ambience of *entry* from any other of the same name."""
    if home == shipped("audio_assets"):
        return ""
    stamps = [folders.stamp(home / part["file"]) for part in entry["layers"]]
    return hashlib.sha256(json.dumps([entry, stamps], sort_keys=True).encode()).hexdigest()


def _read(path: Path) -> Block:
    import soundfile as sf

    try:
        samples: Block = sf.read(path, dtype="float32", always_2d=True)[0]
    except (OSError, sf.SoundFileError) as error:
        raise AssetError(unreadable(path, error)) from error
    return samples


def unknown(kind: str, name: str, known: dict[str, Any]) -> str:
    """Return a sentence on the unknown *name*: the nearest of those *known*, or all."""
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(known)}."
    return f"There is no {kind} called {name!r}; {hint}"
