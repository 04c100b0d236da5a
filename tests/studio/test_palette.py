from __future__ import annotations

from voiceguide import ambience
from voiceguide.studio.palette import StudioPalette


def test_only_the_beds_used_last_are_kept() -> None:
    """A server that is asked for every ambience holds a few of them, those used last."""
    names = [sound.name for sound in ambience.sounds()][:5]
    palette = StudioPalette()
    first = palette.bed(names[0])
    for name in names[1:]:
        last = palette.bed(name)
        assert palette.bed(name) is last
    again = palette.bed(names[0])
    assert again is not first
    assert again.name == first.name
