#!/usr/bin/env bash
# LAME makes MP3s at 128 and 160 kbit/s 0.45 dB softer than what it was given, at 192 0.26 dB, above that not at all.
#
# Surprising: the scale that a program sets and reads is 1. lame_init_params() then takes the preset of the bit rate,
# which multiplies it (by 0.95 or 0.97), for constant bit rates that nobody asked a preset for too. Setting the scale
# again afterwards is too late; set it to the inverse before, and it comes out as 1. Files of one master at several bit
# rates do not have one loudness otherwise.
#
# Versions: lameenc 1.9.0 (LAME 4.0) and the LAME 3.100 in av 18.1.0 alike; Linux x86-64. Seen 2026-11-27.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet 'lameenc==1.9.0' 'av==18.1.0' 'numpy==2.4.6'
"$work/venv/bin/python" - <<'END'
import io
import sys

import av
import lameenc
import numpy as np

tone = 0.25 * np.sin(2 * np.pi * 1000 * np.arange(48_000 * 3) / 48_000)
given = np.repeat((tone * 32767).astype("<i2")[:, None], 2, axis=1)


def level(samples):
    return 20 * np.log10(np.sqrt(np.mean(np.square(samples[0, 48_000:96_000].astype(np.float64)))))


def change(rate):
    encoder = lameenc.Encoder()
    encoder.set_bit_rate(rate)
    encoder.set_in_sample_rate(48_000)
    encoder.set_channels(2)
    encoder.silence()
    made = bytes(encoder.encode(given.tobytes()) + encoder.flush())
    with av.open(io.BytesIO(made), format="mp3") as file:
        heard = np.concatenate([frame.to_ndarray() for frame in file.decode(audio=0)], axis=1)
    return level(heard) - level(tone[None, :])


seen = {rate: round(float(change(rate)), 2) for rate in (128, 160, 192, 256, 320)}
print("kbit/s and dB:", seen)
due = {128: -0.45, 160: -0.45, 192: -0.26, 256: 0.0, 320: 0.0}
sys.exit(any(abs(seen[rate] - due[rate]) > 0.03 for rate in due))
END
