"""The files of a script: where they are, what they contain, and a digest over all of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Final

from msgspec import Struct

from voiceguide.audio import RATES, Frames, frames
from voiceguide.errors import Problem
from voiceguide.files import folders
from voiceguide.script.report import nearest
from voiceguide.script.source import MOST_BYTES, Node, read

MOST_SOUND_SECONDS: Final = 600
"""The longest sound file of the author's own, which is held in memory whole; ambience may be longer."""

_SOUNDS: Final = frozenset([".wav", ".flac", ".ogg", ".mp3", ".opus", ".aiff"])
_MOST_BESIDE: Final = 500


class SourceFile(Struct, frozen=True):
    """One YAML file, read. `shown` is its path as problems name it; `node` is None if it cannot be parsed.

    `real` is its path with links resolved, equal for equal files.
    """

    real: Path
    shown: str
    node: Node | None
    problems: tuple[Problem, ...]


class Files:
    """Reads the files of one script, each once."""

    def __init__(self, folder: Path) -> None:
        self._folders = (folder, folders.shipped("scripts"))
        self._sources: dict[str, SourceFile] = {}
        self._digests: dict[str, str] = {}

    def digest(self) -> str:
        """Return a SHA-256, in hex, over the names and bytes of all that has been read."""
        lines = (f"{name} {digest}\n" for name, digest in sorted(self._digests.items()))
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    def script(self, path: Path) -> SourceFile:
        """Return the script itself."""
        self._sources[""] = self._source(path, "")
        return self._sources[""]

    def block(self, name: str) -> SourceFile:
        """Return the block *name* from the script's folder, or else from the shipped ones.

        Raises:
            ValueError: with a sentence, if it does not exist or is outside its folder.
        """
        if name in self._sources:
            return self._sources[name]
        for folder in self._folders:
            path = folder / f"{name}.yaml"
            if _is_file(path):
                _stay_inside(path, folder, name)
                self._sources[name] = self._source(path, name)
                return self._sources[name]
        raise ValueError(f'there is no "{name}.yaml" in the scripts\' folder, nor among the blocks that ship')

    def sound(self, name: str) -> tuple[Path, Frames]:
        """Return the path of the sound file *name* in the script's folder, and its length.

        Raises:
            ValueError: with a sentence, if it does not exist, is outside the folder, or is not a sound file.
        """
        inside = PurePosixPath(name)
        if inside.is_absolute() or ".." in inside.parts or "\\" in name or ":" in name:
            raise ValueError(f'"{name}" leaves the script\'s folder; write a name such as sounds/birds.flac')
        path = self._folders[0] / inside
        if not _is_file(path):
            near = nearest(name, _sounds_beside(path, self._folders[0]))
            hint = f'; did you mean "{near}"?' if near else ""
            raise ValueError(f'there is no sound file "{name}" in the scripts\' folder{hint}')
        _stay_inside(path, self._folders[0], name)
        try:
            with path.open("rb") as file:
                self._digests[f"sound {name}"] = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise ValueError(f'"{name}" cannot be read: {error.strerror}') from None
        return path, _sound_length(path, name)

    def _source(self, path: Path, name: str) -> SourceFile:
        content, problem = _content(path)
        self._digests[name] = hashlib.sha256(content).hexdigest()
        node, problems = (None, (problem,)) if problem else read(content, str(path))
        return SourceFile(_real(path), str(path), node, problems)


def _content(path: Path) -> tuple[bytes, Problem | None]:
    """Return the bytes of *path*, up to one over the limit, and the problem if it cannot be read."""
    what = "there is no such file; see voiceguide list for the scripts that ship"
    try:
        if path.is_dir():
            what = "this is a folder; name a script in it"
        elif path.exists() and not path.is_file():
            what = "this is not a file"
        else:
            with path.open("rb") as file:
                return file.read(MOST_BYTES + 1), None
    except (FileNotFoundError, ValueError):
        pass
    except OSError as error:
        what = f"the file cannot be read: {error.strerror}"
    return b"", Problem(str(path), 1, 1, "", what)


def _sounds_beside(path: Path, folder: Path) -> Iterator[str]:
    """Yield the names of sounds beside *path*, as a script in *folder* writes them, up to a limit."""
    try:
        for each in islice(path.parent.iterdir(), _MOST_BESIDE):
            if each.suffix.lower() in _SOUNDS:
                yield each.relative_to(folder).as_posix()
    except (OSError, ValueError):  # there is no such folder
        return


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name too long for the file system
        return False


def _real(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, ValueError, RuntimeError):  # the name is too long or has a NUL in it; a link to itself
        return path


def _stay_inside(path: Path, folder: Path, name: str) -> None:
    if not path.resolve().is_relative_to(folder.resolve()):
        raise ValueError(f'"{name}" leads out of the scripts\' folder; put the file itself there')


def _sound_length(path: Path, name: str) -> Frames:
    import soundfile

    try:
        info = soundfile.info(str(path))
    except (RuntimeError, TypeError, OSError):
        raise ValueError(
            f'"{name}" is not a sound that can be read; save it as WAV, FLAC, Ogg or MP3'
        ) from None
    if not info.frames:
        raise ValueError(f'"{name}" has no sound in it')
    if info.samplerate not in RATES:
        raise ValueError(f'"{name}" has {info.samplerate:,} samples a second, as it says; save it again')
    if info.frames > MOST_SOUND_SECONDS * info.samplerate:
        most = f"{MOST_SOUND_SECONDS // 60} minutes"
        raise ValueError(f'"{name}" is longer than {most}, the most there is; cut it, or make it an ambience')
    return frames(info.frames / info.samplerate)
