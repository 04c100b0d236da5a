"""Everything that sounds beside the voice, loaded when first heard and kept while the studio is open."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final, Literal

from voiceguide.audio import Block, Frames, frames
from voiceguide.errors import AssetError
from voiceguide.files import folders
from voiceguide.script.files import MOST_SOUND_SECONDS
from voiceguide.sounds import ambience, tones
from voiceguide.sounds.ambience import Ambience
from voiceguide.sounds.kept import Kept

_BEDS_KEPT: Final = 3  # each is tens of megabytes
_SOUNDS_KEPT: Final = 12
_OWN_KEPT: Final = frames(MOST_SOUND_SECONDS)  # all together


class StudioPalette:
    """The shipped and the person's own sounds, those read last. Thread-safe."""

    def __init__(self) -> None:
        self._beds: Kept[tuple[str, str], Ambience] = Kept(_BEDS_KEPT)
        self._bells: Kept[str, Block] = Kept(_SOUNDS_KEPT)
        self._own: Kept[Path, tuple[tuple[int, ...], Block]] = Kept(_OWN_KEPT, lambda kept: len(kept[1]))
        self._tones: Kept[tuple[Literal["in", "hold", "out"], int], Block] = Kept(_SOUNDS_KEPT)

    def session(self, *names: str | None) -> SessionPalette:
        """Return the sounds of a session, whose ambiences are *names* (None: none). Reads no sound.

        Raises:
            AssetError: if there is none of a name, with the nearest, or its files are not what they were.
        """
        return SessionPalette(self, sorted({name for name in names if name is not None}))

    def bed(self, name: str) -> Ambience:
        """Return the ambience *name* as it is now."""
        return self.read(ambience.load(name, held=False))

    def read(self, opened: Ambience) -> Ambience:
        """Return *opened* read, or as it was given out before."""
        return self._beds.get(_which(opened), opened.held)

    def begin(self, name: str) -> None:
        """Have *name* given out at once, read from its files as it is heard, until it is read by `keep`.

        Raises:
            AssetError: if there is none of that name.
        """
        opened = ambience.load(name, held=False)
        self._beds.get(_which(opened), lambda: opened)

    def keep(self, name: str) -> None:
        """Read *name* whole, for what `begin` gave out; nobody waits for it.

        Raises:
            AssetError: if there is none of that name.
        """
        read = ambience.load(name)
        self._beds.put(_which(read), read)

    def bell(self, name: str) -> Block:
        return self._bells.get(name, lambda: ambience.bell(name))

    def tone(self, kind: Literal["in", "hold", "out"], length: Frames) -> Block:
        return self._tones.get((kind, length), lambda: tones.tone(kind, length))

    def own(self, path: Path) -> Block:
        """Return the sound at *path* as it is there now; the one kept, while a changed one cannot be read."""
        from voiceguide.sounds import own  # most sessions have none, and start sooner

        stamp, known = folders.stamp(path), self._own.find(path)
        if known is not None and stamp and stamp != known[0]:
            with suppress(AssetError):
                self._own.put(path, (stamp, own.read(path)))
        return self._own.get(path, lambda: (stamp, own.read(path)))[1]


class SessionPalette:
    """The sounds of one session. An ambience stays what it was when that was planned, or first heard it.

    Its files are held open, so that none is removed or replaced under the session; they are closed with the
    last that refers to them. Thread-safe.
    """

    def __init__(self, studio: StudioPalette, names: Iterable[str]) -> None:
        self._studio = studio
        self._opened = {name: ambience.load(name, held=False) for name in names}
        self.marks = tuple(opened.mark for opened in self._opened.values() if opened.mark)
        """What tells the ambiences of the person's own from others of their names, in order of the names."""

    def bed(self, name: str) -> Ambience:
        opened = self._opened.get(name)
        if opened is None:
            opened = self._opened.setdefault(name, ambience.load(name, held=False))
        return self._studio.read(opened)

    def bell(self, name: str) -> Block:
        return self._studio.bell(name)

    def tone(self, kind: Literal["in", "hold", "out"], length: Frames) -> Block:
        return self._studio.tone(kind, length)

    def own(self, path: Path) -> Block:
        return self._studio.own(path)


def _which(bed: Ambience) -> tuple[str, str]:
    return bed.name, bed.mark
