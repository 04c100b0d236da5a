"""Everything that is heard: voice, bed, bells and tones, mixed as a function of the frame range."""
