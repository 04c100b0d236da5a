"""The system's own voices through pyttsx3: eSpeak NG on Linux, NSSpeechSynthesizer on macOS, SAPI on Windows.

On Linux eSpeak NG is the system's or that of the extra `espeak`, which is preferred.

Each line is spoken by its own process, `system_line`, which then ends: so the samples depend on the line
alone, and a driver that crashes or hangs does no other harm. On Linux a line takes about 0.06 s.
"""

from __future__ import annotations

import ctypes.util
import difflib
import json
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cached_property
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np
from msgspec import Struct

from voiceguide.audio import Frames, Mono, seconds
from voiceguide.errors import EngineError, EngineMissing
from voiceguide.script.model import Pace
from voiceguide.voices.engine import Status, Voice
from voiceguide.voices.engines.heard import heard
from voiceguide.voices.process.group import ProcessGroup
from voiceguide.voices.words import Rhythm, estimate, plain

_LINE: Final = (sys.executable, "-P", str(Path(__file__).with_name("system_line.py")))

T = TypeVar("T")
Request = dict[str, Any]
Answer = dict[str, Any]

_HEARD: Final = (101.7, 102.5, 108.6, 127.2, 145.9, 159.5, 183.9, 209.6, 420.0)
_RATES: Final = (80, 85, 90, 105, 120, 130, 150, 170, 340)
"""Words a minute as measured over the lines of the tests, and eSpeak NG 1.52's rates (at least 80)."""

_RHYTHM: Final = Rhythm(
    Pace(105), syllable=0.064, word=0.120, letter=0.063, line=0.316, comma=0.620, stop=1.110
)


class _Hung(EngineError):
    """The driver did not answer in time."""


class _Facts(Struct, frozen=True):
    """The driver's version and voices, and its own id for each voice's name."""

    version: str
    voices: tuple[Voice, ...]
    ids: dict[str, str]


class SystemEngine:
    """Speaks with the system's voices. *command* runs a process that answers `system_line`'s requests."""

    name = "system"
    isolated = False  # each line has its own process anyway
    local = True

    def __init__(self, command: Sequence[str] = _LINE, patience_seconds: float = 20.0) -> None:
        self._command = tuple(command)
        self._patience_seconds = patience_seconds

    @property
    def version(self) -> str:
        """Return the versions of pyttsx3 and of the speech driver under it.

        Raises:
            EngineError: if the driver does not start.
        """
        return f"pyttsx3 {metadata.version('pyttsx3')}, {self._facts.version}"

    def status(self) -> Status:
        """Return whether the driver starts and has a voice; takes a process, about 0.06 s, once."""
        try:
            return Status(ready=bool(self._facts.voices))
        except EngineMissing as error:
            return Status(ready=False, why=str(error), mend=error.mend)
        except EngineError as error:
            return Status(ready=False, why=str(error))

    def voices(self) -> tuple[Voice, ...]:
        """Return the system's voices: the default, the other English ones, the rest.

        Raises:
            EngineError: if the driver does not start.
        """
        return self._facts.voices

    def estimate(self, text: str, voice: str, pace: Pace) -> Frames:
        """Return about how many frames *text* takes; measured for eSpeak NG."""
        return estimate(text, Pace(round(max(pace, _HEARD[0]))), _RHYTHM)

    def speak(self, text: str, voice: str, pace: Pace) -> Mono:
        """Return *text* spoken by *voice*, of shape (frames,), with the driver's silence at its end.

        Raises:
            EngineError: if *voice* is unknown, or two processes in a row failed.
            EngineMissing: if pyttsx3 or eSpeak NG is not installed.
        """
        request = {"text": plain(text), "voice": self._id(voice), "rate": _rate(pace)}
        allowed = self._patience_seconds + 4.0 * seconds(self.estimate(text, voice, pace))
        return self._ask(request, allowed, lambda answer, sound: _read(sound))

    @cached_property
    def _facts(self) -> _Facts:
        return self._ask({}, self._patience_seconds, lambda answer, sound: _facts(answer))

    def _id(self, voice: str) -> str:
        if voice in self._facts.ids:
            return self._facts.ids[voice]
        near = difflib.get_close_matches(voice, self._facts.ids, n=1) or [self._facts.voices[0].name]
        raise EngineError(f'engine "system" has no voice "{voice}"; perhaps "{near[0]}"')

    def _ask(self, request: Request, allowed: float, read: Callable[[Answer, Path], T]) -> T:
        """Return *read* of a new process's answer and sound file; if it dies, one more process is tried."""
        if find_spec("pyttsx3") is None:
            raise EngineMissing("pyttsx3 is not installed", "pip install pyttsx3")
        if sys.platform == "linux" and find_spec("espeakng_loader") is None and not _has_espeak():
            raise EngineMissing("eSpeak NG is not installed", "pip install 'voiceguide[espeak]'")
        try:
            return self._ask_once(request, allowed, read)
        except _Hung:
            raise  # a process that hung would hang again
        except EngineError:
            return self._ask_once(request, allowed, read)

    def _ask_once(self, request: Request, allowed: float, read: Callable[[Answer, Path], T]) -> T:
        try:
            group = ProcessGroup(self._command, subprocess.DEVNULL)  # pyttsx3 prints
        except OSError as error:
            raise _failed(f"its process did not start ({error.strerror})") from error
        try:
            sound = Path(group.folder, "line.wav")  # on macOS the file is AIFF in spite of its name
            answer = _answered(group, {**request, "sound": str(sound)} if request else {}, allowed)
            return read(answer, sound)
        finally:
            with suppress(OSError):  # the process never read the request
                group.stdin.close()
            group.end()


