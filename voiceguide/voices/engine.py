"""The seam to synthetic voices: what the program asks of an engine, and how it is answered."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

from voiceguide.audio import Frames, Mono
from voiceguide.script.model import Pace


class Voice(Struct, frozen=True):
    """One voice of an engine. `language` is a BCP 47 tag such as ``en-US``; ``zxx`` says no words.

    `title` is what a person calls it, where that is not its `name`.
    """

    name: str
    language: str
    about: str = ""
    ready: bool = True
    mend: str = ""
    title: str = ""


class Status(Struct, frozen=True):
    """Whether an engine can speak here; if not, why not, and the one command that mends it."""

    ready: bool
    why: str = ""
    mend: str = ""


class Engine(Protocol):
    """A synthetic voice.

    Constructing one is cheap and never fails: models are loaded by the first `speak`. The same call gives the
    same samples, whatever was spoken before.
    """

    name: str
    """The engine's id, as in ``--voice piper/joe``."""

    isolated: bool
    """Whether to speak in worker processes (native code that may crash, hang or keep state)."""

    local: bool
    """Whether what is said stays on this computer; who does not say that it does is used only where named."""

    @property
    def version(self) -> str:
        """What the samples depend on: library and model versions. Part of every clip's key."""

    def status(self) -> Status:
        """Return whether the engine can speak here. Cheap: loads no model."""

    def voices(self) -> tuple[Voice, ...]:
        """Return the voices, the default first; those that could be installed too, marked not ready."""

    def estimate(self, text: str, voice: str, pace: Pace) -> Frames:
        """Return about how long *text* will be, first sound to last: pure, cheap, a fifth off at most."""

    def speak(self, text: str, voice: str, pace: Pace) -> Mono:
        """Return *text* spoken by *voice*; silence around it does no harm. ``*word*`` leans on a word.

        Raises:
            EngineError: if *voice* is unknown or synthesis fails.
            EngineMissing: if something the engine needs is not installed.
        """
