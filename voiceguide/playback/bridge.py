"""The bed as a short loop, heard while the next sound is not ready."""

from __future__ import annotations

from typing import Final

import numpy as np

from voiceguide.audio import Block, Frames, frames
from voiceguide.plan.items import BedCue
from voiceguide.plan.score import Score
from voiceguide.playback.device.ring import BRIDGE
from voiceguide.script.model import Bed
from voiceguide.sounds.mix import Palette, mix_bed

_SEAM: Final = frames(0.5)


def bridge(bed: Bed, palette: Palette, loudness_db: float) -> Block:
    """Return *bed* as it is under the voice, shape (`BRIDGE`, 2), its end leading into its start."""
    score = Score(Frames(BRIDGE + _SEAM))
    score.add(BedCue(Frames(0), bed.sound, bed.level_db, Frames(0)))
    score.held.add(0, BRIDGE + _SEAM)
    sound = mix_bed(score, palette, Frames(0), BRIDGE + _SEAM, loudness_db)
    share = ((np.arange(_SEAM) + 0.5) / _SEAM * (np.pi / 2)).astype(np.float32)[:, None]
    loop = sound[:BRIDGE].copy()
    loop[:_SEAM] = loop[:_SEAM] * np.sin(share) + sound[BRIDGE:] * np.cos(share)
    return loop
