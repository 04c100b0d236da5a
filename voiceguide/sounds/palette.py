"""Every sound beside the voice, loaded when first heard and cached while the studio is open."""

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
_OWN_KEPT: Final = frames(MOST_SOUND_SECONDS)  # of all sounds together


class StudioPalette:
    """A cache of the shipped and the user's own sounds. Thread-safe."""

    def __init__(self) -> None:
        self._beds: Kept[tuple[str, str], Ambience] = Kept(_BEDS_KEPT)
        self._bells: Kept[str, Block] = Kept(_SOUNDS_KEPT)
        self._own: Kept[Path, tuple[tuple[int, ...], Block]] = Kept(_OWN_KEPT, lambda kept: len(kept[1]))
        self._tones: Kept[tuple[Literal["in", "hold", "out"], int], Block] = Kept(_SOUNDS_KEPT)

    def session(self, *names: str | None) -> SessionPalette:
        """Return the sounds of a session with the ambiences *names* (None: none). Reads no samples.

        Raises:
            AssetError: if there is no such ambience, with the nearest name, or its files have changed.
        """
        return SessionPalette(self, sorted({name for name in names if name is not None}))

    def bed(self, name: str) -> Ambience:
        """Return the current ambience *name*."""
        return self.read(ambience.load(name, held=False))

    def read(self, opened: Ambience) -> Ambience:
        """Return *opened* with its loops in memory, cached."""
        return self._beds.get(_which(opened), opened.held)

    def begin(self, name: str) -> None:
        """Make *name* usable at once, reading from its files while heard, until `keep` has loaded it.

        Raises:
            AssetError: if there is none of that name.
        """
        opened = ambience.load(name, held=False)
        self._beds.get(_which(opened), lambda: opened)

    def keep(self, name: str) -> None:
        """Load *name*, which `begin` made usable, into memory, without blocking its users.

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
        """Return the current sound at *path*; if it has changed and cannot be read, the cached one."""
        from voiceguide.sounds import own  # not needed by most sessions, which then start sooner

        stamp, known = folders.stamp(path), self._own.find(path)
        if known is not None and stamp and stamp != known[0]:
            with suppress(AssetError):
                self._own.put(path, (stamp, own.read(path)))
        return self._own.get(path, lambda: (stamp, own.read(path)))[1]


class SessionPalette:
    """The sounds of one session. An ambience stays as it was when the session was planned or first used it.

    Its files are kept open, so that removing or replacing them does not affect the session, and closed when
    nothing refers to them any more. Thread-safe.
    """

    def __init__(self, studio: StudioPalette, names: Iterable[str]) -> None:
        self._studio = studio
        self._opened = {name: ambience.load(name, held=False) for name in names}
        self.marks = tuple(opened.mark for opened in self._opened.values() if opened.mark)
        """Marks of the user's own ambiences, in order of their names: see `Ambience.mark`."""

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
