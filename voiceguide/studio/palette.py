"""Everything that sounds beside the voice, loaded when first heard and kept while the studio is open."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Final, Literal

from voiceguide import ambience, data, tones
from voiceguide.audio import Block, Frames, frames
from voiceguide.errors import AssetError
from voiceguide.script.files import MOST_SOUND_SECONDS
from voiceguide.studio import own
from voiceguide.studio.kept import Kept

_BEDS_KEPT: Final = 3  # each is tens of megabytes
_SOUNDS_KEPT: Final = 12
_OWN_KEPT: Final = frames(MOST_SOUND_SECONDS)  # all together


class StudioPalette:
    """The shipped and the person's own sounds, those read last. Thread-safe."""

    def __init__(self) -> None:
        self._beds: Kept[str, tuple[tuple[int, ...], ambience.Ambience]] = Kept(_BEDS_KEPT)
        self._bells: Kept[str, Block] = Kept(_SOUNDS_KEPT)
        self._own: Kept[Path, tuple[tuple[int, ...], Block]] = Kept(_OWN_KEPT, lambda kept: len(kept[1]))
        self._tones: Kept[tuple[Literal["in", "hold", "out"], int], Block] = Kept(_SOUNDS_KEPT)

    def bed(self, name: str) -> ambience.Ambience:
        """Return the ambience *name* as it is now; the one kept, while there is none or it cannot be read."""
        version, known = ambience.version(name), self._beds.find(name)
        if known is not None and version and version != known[0]:
            with suppress(AssetError):
                self._beds.put(name, (version, ambience.load(name)))
        return self._beds.get(name, lambda: (version, ambience.load(name)))[1]

    def begin(self, name: str) -> None:
        """Have `bed` give out *name* at once, read from its files as it is heard, until it is read by `keep`.

        Raises:
            AssetError: if there is none of that name.
        """
        self._beds.get(name, lambda: (ambience.version(name), ambience.load(name, held=False)))

    def keep(self, name: str) -> None:
        """Read *name* whole, for what `begin` gave out; nobody waits for it.

        Raises:
            AssetError: if there is none of that name.
        """
        self._beds.put(name, (ambience.version(name), ambience.load(name)))

    def check(self, *names: str | None) -> None:
        """Do nothing if the ambience of each of *names* is whole (None: no ambience). Reads no sound.

        Raises:
            AssetError: if there is none, with the nearest name, or its files are not what they were.
        """
        for name in sorted({name for name in names if name is not None}):
            ambience.load(name, held=False)

    def bell(self, name: str) -> Block:
        return self._bells.get(name, lambda: ambience.bell(name))

    def tone(self, kind: Literal["in", "hold", "out"], length: Frames) -> Block:
        return self._tones.get((kind, length), lambda: tones.tone(kind, length))

    def own(self, path: Path) -> Block:
        """Return the sound at *path* as it is there now; the one kept, while a changed one cannot be read."""
        stamp, known = data.stamp(path), self._own.find(path)
        if known is not None and stamp and stamp != known[0]:
            with suppress(AssetError):
                self._own.put(path, (stamp, own.read(path)))
        return self._own.get(path, lambda: (stamp, own.read(path)))[1]
