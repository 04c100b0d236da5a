"""A script in good order, and the same with one thing wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from voiceguide.audio import Frames
from voiceguide.care import findings
from voiceguide.errors import Problem
from voiceguide.script.model import Pace
from voiceguide.script.parse import load
from voiceguide.voices.engines.hum import HumEngine

GOOD: Final = """\
voiceguide: 1
title: A test
summary: A short look at a chair.
technique: grounding-chair
language: en
intensity: gentle
contains: [body attention]
length: {default: 3m, least: 2m30s, most: 4m}
voice: {pace: slow}
steps:
  - say: Hello. You can stop whenever you like.
  - rest: {about: 12s, least: 5s, most: 20s}
  - say: Notice the floor under your feet.
  - rest: {about: 15s, least: 5s, most: 20s}
  - say: You might feel the seat, too.
  - rest: {about: 15s, least: 5s, most: 20s}
  - say: I'll be quiet for a little while.
  - rest: {about: 40s, least: 20s, most: 90s, weight: 3}
  - say: It's still fine to stop here.
  - rest: {about: 12s, least: 5s, most: 20s}
  - say: How is the chair now?
  - rest: {about: 15s, least: 5s, most: 20s}
  - say: Look around the room. Move your shoulders. What time of day is it?
  - rest: {about: 10s, least: 5s, most: 20s}
"""
FLOOR: Final = "  - say: Notice the floor under your feet.\n"
"""A line that another one may follow without breaking a rule."""

_HUM: Final = HumEngine()


def by_hum(text: str, pace: Pace) -> Frames:
    return _HUM.estimate(text, "low", pace)


def checked(folder: Path, text: str) -> tuple[Problem, ...]:
    """Return the findings of care in the script that *text* is."""
    path = folder / "script.yaml"
    path.write_text(text, encoding="utf-8")
    return findings(load(path), by_hum)


def broken(folder: Path, text: str) -> list[str]:
    """Return the rules that *text* breaks, each as often as it does."""
    return [problem.rule for problem in checked(folder, text)]


def with_line(line: str) -> str:
    """Return the good script with one *line* more in it, and a short rest."""
    return with_this(FLOOR, f"{FLOOR}  - rest: 6s\n  - say: {json.dumps(line)}\n")


def with_this(old: str, new: str) -> str:
    """Return the good script with *old* as *new*."""
    assert old in GOOD
    return GOOD.replace(old, new)
