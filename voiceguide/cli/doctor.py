"""What works on this machine, looked at for real: each finding with the command that mends it."""

from __future__ import annotations

import platform
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from voiceguide.cli.offered import offered
from voiceguide.data import user_cache, user_data
from voiceguide.errors import VoiceguideError
from voiceguide.export.encoding import lame
from voiceguide.playback.device.card import open_stream
from voiceguide.sounds import ambience
from voiceguide.voices import registry


class Finding(Struct, frozen=True):
    """One thing looked at. `needed`: nothing can be made without it."""

    what: str
    fine: bool
    found: str
    mend: str = ""
    needed: bool = False


def examine() -> tuple[Finding, ...]:
    """Return a finding for everything the program stands on."""
    return (
        Finding("python", sys.version_info >= (3, 11), platform.python_version(), needed=True),
        *_engines(),
        _speaks(),
        *_scripts(),
        _sounds(),
        Finding("mp3", True, lame.name(), needed=True),
        _writable("clips", user_cache()),
        _writable("your files", user_data()),
        _device(),
    )


def _engines() -> Iterator[Finding]:
    for row in registry.listing():
        ready = row.status.ready
        speaking = ", ".join(voice.name for voice in row.voices[:4] if voice.ready)
        yield Finding(f"voice {row.engine}", ready, speaking if ready else row.status.why, row.status.mend)


def _speaks() -> Finding:
    try:
        first = registry.choose(None)[0]
    except VoiceguideError as error:
        return Finding("speaks with", False, str(error), needed=True)
    note = " (tones only)" if first == "hum" else ""
    mend = "pip install 'voiceguide[piper]'" if first == "hum" else ""
    return Finding("speaks with", True, first + note, mend, needed=True)


def _scripts() -> Iterator[Finding]:
    try:
        with offered() as shelf:
            count, refused = len(shelf.scripts()), shelf.refused()
    except VoiceguideError as error:
        yield Finding("scripts", False, str(error).splitlines()[0], "voiceguide check", needed=True)
        return
    yield Finding("scripts", count > 0, f"{count} exercises", needed=True)
    for each in refused:
        more = f", and {len(each.reasons) - 1} more" if len(each.reasons) > 1 else ""
        yield Finding(f"script {each.name}", False, each.reasons[0] + more)


def _sounds() -> Finding:
    try:
        found = ambience.sounds()
        ambience.load(found[0].name)
    except VoiceguideError as error:
        return Finding("sounds", False, str(error), needed=True)
    return Finding("sounds", True, f"{len(found)} ambiences, {len(ambience.bells())} bells", needed=True)


def _writable(what: str, folder: Path) -> Finding:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return Finding(what, True, f"kept in {folder}")
    except OSError as error:
        found = f"{folder} cannot be written ({error.strerror})"
        return Finding(what, False, found, f"chmod u+rwx '{folder}'")


def _device() -> Finding:
    try:
        open_stream(None).close()
    except VoiceguideError as error:
        return Finding("sound device", False, str(error))
    return Finding("sound device", True, "plays")
