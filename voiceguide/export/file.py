"""Writes result files completely or not at all, and turns errors into sentences."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from voiceguide.errors import SinkError
from voiceguide.files import beside


@contextmanager
def whole(path: Path, least_bytes: int = 0) -> Iterator[Path]:
    """Yield the path of an empty file beside *path*; it is renamed to *path* if the block succeeds.

    See `voiceguide.files`. *least_bytes* is the least size of the result; if the disk has less room, it is
    refused at once.

    Raises:
        SinkError: if the file cannot be written, also for an `OSError` inside the block.
    """
    with explained(path, least_bytes):
        _refuse(path, Path(os.path.realpath(path)), least_bytes)
        with beside(path) as part:
            yield part


def write_whole(path: Path, data: bytes) -> None:
    """Write *data* to *path*, completely or not at all.

    Raises:
        SinkError: if it cannot be written.
    """
    with whole(path, len(data)) as part:
        part.write_bytes(data)


def _refuse(path: Path, target: Path, least_bytes: int) -> None:
    if target.is_dir():
        raise SinkError(f"{path} is a folder: give a file name inside it")
    if target.exists() and not target.is_file():
        raise SinkError(f"{path} is not an ordinary file: choose another name")
    if not target.parent.is_dir():
        raise SinkError(f"{path}: there is no folder {target.parent}; make it first")
    free = shutil.disk_usage(target.parent).free
    if free < least_bytes:
        raise SinkError(
            f"{path} needs {size_text(least_bytes)}, and the disk has {size_text(free)} left: make room first"
        )


@contextmanager
def explained(path: Path, least_bytes: int = 0) -> Iterator[None]:
    """Turn an `OSError` of the block into a `SinkError` about *path*, which takes at least *least_bytes*."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            need = f" (it needs at least {size_text(least_bytes)})" if least_bytes else ""
            raise SinkError(f"{path}: the disk is full{need}; make room and try again") from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise SinkError(f"{path}: no permission to write there; choose another folder") from error
        raise SinkError(f"{path} cannot be written: {error.strerror or error}") from error


def size_text(count: int) -> str:
    """Return *count* bytes as text for people: ``9.6 MB``."""
    size, unit = float(count), "bytes"
    for bigger in ("kB", "MB", "GB", "TB"):
        if size < 1000:
            break
        size, unit = size / 1000, bigger
    return f"{count} bytes" if unit == "bytes" else f"{size:.1f} {unit}"
