"""Everything that can go wrong, in one tree.

    VoiceguideError
    ├── ScriptError          the YAML does not say what it has to; carries every problem of the file
    ├── OfferError           a script is there, and cannot be played as it stands; carries why
    ├── WishError            the listener asks for what this script does not offer
    │   ├── LengthError      the length asked for is out of reach; carries the shortest and longest
    │   └── UnknownError     there is nothing of that name
    ├── EngineError          a voice could not speak
    │   ├── EngineMissing    something the engine needs is not installed; carries the command that mends it
    │   └── EngineClosed     the program is ending, or nobody listens any more: no fault of the voice
    ├── StrayError           lines took longer than estimated, so that exact rests are not what was written
    ├── AssetError           a sound of ours or the listener's is missing or cannot be read
    ├── StoreError           what was made cannot be kept (full disk, no permission)
    ├── ListeningMissing     there is no microphone, or nothing to understand it with
    ├── BusyError            too much is being made at once; carries when to ask again
    └── SinkError            the result cannot be delivered
        └── DeviceMissing    there is no sound card here

The message of each is one sentence for a person: what is wrong, where, what to do. The command line and the
web catch the root, and nothing else does.
"""

from __future__ import annotations

from msgspec import Struct


class VoiceguideError(Exception):
    """Root of the tree. `exit_status` is what the command line returns for it."""

    exit_status = 1


class Problem(Struct, frozen=True, order=True):
    """One thing wrong with a script, and where.

    `line` and `column` count from 1; `field` is the path of the value, such as ``steps[3].rest``, or "".
    `rule` names a rule of care ("" for an error of form); `severity` is ``error`` or ``warning``.
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
    """A script that cannot be used; `problems` has all of its problems, in file order."""

    exit_status = 2

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class OfferError(VoiceguideError):
    """The script *name* is there, and cannot be played as it stands: *reasons* has why, in sentences."""

    exit_status = 2

    def __init__(self, name: str, reasons: tuple[str, ...]) -> None:
        super().__init__(f'"{name}" cannot be played: {reasons[0]}')
        self.name = name
        self.reasons = reasons


class WishError(VoiceguideError):
    """A wish that the script does not offer."""

    exit_status = 2


class LengthError(WishError):
    """A length that cannot be met. All three are in frames at `audio.RATE`.

    Where none can be had, `shortest` is beyond `longest`.
    """

    def __init__(self, message: str, *, asked: int, shortest: int, longest: int) -> None:
        super().__init__(message)
        self.asked = asked
        self.shortest = shortest
        self.longest = longest


class UnknownError(WishError):
    """A script, or a part of one, that is not there."""


class EngineError(VoiceguideError):
    """A voice is unknown, or could not speak."""


class EngineMissing(EngineError):
    """Something an engine needs is absent; `mend` is the one command that brings it, or ""."""

    def __init__(self, message: str, mend: str = "") -> None:
        super().__init__(message)
        self.mend = mend


class EngineClosed(EngineError):
    """Nobody wants the line any more; no other voice should try."""


class StrayError(VoiceguideError):
    """A session is not timed as its script has it."""

    exit_status = 3


class AssetError(VoiceguideError):
    """A sound file is missing or cannot be read."""

    exit_status = 2


class StoreError(VoiceguideError):
    """What was made cannot be kept."""


class ListeningMissing(VoiceguideError):
    """Nobody can be listened to: something is not installed, or there is no microphone."""


class BusyError(VoiceguideError):
    """Too much is being made at once; `seconds` is when to ask again."""

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


class SinkError(VoiceguideError):
    """The result cannot be delivered."""


class DeviceMissing(SinkError):
    """There is no sound card, or no PortAudio, here: *what* says so, *instead* what to do without."""

    exit_status = 3

    def __init__(self, what: str, instead: str = "") -> None:
        super().__init__(what + instead)
        self.what = what
