"""Ambience and bells: their files, and the bed as a function of the frame index."""

from voiceguide.sounds.ambience.bed import REFERENCE_LUFS, Ambience
from voiceguide.sounds.ambience.library import AmbienceChoice, bell, bells, load, sounds, stamp

__all__ = ["REFERENCE_LUFS", "Ambience", "AmbienceChoice", "bell", "bells", "load", "sounds", "stamp"]
