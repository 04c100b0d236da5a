"""Voice-guided exercises: YAML scripts, a synthetic voice, exactly timed pauses, ambient sound."""