def _answered(group: ProcessGroup, request: Request, allowed: float) -> Answer:
    """Return the answer of the process of *group*, given within *allowed* seconds."""
    answer_file = Path(group.folder, "answer.json")
    asked = {**request, "answer": str(answer_file), "seconds": allowed + 5.0, "folder": group.folder}
    with suppress(BrokenPipeError):  # the process has ended
        group.stdin.write(json.dumps(asked).encode())
        group.stdin.close()
    if not group.over(allowed):
        raise _Hung(str(_failed(f"it gave no answer in {allowed:.0f} s")))
    try:
        answer: Answer = json.loads(answer_file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        last = group.said() or "no reason given"
        raise _failed(f"its process ended with status {group.end()} ({last})") from error
    if "error" in answer:
        raise _failed(str(answer["error"]))
    return answer


def _facts(answer: dict[str, Any]) -> _Facts:
    """Return the driver's voices under short names, the default first."""
    found = [(voice, _tag(voice["language"])) for voice in answer["voices"]]
    if not found:
        raise _failed("it has no voices; install one in the system's settings")
    first = _default([(str(voice["id"]), tag) for voice, tag in found], str(answer["default"]))
    found.sort(key=lambda one: (one[0]["id"] != first, not one[1].startswith("en"), one[0]["id"]))
    ids: dict[str, str] = {}
    voices: list[Voice] = []
    for voice, tag in found:
        name = _short(voice["id"])
        name = voice["id"] if name in ids else name
        ids[name] = voice["id"]
        voices.append(Voice(name, tag, voice["about"], title=_title(voice["about"], answer["version"])))
    return _Facts(answer["version"], tuple(voices), ids)


def _default(found: Sequence[tuple[str, str]], chosen: str) -> str:
    """Return the id of the default voice: eSpeak's American, else the system's or another English one."""
    english = [one for one, tag in found if tag.startswith("en")]
    american = [one for one, tag in found if tag == "en-US" and one.startswith("gmw/")]
    return next(iter([*american, *(one for one in english if one == chosen), *english, chosen]))


def _short(driver_id: str) -> str:
    """Return the last part of ``gmw/en-us``, of a registry key, of ``com.apple.eloquence.en-US.Eddy``."""
    last = re.split(r"[\\/]", driver_id)[-1]
    return last.rsplit(".", 1)[-1] if last.startswith("com.apple.") else last


def _title(about: str, version: str) -> str:
    """Return a voice's name for people; eSpeak's voices are called after their languages."""
    return f"eSpeak, {about}" if about and version.startswith("eSpeak") else about


def _tag(language: str) -> str:
    """Return a driver's language as a BCP 47 tag: ``en-US`` for ``en-us`` or ``en_US``."""
    first, *rest = re.split(r"[-_]", language)
    return "-".join([first.lower() or "und", *(part.upper() if len(part) == 2 else part for part in rest)])


def _rate(pace: Pace) -> int:
    """Return the driver's rate for *pace*; drivers other than eSpeak take words a minute."""
    return round(float(np.interp(pace, _HEARD, _RATES))) if sys.platform == "linux" else int(pace)


def _read(path: Path) -> Mono:
    try:
        return heard(path)
    except ValueError as error:
        raise _failed(str(error)) from error


def _has_espeak() -> bool:
    return ctypes.util.find_library("espeak-ng") is not None


def _failed(reason: str) -> EngineError:
    return EngineError(f'engine "system" failed: {reason}; choose another with --voice')
