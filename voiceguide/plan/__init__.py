"""Pure functions from a script and wishes to cues at exact frames."""
