"""Turns a user's recording into a seamless, levelled bed."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from msgspec import Struct

from voiceguide.audio import Block, decibels, frames, gain, seconds
from voiceguide.errors import AssetError
from voiceguide.files import beside
from voiceguide.sounds.ambience.bed import REFERENCE_LUFS
from voiceguide.sounds.ambience.decode import blocks
from voiceguide.sounds.ambience.events import tamed
from voiceguide.sounds.ambience.faults import clipped, fault
from voiceguide.sounds.ambience.heard import Heard, listen
from voiceguide.sounds.ambience.library import AmbienceChoice, Entry
from voiceguide.sounds.ambience.loop import Loop
from voiceguide.sounds.ambience.shelf import free_file, free_name, keep, storing

LEAST_SECONDS: Final = 5.0
MOST_SECONDS: Final = 30 * 60.0

_PEAK_DB = -4.0
"""Stored peak, in dBFS: two halves of a crossfade can add up to 3 dB more than either."""
_QUIETER_DB = 6.0
"""An end counts as silence or fade while it is this far under the recording's median level."""
_FLOOR_DB = -80.0
_SILENT_DB = -80.0


class Added(Struct, frozen=True):
    """The new `sound`, and `notes`: sentences on what was wrong with the recording."""

    sound: AmbienceChoice
    notes: tuple[str, ...]


def add(path: Path, name: str | None, folder: Path, *, replace: bool = False) -> Added:
    """Make the recording *path* into the ambience *name* (None: named after the file) in *folder*.

    Silence and fades at the ends are cut, loud and rare events turned down, the end is crossfaded into the
    start, and the level brought to `REFERENCE_LUFS`. The file, of any length and format, is read three times,
    four if its channels are mended, in blocks of a few seconds. The result is a ``.flac`` and ``NAME.json``,
    both complete or neither; with *replace* they replace the ambience of that name.

    Raises:
        AssetError: if *path* is not a sound file, is silent, shorter than 5 s or longer than 30 min, or the
            name is taken or invalid.
        StoreError: if *folder* cannot be written.
    """
    name = free_name(path.stem if name is None else name, folder, given=name is not None, replace=replace)
    decoded, heard, notes = _heard(path)
    span = _span(heard, path)
    rise = round(REFERENCE_LUFS - heard.lufs(*span) - _PEAK_DB, 2)
    loop = Loop(decoded, heard, span, gain(_PEAK_DB), _FLOOR_DB - rise)
    with storing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        target = free_file(name, folder)
        with beside(target) as part:
            peak = loop.write(part) * gain(rise)
        entry: Entry = {
            "about": f"Your own, from {path.name}",
            "gain_db": rise,
            "lufs": REFERENCE_LUFS,
            "peak": math.ceil(peak * 10_000) / 10_000,
            "layers": [{"file": target.name, "frames": loop.frames}],
        }
        keep(name, entry, folder)  # from here on it exists
    return Added(AmbienceChoice(name, str(entry["about"]), seconds(loop.frames), target, "own"), notes)


def _heard(path: Path) -> tuple[Callable[[], Iterator[Block]], Heard, tuple[str, ...]]:
    """Return the sound in *path* with its channels mended, its analysis, and notes."""
    decoded: Callable[[], Iterator[Block]] = partial(blocks, path, MOST_SECONDS)
    heard = listen(decoded())
    cut, wrong = clipped(heard), fault(heard)
    if wrong is not None:
        decoded = partial(_mended, path, wrong.mend.astype(np.float32))
        heard = listen(decoded())
    heard, loud = tamed(heard)
    return decoded, heard, tuple(note for note in (wrong and wrong.what, loud, cut) if note)


def _mended(path: Path, mend: Block) -> Iterator[Block]:
    for block in blocks(path, MOST_SECONDS):
        yield block @ mend


def _span(heard: Heard, path: Path) -> tuple[int, int]:
    """Return the first and last frame of the part to loop."""
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
