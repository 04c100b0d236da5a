"""Making, measuring and writing the files of ``audio_assets``."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyloudnorm
import soundfile as sf

from tools.synthesis.circle import Loop
from tools.synthesis.recipes import BEDS, BELLS, Bed, Bell, Layer
from voiceguide.audio import RATE, decibels, gain

REFERENCE_LUFS = -19.0
STORED_LUFS = -39.0
"""Beds are kept 20 dB down: 16 bits then add noise at -81 dBFS at full level, and the files are small."""
BELL_PEAK_DB = -3.0

Pcm = npt.NDArray[np.int16]
Entry = dict[str, Any]


def seed(name: str, layer: int) -> np.random.Generator:
    """Return the generator for one layer; names give their own seeds, so sounds can be made one by one."""
    return np.random.default_rng([layer, *name.encode()])


def bed_loops(bed: Bed) -> list[Pcm]:
    """Return the layers of *bed*, mono, scaled together so that the bed is at `STORED_LUFS`."""
    loops = [layer.make(count, seed(bed.name, i)) for i, (layer, count) in enumerate(bed.layers())]
    heard = summed([(ears(loop, layer)) for loop, (layer, _) in zip(loops, bed.layers(), strict=True)])
    scale = gain(STORED_LUFS - loudness(heard))
    return [_pcm(loop * scale) for loop in loops]


def bell_sound(bell: Bell) -> Pcm:
    """Return *bell*, stereo, its highest sample at `BELL_PEAK_DB`."""
    struck = bell.make(seed(bell.name, 0))
    return _pcm(struck * gain(BELL_PEAK_DB) / np.max(np.abs(struck)))


def ears(loop: Loop, layer: Layer) -> npt.NDArray[np.float64]:
    """Return the mono *loop* as two ears hear it (frames, 2), by the rule of `voiceguide.sounds.ambience`."""
    late = np.roll(loop, -shift(len(loop), layer))
    return np.stack([loop + layer.cross * late, late + layer.cross * loop], axis=1)


def shift(count: int, layer: Layer) -> int:
    """Return how many frames later the right ear reads a loop of *count* frames."""
    return count // 2 if layer.shift_seconds is None else round(layer.shift_seconds * RATE) % count


def summed(loops: list[npt.NDArray[np.float64]], seconds: int = 180) -> npt.NDArray[np.float64]:
    """Return the first *seconds* of *loops* going round together."""
    at = np.arange(seconds * RATE)
    return np.asarray(sum(np.take(loop, at, axis=0, mode="wrap") for loop in loops))


def loudness(sound: npt.NDArray[np.float64]) -> float:
    """Return the integrated loudness (ITU-R BS.1770) of *sound*, in LUFS."""
    return float(pyloudnorm.Meter(RATE).integrated_loudness(sound))


def strike_loudness(sound: npt.NDArray[np.float64]) -> float:
    """Return the loudness of the first 400 ms from the stroke, in LUFS."""
    window = np.zeros((int(0.4 * RATE), 2))
    window[: len(sound)] = sound[: len(window)]
    return loudness(window)


def write_bed(bed: Bed, folder: Path) -> Entry:
    """Write the layers of *bed* and return its entry for the index."""
    layers, heard = [], []
    for letter, pcm, (layer, count) in zip("ab", bed_loops(bed), bed.layers(), strict=True):
        _write(folder / f"{bed.name}-{letter}.flac", pcm)
        heard.append(ears(pcm / 32768.0, layer))
        layers.append(
            {
                "file": f"{bed.name}-{letter}.flac",
                "frames": count,
                "shift": shift(count, layer),
                "cross": layer.cross,
            }
        )
    lufs = loudness(summed(heard))
    peak = sum(float(np.max(np.abs(loop))) for loop in heard)
    rise = round(REFERENCE_LUFS - lufs, 2)
    return {
        "about": bed.about,
        "gain_db": rise,
        "lufs": round(lufs + rise, 2),
        "peak": _up(peak * gain(rise)),
        "layers": layers,
    }


def write_bell(bell: Bell, folder: Path) -> Entry:
    """Write *bell* and return its entry for the index."""
    pcm = bell_sound(bell)
    _write(folder / f"{bell.name}.flac", pcm)
    lufs = strike_loudness(pcm / 32768.0)
    highest = decibels(float(np.max(np.abs(pcm))) / 32768.0)
    rise = round(min(REFERENCE_LUFS - lufs, BELL_PEAK_DB - highest), 2)
    return {
        "about": bell.about,
        "gain_db": rise,
        "lufs": round(lufs + rise, 2),
        "peak": _up(gain(highest + rise)),
        "file": f"{bell.name}.flac",
        "frames": len(pcm),
    }


def write(folder: Path, only: set[str]) -> None:
    """Make every sound, or those named in *only*, and bring the index and SOURCES.md up to date."""
    folder.mkdir(parents=True, exist_ok=True)
    index_path = folder / "index.json"
    index: Entry = json.loads(index_path.read_text()) if index_path.exists() else {}
    kept_beds, kept_bells = index.get("ambience", {}), index.get("bells", {})
    index = {
        "reference_lufs": REFERENCE_LUFS,
        "ambience": {
            b.name: kept_beds[b.name] if _keep(b.name, only, kept_beds) else write_bed(b, folder)
            for b in BEDS
        },
        "bells": {
            b.name: kept_bells[b.name] if _keep(b.name, only, kept_bells) else write_bell(b, folder)
            for b in BELLS
        },
    }
    index_path.write_text(json.dumps(index, indent=2) + "\n")
    (folder / "SOURCES.md").write_text(_sources(index, folder))


def _keep(name: str, only: set[str], kept: Entry) -> bool:
    return bool(only) and name not in only and name in kept


def _pcm(sound: npt.NDArray[np.float64]) -> Pcm:
    return np.asarray(np.rint(sound * 32768.0), dtype=np.int16)


def _write(path: Path, pcm: Pcm) -> None:
    sf.write(path, pcm, RATE, format="FLAC", subtype="PCM_16", compression_level=1.0)


def _up(value: float) -> float:
    """Return *value* rounded up to four places: a bound stays a bound."""
    return math.ceil(value * 10_000) / 10_000


_HEAD = """# Where these sounds come from

