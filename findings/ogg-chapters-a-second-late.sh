#!/usr/bin/env bash
# FFmpeg's Ogg writer puts chapters a second late where their fraction of a second is a half or more.
#
# Surprising: a chapter given at 1.500 s is written as CHAPTER000=00:00:02.500, one at 1.499 s rightly as 00:00:01.499:
# whole seconds and thousandths are worked out apart, and the seconds are rounded, not cut. Every reader believes it,
# FFmpeg's own too. Writing the CHAPTERnnn comments as metadata, and giving the writer no chapters, is right to the
# thousandth.
#
# Versions: av 18.1.0 (FFmpeg 8.1), Linux x86-64. Seen 2026-11-27.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet 'av==18.1.0' 'numpy==2.4.6'
cd "$work"
"$work/venv/bin/python" - <<'END'
import re
import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

starts = (1499, 1500, 2999)
with av.open("out.opus", "w", format="ogg") as file:
    file.set_chapters(
        [
            {"id": n, "start": at, "end": at + 1, "time_base": Fraction(1, 1000), "metadata": {"title": str(at)}}
            for n, at in enumerate(starts)
        ]
    )
    stream = file.add_stream("libopus", rate=48_000)
    frame = av.AudioFrame.from_ndarray(np.zeros((1, 2 * 48_000), np.int16), "s16", "stereo")
    frame.sample_rate, frame.pts = 48_000, 0
    for given in (frame, None):
        for packet in stream.encode(given):
            file.mux(packet)
written = [found.decode() for found in re.findall(rb"CHAPTER\d{3}=([0-9:.]+)", Path("out.opus").read_bytes())]
for at, clock in zip(starts, written, strict=True):
    print(f"given {at / 1000:.3f} s, written {clock}")
sys.exit(written != ["00:00:01.499", "00:00:02.500", "00:00:03.999"])
END
