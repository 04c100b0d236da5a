#!/usr/bin/env bash
# FFmpeg's MP3 reader goes to a far place in a constant bit rate file by reading everything before it.
#
# Surprising: at a constant bit rate a moment's byte is a division away, and for a WAV it is found that way. For an MP3 the
# first seek reads all frames up to the place, so over a network a player downloads all that it skips (and where the
# file is made as it is read, all of that is made first). With `-fflags fastseek` it jumps.
#
# Versions: av 18.1.0 (FFmpeg 8.1), lameenc 1.9.0, Linux x86-64; libavformat 59 (FFmpeg 5.1), as in mpv 0.35, does the same.
# Seen 2026-11-28.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet 'av==18.1.0' 'numpy==2.4.6' 'lameenc==1.9.0'
cd "$work"
"$work/venv/bin/python" - <<'END'
import io
import sys
import wave

import av
import lameenc
import numpy as np

SECONDS, FAR = 600, 480
noise = (np.random.default_rng(1).standard_normal((48_000 * SECONDS, 1)) * 3000).astype("<i2")
encoder = lameenc.Encoder()
encoder.set_bit_rate(128)
encoder.set_in_sample_rate(48_000)
encoder.set_channels(1)
encoder.set_quality(7)
mp3 = bytes(encoder.encode(noise.tobytes())) + bytes(encoder.flush())
wav = io.BytesIO()
with wave.open(wav, "wb") as file:
    file.setparams((1, 2, 48_000, 0, "NONE", ""))
    file.writeframes(noise.tobytes())


class Counted(io.BytesIO):
    count = 0

    def read(self, size: int = -1) -> bytes:
        data = super().read(size)
        self.count += len(data)
        return data


def share_read(data: bytes, kind: str, **options: str) -> float:
    """Return how much of what lies before the far place is read to get there, and show it."""
    source = Counted(data)
    with av.open(source, format=kind, options=options) as found:
        next(found.demux(audio=0))
        before = source.count
        found.seek(FAR * 1_000_000)
        packet = next(found.demux(audio=0))
        share = (source.count - before) / (len(data) * FAR / SECONDS)
        print(f"{kind} {options}: at {float(packet.pts * packet.time_base):.2f} s after {share:.0%} of what is before")
    return share


plain, fast, jump = share_read(mp3, "mp3"), share_read(mp3, "mp3", fflags="fastseek"), share_read(wav.getvalue(), "wav")
sys.exit(not (plain > 0.9 and fast < 0.1 and jump < 0.1))
END
