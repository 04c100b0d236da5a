#!/usr/bin/env bash
# After the last frame, FFmpeg's FLAC encoder has two first blocks, and the one in `extradata` has a wrong checksum.
#
# Surprising: the block with the MD5 sum of the samples (STREAMINFO) comes with the empty packet at the end as side data
# "new_extradata", and is right there. The encoder's own extradata, read afterwards through PyAV (which drains the encoder
# until it has no more to give), has another sum in the same place, with length and sizes right: whoever writes FLAC
# from packets and takes the header from there makes files that `flac --test` calls damaged. Decoders that do not check
# play them without a word.
#
# Versions: av 18.1.0 (FFmpeg 8.1), Linux x86-64. Seen 2026-11-27.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet 'av==18.1.0' 'numpy==2.4.6'
"$work/venv/bin/python" - <<'END'
import hashlib
import sys
from fractions import Fraction

import av
import numpy as np

samples = (np.random.default_rng(1).standard_normal((50_000, 2)) * 1000).astype("<i2")
encoder = av.AudioCodecContext.create("flac", "w")
encoder.sample_rate, encoder.layout, encoder.format = 48_000, "stereo", "s16"
encoder.time_base = Fraction(1, 48_000)
frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), "s16", "stereo")
frame.sample_rate, frame.pts = 48_000, 0
told = b""
for given in (frame, None):
    for packet in encoder.encode(given):
        for side in packet.iter_sidedata():
            told = bytes(side)
true = hashlib.md5(samples.tobytes()).hexdigest()
print(f"of the samples {true}\nside data      {told[-16:].hex()}\nextradata      {encoder.extradata[-16:].hex()}")
same = told[-16:].hex() == true and encoder.extradata[-16:].hex() != true and encoder.extradata[:18] == told[:18]
sys.exit(0 if same else 1)
END
