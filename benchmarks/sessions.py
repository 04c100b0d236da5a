"""The sessions that are measured."""

from __future__ import annotations

from pathlib import Path

LONG = """voiceguide: 1
title: A long night
summary: Lines and rests, as long as asked.
technique: wind-down
language: en
intensity: gentle
contains: []
length: {default: 10m, least: 5m, most: 8h}
ambience: {sound: brown-noise, level: -20 dB}
steps:
  - repeat:
      times: 40
      steps:
        - say: You might notice one breath, and the next.
        - rest: {about: 10s, least: 1s, most: 8h}
"""

TWENTY = """voiceguide: 1
title: Twenty minutes
summary: A line after a line.
technique: body-scan
language: en
intensity: gentle
contains: []
length: {default: 20m, least: 15m, most: 40m}
ambience: {sound: soft-rain, level: -20 dB}
steps:
"""


def long_script(folder: Path) -> Path:
    """Write a script that lasts from five minutes to eight hours."""
    path = folder / "long-night.yaml"
    path.write_text(LONG)
    return path


def twenty_minutes(folder: Path, changed: bool = False) -> Path:
    """Write a script of 60 different lines; *changed*: one of them has other words."""
    path = folder / "twenty.yaml"
    places = [f"  - say: Here is place number {number}, and whatever is there.\n" for number in range(60)]
    if changed:
        places[30] = "  - say: This one line has been written anew.\n"
    rest = "  - rest: {about: 15s, least: 2s, most: 60s}\n"
    path.write_text(TWENTY + rest.join(places) + rest)
    return path
