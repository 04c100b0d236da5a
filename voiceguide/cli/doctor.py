"""Checks what works on this machine; each finding has the command that mends it."""

from __future__ import annotations

import platform
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from voiceguide.cli.offered import offered
from voiceguide.errors import ScriptError, VoiceguideError
from voiceguide.export.encoding import lame
from voiceguide.files.folders import user_cache, user_data
from voiceguide.playback.device.card import Card
from voiceguide.playback.outputs import try_out
from voiceguide.sounds import ambience
from voiceguide.voices import registry, settings
from voiceguide.voices.engines import openai_settings


class Check(Struct, frozen=True):
    """A check and its result. `needed`: nothing can be made if it fails."""

    what: str
    fine: bool
    found: str
    mend: str = ""
    needed: bool = False


def examine() -> tuple[Check, ...]:
    """Return a check of everything that the program depends on."""
    return (
        Check("python", sys.version_info >= (3, 11), platform.python_version(), needed=True),
        *_engines(),
        *_settings(),
        _speaks(),
        *_scripts(),
        _sounds(),
        Check("mp3", True, lame.name(), needed=True),
        _writable("clips", user_cache()),
        _writable("your files", user_data()),
        _device(),
    )


def _engines() -> Iterator[Check]:
    for row in registry.listing():
        ready = row.status.ready
        speaking = ", ".join(voice.name for voice in row.voices[:4] if voice.ready)
        speaking += "" if row.local else "; over the network, only where it is named"
        yield Check(f"voice {row.engine}", ready, speaking if ready else row.status.why, row.status.mend)


def _settings() -> Iterator[Check]:
    path = settings.file()
    if not path.exists():
        return
    try:
        openai_settings.check(path)
        engines = settings.named(path)
    except ScriptError as error:
        more = f", and {len(error.problems) - 1} more" if len(error.problems) > 1 else ""
        yield Check(settings.FILE, False, f"{error.problems[0]}{more}", f"voiceguide check '{path}'")
        return
    yield Check(settings.FILE, True, f"{path}: {', '.join(engines) or 'nothing'}")
    if openai_settings.NAME in engines:
        told = openai_settings.read(path)
        key = "a key from the environment" if told.key else "no key"
        yield Check(f"{openai_settings.NAME} server", True, f"{told.url}, model {told.model}, {key}")


def _speaks() -> Check:
    try:
        first = registry.choose(None)[0]
    except VoiceguideError as error:
        return Check("speaks with", False, str(error), needed=True)
    note = " (tones only)" if first == "hum" else ""
    mend = "pip install 'voiceguide[piper]'" if first == "hum" else ""
    return Check("speaks with", True, first + note, mend, needed=True)


def _scripts() -> Iterator[Check]:
    try:
        with offered() as shelf:
            count, refused = len(shelf.scripts()), shelf.refused()
    except VoiceguideError as error:
        yield Check("scripts", False, str(error).splitlines()[0], "voiceguide check", needed=True)
        return
    yield Check("scripts", count > 0, f"{count} exercises", needed=True)
    for each in refused:
        more = f", and {len(each.reasons) - 1} more" if len(each.reasons) > 1 else ""
        yield Check(f"script {each.name}", False, each.reasons[0] + more)


def _sounds() -> Check:
    try:
        found = ambience.sounds()
        ambience.load(found[0].name)
    except VoiceguideError as error:
        return Check("sounds", False, str(error), needed=True)
    return Check("sounds", True, f"{len(found)} ambiences, {len(ambience.bells())} bells", needed=True)


def _writable(what: str, folder: Path) -> Check:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return Check(what, True, f"kept in {folder}")
    except OSError as error:
        found = f"{folder} cannot be written ({error.strerror})"
        return Check(what, False, found, f"chmod u+rwx '{folder}'")


def _device() -> Check:
    try:
        try_out(Card())
    except VoiceguideError as error:
        return Check("sound device", False, str(error))
    return Check("sound device", True, "plays")
