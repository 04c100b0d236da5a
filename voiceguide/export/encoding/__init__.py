"""Encodes blocks in segments that can each be made independently."""
