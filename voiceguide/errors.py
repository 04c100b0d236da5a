"""Everything that can go wrong, in one tree.

    VoiceguideError
    ├── ScriptError          the YAML is not a valid script; carries every problem of the file
    ├── OfferError           the script exists but cannot be played as it is; carries the reasons
    ├── WishError            the listener asks for something that this script does not offer
    │   ├── LengthError      the length asked for is out of reach; carries the shortest and longest
    │   └── UnknownError     there is nothing of that name
    ├── LimitError           a listener's record is too long, malformed, or one too many
    ├── EngineError          a voice could not speak
    │   ├── EngineMissing    something it needs is not installed; carries the command to install it
    │   └── EngineClosed     the program is ending, or nobody is listening any more: not the voice's fault
    ├── StrayError           lines took longer than estimated, so exact rests are not as written
    ├── AssetError           a sound file, shipped or the listener's own, is missing or cannot be read
    ├── StoreError           a clip, or a listener's record, cannot be stored (full disk, no permission)
    ├── ListeningMissing     there is no microphone, or no speech recognizer
    ├── BusyError            too many sessions are being made at once; carries when to ask again
    └── SinkError            the result cannot be delivered
        └── DeviceMissing    there is no sound card here

The message of each is one sentence for a person: what is wrong, where, what to do. Only the command line and
the web catch the root.
"""

from __future__ import annotations

from msgspec import Struct


class VoiceguideError(Exception):
    """Root of the tree. `exit_status` is what the command line returns for it."""

    exit_status = 1


class Problem(Struct, frozen=True, order=True):
    """One thing wrong with a script, and where.

    `line` and `column` count from 1; `field` is the path of the value, such as ``steps[3].rest``, or "".
    `rule` names the rule of care that is broken, or is ""; `severity` is ``error`` or ``warning``.
    """

    path: str
    line: int
    column: int
    field: str
    what: str
    rule: str = ""
    severity: str = "error"

    def __str__(self) -> str:
        field = f" {self.field}:" if self.field else ""
        rule = f" [{self.rule}]" if self.rule else ""
        return f"{self.path}:{self.line}:{self.column}:{field}{rule} {self.what}"


class ScriptError(VoiceguideError):
    """A script that cannot be used; `problems` lists all of its problems, in file order."""

    exit_status = 2

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class OfferError(VoiceguideError):
    """The script *name* exists but cannot be played as it is; *reasons* says why, a sentence each."""

    exit_status = 2

    def __init__(self, name: str, reasons: tuple[str, ...]) -> None:
        super().__init__(f'"{name}" cannot be played: {reasons[0]}')
        self.name = name
        self.reasons = reasons


class WishError(VoiceguideError):
    """A wish that the script does not offer."""

    exit_status = 2


class LengthError(WishError):
    """A length that the session cannot have. `asked`, `shortest` and `longest` are in frames at `audio.RATE`.

    If no length is possible, `shortest` is greater than `longest`.
    """

    def __init__(self, message: str, *, asked: int, shortest: int, longest: int) -> None:
        super().__init__(message)
        self.asked = asked
        self.shortest = shortest
        self.longest = longest


class UnknownError(WishError):
    """A script, or a part of one, that does not exist."""


class LimitError(VoiceguideError):
    """A record of a listener's is too long or malformed, or there is no room for another."""

    exit_status = 2


class EngineError(VoiceguideError):
    """A voice is unknown, or could not speak."""


class EngineMissing(EngineError):
    """Something an engine needs is not installed; `mend` is the command that installs it, or ""."""

    def __init__(self, message: str, mend: str = "") -> None:
        super().__init__(message)
        self.mend = mend


class EngineClosed(EngineError):
    """The line is no longer wanted; no other voice should be tried."""


class StrayError(VoiceguideError):
    """The timing of a session differs from its script."""

    exit_status = 3


class AssetError(VoiceguideError):
    """A sound file is missing or cannot be read."""

    exit_status = 2


class StoreError(VoiceguideError):
    """A clip, or a listener's record, cannot be stored."""


class ListeningMissing(VoiceguideError):
    """Voice commands cannot be heard: something is not installed, or there is no microphone."""


class BusyError(VoiceguideError):
    """Too many sessions are being made at once; ask again after `seconds`."""

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


class SinkError(VoiceguideError):
    """The result cannot be delivered."""


class DeviceMissing(SinkError):
    """There is no sound card or no PortAudio: *what* says which, *instead* says what to do without it."""

    exit_status = 3

    def __init__(self, what: str, instead: str = "") -> None:
        super().__init__(what + instead)
        self.what = what
