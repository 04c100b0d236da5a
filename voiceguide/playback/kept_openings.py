"""Openings of sessions that were played before: such a session sounds again before it is planned."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

from voiceguide.audio import CHANNELS, Block
from voiceguide.files import put
from voiceguide.files.folders import stamp
from voiceguide.files.quota import Quota

LIMIT: Final = 8_000_000
"""Bytes kept: some 14 openings."""

_SEAL_BYTES: Final = hashlib.sha256().digest_size


class KeptOpenings:
    """Openings in *folder*, each a file: a seal, the state of the files it depends on, and float32 samples.

    They can be made again, so a file that cannot be read, or written, is no error.
    """

    def __init__(self, folder: Path, limit: int = LIMIT) -> None:
        self._folder = folder
        self._quota = Quota(limit, partial(folder.glob, "*.opening"))

    def find(self, words: str) -> Block | None:
        """Return the opening kept for *words*, shape (frames, 2), if its sources are unchanged."""
        try:
            sealed = self._path(words).read_bytes()
        except OSError:
            return None
        seal, data = sealed[:_SEAL_BYTES], sealed[_SEAL_BYTES:]
        states, end, sound = data.partition(b"\n\n")
        if seal != hashlib.sha256(data).digest() or not end:
            return None
        paths = [Path(os.fsdecode(line.partition(b"\t")[2])) for line in states.split(b"\n")]
        if _states(paths) != states:
            return None
        return np.frombuffer(sound, np.float32).reshape(-1, CHANNELS)

    def keep(self, words: str, sources: Iterable[Path], sound: Block) -> None:
        """Keep *sound* for *words*; it is found for as long as none of the files *sources* changes."""
        data = _states(sources) + b"\n\n" + sound.astype(np.float32).tobytes()
        sealed, path = hashlib.sha256(data).digest() + data, self._path(words)
        with suppress(OSError):
            if path.is_file() and path.read_bytes() == sealed:
                return
            self._folder.mkdir(parents=True, exist_ok=True)
            put(path, sealed, private=True, synced=False)
            self._quota.added(len(sealed))

    def _path(self, words: str) -> Path:
        return self._folder / f"{hashlib.sha256(os.fsencode(words)).hexdigest()}.opening"


def _states(paths: Iterable[Path]) -> bytes:
    """Return a line for each of *paths*: what changes when the file does, and where it is."""
    return b"\n".join(b"%r\t%b" % (stamp(path), os.fsencode(path)) for path in paths)
