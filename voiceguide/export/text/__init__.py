"""Texts from a session's cues: captions, transcript, chapters, manifest, picture, table and statistics.

Everything here is a pure function of the cues; nothing reads or writes a file.
"""
