"""The interface of speech engines: what the program asks of them, and what they return."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

from voiceguide.audio import Frames, Mono
from voiceguide.script.model import Pace


class Voice(Struct, frozen=True):
    """One voice of an engine. `language` is a BCP 47 tag such as ``en-US``; ``zxx`` means it says no words.

    `title` is its name for people, if that differs from `name`.
    """

    name: str
    language: str
    about: str = ""
    ready: bool = True
    mend: str = ""
    title: str = ""


class Status(Struct, frozen=True):
    """Whether an engine can speak here; if not, why not, and the one command that makes it ready."""

    ready: bool
    why: str = ""
    mend: str = ""


class Engine(Protocol):
    """A synthetic voice.

    Constructing one is cheap and never fails; models are loaded by the first `speak`. The same call returns
    the same samples, whatever was spoken before.
    """

    name: str
    """The engine's id, as in ``--voice piper/joe``."""

    isolated: bool
    """Whether to speak in worker processes (native code that may crash, hang or keep state)."""

    local: bool
    """Whether text stays on this computer. An engine that does not say so is used only where it is named."""

    @property
    def version(self) -> str:
        """Return the library and model versions that the samples depend on; part of every clip's key."""

    def status(self) -> Status:
        """Return whether the engine can speak here. Cheap: loads no model."""

    def voices(self) -> tuple[Voice, ...]:
        """Return the voices, the default first; those that could be installed are included as not ready."""

    def estimate(self, text: str, voice: str, pace: Pace) -> Frames:
        """Return about how many frames *text* takes, first sound to last; pure, cheap, within a fifth."""

    def speak(self, text: str, voice: str, pace: Pace) -> Mono:
        """Return *text* spoken by *voice*, shape (frames,); it may have silence around it.

        ``*word*`` marks emphasis.

        Raises:
            EngineError: if *voice* is unknown or synthesis fails.
            EngineMissing: if something the engine needs is not installed.
        """