Every file here is the project's own work, made by `tools/synthesis` in this repository from arithmetic and a
seed; no recording went into any of them. They are under CC0 1.0 (public domain dedication) as well as the
project's MIT licence: choose either. `python -m tools.synthesis` makes them all again.

LUFS and peak are what a session gets, after the gain kept in `index.json`: integrated loudness (ITU-R
BS.1770) of three minutes for a bed, of the first 400 ms for a bell; a bed's peak is a bound that no moment
can pass.
"""


def _sources(index: Entry, folder: Path) -> str:
    rows = []
    for kind, recipes in (("ambience", BEDS), ("bells", BELLS)):
        rows += [
            "",
            f"## {kind.capitalize()}",
            "",
            "| sound | files | seconds | LUFS | peak dBFS | how it was made | licence |",
        ]
        rows.append("|---|---|---|---|---|---|---|")
        for recipe in recipes:
            entry = index[kind][recipe.name]
            parts = entry.get("layers", [entry])
            files = ", ".join(f"`{part['file']}`" for part in parts)
            long = " and ".join(f"{part['frames'] / RATE:.2f}" for part in parts)
            peak = f"{decibels(entry['peak']):.1f}"
            rows.append(
                f"| {recipe.name} | {files} | {long} | {entry['lufs']:.1f} | {peak} "
                f"| {recipe.how} | CC0 1.0 or MIT |"
            )
    size = sum(path.stat().st_size for path in folder.glob("*.flac"))
    return _HEAD + "\n".join(rows) + f"\n\nAll together {size / 2**20:.1f} MiB.\n"
