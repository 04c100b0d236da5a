"""What happens when: from a script and wishes to cues at exact frames. Pure."""
