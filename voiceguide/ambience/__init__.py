"""Ambience and bells: what there is, and the bed as a function of the frame index."""

from voiceguide.ambience.add import add
from voiceguide.ambience.bed import REFERENCE_LUFS, Ambience
from voiceguide.ambience.library import Sound, bell, bells, load, sounds

__all__ = ["REFERENCE_LUFS", "Ambience", "Sound", "add", "bell", "bells", "load", "sounds"]
