"""`pico`: SVOX Pico, six small voices in the package py-nanotts, if PyPI has a wheel for the system.

Wheels exist for Linux on x86-64 and aarch64, and for Windows. It takes a hundredth of a second per second of
speech, at 16 kHz.
"""

from __future__ import annotations

import ctypes
import importlib.metadata
import importlib.util
import re
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from voiceguide.audio import Frames, Mono
from voiceguide.errors import EngineError, EngineMissing
from voiceguide.script.model import Pace
from voiceguide.voices import tempo, words
from voiceguide.voices.engine import Status, Voice
from voiceguide.voices.engines import pauses

if TYPE_CHECKING:
    from py_nanotts import NanoTTS

_MEND: Final = "pip install py-nanotts"
_NOWHERE: Final = "py-nanotts is not built for this system"

_PROCESSING: Final = "1"
"""Raise it when the same text, voice and pace would give other samples."""

_RATE: Final = 16_000

_VOLUME: Final = 0.5
"""Pico's volume; at its usual 1 the loudest sounds are clipped."""

_SILENT_DB: Final = -38.0
"""The level of silence, relative to the loudest; some voices murmur before and after the speech."""

_CLICK: Final = round(0.13 * _RATE)
"""Frames to drop at the end of every take, which hold a faint click after half a second of silence."""

_NEAR: Final = 0.08
"""The part by which a line may miss its due length; small, as takes are cheap here."""

_LEAST_SPEED: Final = 0.35
_MOST_SPEED: Final = 2.0

# Characters that Pico treats as markup with all inside it, as the end of the text, or that it spells out.
_UNSPEAKABLE: Final = re.compile(r"[\x00-\x1f\x7f<>()\[\]{}\\|~^_`]+")
_SAYABLE: Final = re.compile(r"[0-9A-Za-zÀ-ÿ]")
_DASH: Final = re.compile(r"\s*[—–](?=\s|\w)|\s-\s")
_STRAIGHT: Final = str.maketrans("‘’“”", "''\"\"")


class _Speaker(Struct, frozen=True):
    """`speed` is the one at which the voice has the slow pace, in the engine's terms: 1 is its own."""

    about: str
    speed: float


_VOICES: Final = {
    "en-US": _Speaker("a woman, plain", 0.625),
    "en-GB": _Speaker("a woman, plain", 0.584),
    "de-DE": _Speaker("eine Frau, schlicht", 0.64),
    "es-ES": _Speaker("una mujer, sencilla", 0.70),
    "fr-FR": _Speaker("une femme, simple", 0.51),
    "it-IT": _Speaker("una donna, semplice", 0.79),
}


class PicoEngine:
    """Pico, one sentence at a time, each held to the common tempo."""

    name = "pico"
    isolated = True
    local = True

    @property
    def version(self) -> str:
        """Return the versions of the processing and the libraries that the samples depend on."""
        packages = ("py-nanotts", "soxr")
        return " ".join([_PROCESSING, *(f"{package}={_version(package)}" for package in packages)])

    def status(self) -> Status:
        """Return whether py-nanotts is installed."""
        if importlib.util.find_spec("py_nanotts") is not None:
            return Status(True)
        built = sys.platform in ("linux", "win32")
        return Status(False, "py-nanotts is not installed" if built else _NOWHERE, _MEND if built else "")

    def voices(self) -> tuple[Voice, ...]:
        """Return the six voices, named by their languages."""
        ready = self.status().ready
        mend = "" if ready else self.status().mend
        return tuple(Voice(name, name, each.about, ready, mend, "Pico") for name, each in _VOICES.items())

    def estimate(self, text: str, voice: str, pace: Pace) -> Frames:
        """Return about how many frames *text* takes, by `tempo`, which `speak` keeps to."""
        return tempo.estimate(_written(text), pace)

    def speak(self, text: str, voice: str, pace: Pace) -> Mono:
        """Return *text* spoken by *voice*, with `tempo.stop_seconds` between its sentences.

        Raises:
            EngineMissing: if py-nanotts is not installed.
            EngineError: if *voice* is unknown, or there is nothing to say.
        """
        if voice not in _VOICES:
            raise EngineError(f"pico has no voice “{voice}”: choose one of {', '.join(_VOICES)}.")
        if not self.status().ready:
            raise EngineMissing(f"{self.status().why}.", self.status().mend)
        found = [each for each in words.sentences(_written(text)) if _SAYABLE.search(each)]
        pieces = [piece for piece in _said(found, voice, pace) if len(piece)]
        if not pieces:
            raise EngineError(f"pico finds nothing to say in “{text}”: write words there.")
        return pauses.at_rate(pauses.joined(pieces, _RATE, tempo.stop_seconds(pace)), _RATE)


def _said(sentences: Sequence[str], voice: str, pace: Pace) -> list[Mono]:
    usual = _VOICES[voice].speed / tempo.slowness(pace)
    return tempo.held(
        lambda longer: [_take(each, voice, usual / longer) for each in sentences],
        lambda pieces: sum(pauses.sounding(piece, _RATE) for piece in pieces),
        sum(tempo.due_seconds(each, pace) for each in sentences),
        _NEAR,
    )


def _take(sentence: str, voice: str, speed: float) -> Mono:
    import numpy as np

    speed = min(max(speed, _LEAST_SPEED), _MOST_SPEED)
    try:
        made = _library().speak(sentence, voice, speed, volume=_VOLUME)
    except (RuntimeError, ValueError, OSError) as error:
        raise EngineError(f"pico could not speak “{sentence}”: {error}; try another voice.") from error
    sound = np.frombuffer(made, np.int16)[:-_CLICK] * np.float32(1 / 32768)
    return pauses.trimmed(sound, _RATE, _SILENT_DB)


def _written(text: str) -> str:
    """Return *text* in the characters that Pico speaks or pauses at."""
    spaced = _UNSPEAKABLE.sub(" ", words.plain(text).translate(_STRAIGHT))
    return words.plain(_DASH.sub(", ", spaced))


@cache
def _library() -> NanoTTS:
    """Return the library, and make malloc return zeroed memory in this process from now on.

    Pico allocates 2.5 MB and expects zeros there. glibc returns freed memory as it was left, so that the last
    line is heard in the next. With M_PERTURB, glibc fills each block with the complement of the given byte
    (mallopt(3)).
    """
    from py_nanotts import NanoTTS

    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # a C library other than glibc
            ctypes.CDLL(None).mallopt(_M_PERTURB, 0xFF)
    return NanoTTS()


_M_PERTURB: Final = -6


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "none"
