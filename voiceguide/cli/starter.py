"""`new`: writes a valid script to start from."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import click

from voiceguide.errors import WishError
from voiceguide.export.file import write_whole

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")

STARTER: Final = """\
# Change anything; then run: voiceguide check --strict {name}.yaml
# To see when everything happens, run: voiceguide plan {name}.yaml
# To hear it, run: voiceguide render {name}.yaml --play
voiceguide: 1
title: {title}
summary: Four minutes of noticing one thing after another.
technique: centering
language: en
intensity: gentle              # gentle, steady or strong
contains: [body attention]     # what a careful listener wants to know before
length: {{default: 4m, least: 3m30s, most: 6m}}   # or auto: what its lines and rests come to
options:
  eyes: [open, closed]         # the first is what you get unasked
voice: {{pace: slow}}
ambience: {{sound: soft-rain, level: -22 dB}}
steps:
  - use: blocks/opening        # how long it is, that nothing has to come of it, and the way out
  - use: blocks/eyes           # says it one way for open eyes and another for closed ones
  - section: Hands
    steps:
      - say: Notice your hands. [3s] What are they lying on?
      - rest: {{about: 12s, least: 6s, most: 20s}}
      - say: Is one of them warmer than the other?
      - rest: {{about: 12s, least: 6s, most: 20s}}
      - use: blocks/way-out
  - section: A bit of quiet
    steps:
      - say: You might stay with your hands, or listen to the room. I'll be quiet for a little while.
      - rest: {{about: 30s, least: 20s, most: 90s, weight: 3}}
      - say: How are they now? The same is fine.
      - rest: {{about: 10s, least: 6s, most: 20s}}
  - use: blocks/closing        # look around, move, the time of day
"""


@click.command()
@click.argument("name")
def new(name: str) -> None:
    """Write a script to start from, NAME.yaml, in this folder. It never writes over a file."""
    stem = name.removesuffix(".yaml")
    if not _NAME.fullmatch(stem):
        raise WishError(
            f'"{name}" cannot name a script; use small letters, digits and hyphens: morning-light'
        )
    path = Path(f"{stem}.yaml")
    if path.exists():
        raise WishError(f"{path} is there already; choose another name, or move it away first")
    title = stem.replace("-", " ").capitalize()
    write_whole(path, STARTER.format(name=stem, title=title).encode())
    click.echo(f"{path}: a script to start from. Next: voiceguide plan {path}")


commands = (new,)
