"""A session put together as is usual: pydub silence, appends, an overlay, an export through ffmpeg."""

from __future__ import annotations

import sys
from pathlib import Path

MS = 48  # frames in a millisecond


def main(plan: str, sound: str, out: str) -> None:
    from pydub import AudioSegment

    from voiceguide.files.folders import shipped

    spoken = AudioSegment.from_file(sound)  # stands for the clips: cut from the finished session
    voice, at = AudioSegment.silent(0, frame_rate=48_000), 0
    for row in Path(plan).read_text().splitlines():
        start, length = (int(value) for value in row.split("\t"))
        clip = spoken[start // MS : (start + length) // MS]
        voice += AudioSegment.silent(max(0, (start - at) // MS), frame_rate=48_000) + clip
        at = start + length
    voice += AudioSegment.silent(max(0, len(spoken) - len(voice)), frame_rate=48_000)
    bed = AudioSegment.from_file(shipped("audio_assets") / "soft-rain-a.flac")
    voice.overlay(bed - 20, loop=True).export(out, format="mp3", bitrate="128k")


if __name__ == "__main__":
    main(*sys.argv[1:])
