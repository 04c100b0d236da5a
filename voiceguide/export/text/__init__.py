"""What goes beside the sound: captions, transcript, chapters, manifest, picture, table and a few figures.

Everything here is a pure function of a session's cues; nothing reads or writes a file.
"""
