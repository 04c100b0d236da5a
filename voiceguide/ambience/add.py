"""Turning a person's own recording into a seamless, levelled bed."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

from voiceguide.ambience.bed import REFERENCE_LUFS
from voiceguide.ambience.decode import blocks
from voiceguide.ambience.heard import Heard, listen
from voiceguide.ambience.library import Entry, Sound, taken
from voiceguide.ambience.loop import Loop
from voiceguide.audio import Block, decibels, frames, gain, seconds
from voiceguide.errors import AssetError, StoreError
from voiceguide.files import beside, put

LEAST_SECONDS: Final = 5.0
MOST_SECONDS: Final = 30 * 60.0

_PEAK_DB = -4.0
"""Stored peak: two halves of a crossfade can add up to 3 dB more than either."""
_QUIETER_DB = 6.0
"""An end counts as silence or fade while it is this much under the recording's median level."""
_FLOOR_DB = -80.0
_SILENT_DB = -80.0
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def add(path: Path, name: str | None, folder: Path) -> Sound:
    """Make the recording *path* into the ambience *name* (None: after the file) and keep it in *folder*.

    Silence and fades at the ends are cut away, the end is crossfaded into the start, and the whole is brought
    to `REFERENCE_LUFS`. It is read three times, some seconds at a time, however long it is and in what form.
    Kept as ``NAME.flac`` and ``NAME.json``: both whole, or not at all.

    Raises:
        AssetError: if *path* is no sound, is silent, shorter than 5 s or longer than 30 min, or the name is
            taken or no name.
        StoreError: if *folder* cannot be written.
    """
    name = _checked_name(path, name, folder)
    heard = listen(_decoded(path))
    span = _span(heard, path)
    rise = round(REFERENCE_LUFS - heard.lufs(*span) - _PEAK_DB, 2)
    loop = Loop(partial(_decoded, path), heard, span, gain(_PEAK_DB), _FLOOR_DB - rise)
    target = folder / f"{name}.flac"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with beside(target) as part:
            peak = loop.write(part) * gain(rise)
            entry: Entry = {
                "about": f"Your own, from {path.name}",
                "gain_db": rise,
                "lufs": REFERENCE_LUFS,
                "peak": math.ceil(peak * 10_000) / 10_000,
                "layers": [{"file": target.name, "frames": loop.frames}],
            }
        put(folder / f"{name}.json", (json.dumps(entry, indent=2) + "\n").encode())  # makes it exist
    except OSError as error:
        raise StoreError(f"The ambience cannot be kept in {folder}: {error.strerror or error}.") from error
    return Sound(name, str(entry["about"]), seconds(loop.frames), target, "own")


def _checked_name(path: Path, name: str | None, folder: Path) -> str:
    chosen = name if name is not None else re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-")
    if not _NAME.fullmatch(chosen) or len(chosen) > 40:
        raise AssetError(f"{chosen!r} cannot be a name: use up to 40 letters a-z, digits and single hyphens.")
    if chosen == "none" or taken(chosen, folder):
        raise AssetError(f"There is an ambience called {chosen!r} already; choose another name.")
    return chosen


def _decoded(path: Path) -> Iterator[Block]:
    return blocks(path, MOST_SECONDS)


def _span(heard: Heard, path: Path) -> tuple[int, int]:
    """Return the first and last frame of what is to go round."""
    if heard.count < frames(LEAST_SECONDS):
        long = f"{seconds(heard.count):.1f} s"
        raise AssetError(f"{path} is {long} long; a bed needs at least {LEAST_SECONDS:.0f} s.")
    if decibels(heard.peak) < _SILENT_DB:
        raise AssetError(f"{path} is silent; nothing in it passes {_SILENT_DB:.0f} dBFS.")
    start, stop = heard.usual(_QUIETER_DB)
    if stop - start < frames(LEAST_SECONDS):
        raise AssetError(
            f"{path} has only {seconds(stop - start):.1f} s between its silent or faded ends; 5 s are needed."
        )
    return start, stop
