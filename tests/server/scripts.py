"""A small library to serve: quick to speak, with everything a server has to know about."""

from __future__ import annotations

from pathlib import Path

from voiceguide.script.library import Library

_HEAD = """voiceguide: 1
title: {title}
summary: A minute of noticing.
technique: {technique}
language: en
intensity: gentle
contains: []
length: {{default: 1m, least: 40s, most: 5m}}
options:
  eyes: [open, closed]
ambience: {{sound: none}}
steps:
"""

CHAIR = (
    _HEAD.format(title="Back to the chair", technique="grounding-chair")
    + """
  - say: Notice your feet. [3s] Both of them.
  - rest: 4s
  - say: And the floor.
  - section: The chair
    steps:
      - rest: ~8s
      - say: Let the chair do some of the work.
        if: {eyes: open}
      - say: With your eyes closed, feel the chair.
        if: {eyes: closed}
      - rest: {about: 10s, least: 3s, most: 5m}
      - say: That is all.
"""
)

DAYS = (
    _HEAD.format(title="A day's word", technique="journal-prompts")
    + """
  - one of:
      - [{say: What is one thing you saw today?}]
      - [{say: What is one thing you heard today?}]
      - [{say: What is one thing you touched today?}]
  - rest: ~20s
  - say: That is all.
"""
)

LADDER = (
    _HEAD.format(title="Two rungs", technique="feeling-ladder")
    + """
  - say: We have {length} for two rungs.
  - say: Only a long session says this.
    if: {length: ">=3m"}
  - rest: ~5s
  - ladder:
      ground: blocks/ground
      rungs:
        - title: Low
          steps: [{say: A small thing., if: {eyes: open}}, {rest: ~5s}]
          stay: ~10s
        - title: Higher
          steps: [{say: Another thing.}, {rest: ~5s}]
          stay: ~10s
  - say: Back on the ground.
"""
)

GROUND = (
    _HEAD.format(title="Ground now", technique="ground-now")
    + """
  - say: Look at something near you.
  - rest: ~8s
"""
)

BLOCK = "voiceguide: 1\nsteps:\n  - say: Feel the floor.\n  - rest: ~4s\n"


def library(folder: Path) -> Library:
    """Write the scripts into *folder*."""
    (folder / "blocks").mkdir(parents=True)
    (folder / "blocks" / "ground.yaml").write_text(BLOCK)
    for name, text in (("chair", CHAIR), ("days", DAYS), ("two-rungs", LADDER), ("ground-now", GROUND)):
        (folder / f"{name}.yaml").write_text(text)
    return Library([folder])
