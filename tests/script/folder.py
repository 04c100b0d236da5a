"""A folder of scripts to read, for tests."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

import numpy as np
import pytest
import soundfile

from voiceguide.errors import Problem, ScriptError
from voiceguide.script.model import Script, Step
from voiceguide.script.parse import load

HEAD = """\
voiceguide: 1
title: A test
length: {default: 5m, least: 1m, most: 1h}
contains: [breath holds]
options:
  eyes: [open, closed]
steps:
  - say: With eyes {eyes}.
"""
"""Eight lines and one step that is fine: what follows starts in line 9 and is steps[1]."""

BLOCK = "voiceguide: 1\nsteps:\n  - say: Hello.\n"


def put(folder: Path, text: str, name: str = "script") -> Path:
    """Write *text* to the script *name*, and return its path."""
    path = folder / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def with_steps(steps: str) -> str:
    """Return a whole script with *steps* after its first one."""
    return HEAD + indent(dedent(steps), "  ") + "\n"


def refused(path: Path) -> tuple[Problem, ...]:
    """Return the problems with which the script in *path* is refused."""
    with pytest.raises(ScriptError) as caught:
        load(path)
    return caught.value.problems


def only(path: Path) -> Problem:
    """Return the one problem of the script in *path*."""
    problems = refused(path)
    assert len(problems) == 1, [str(problem) for problem in problems]
    return problems[0]


def read(folder: Path, steps: str) -> Script:
    """Return a script that has *steps* after its first one."""
    return load(put(folder, with_steps(steps)))


def step(folder: Path, text: str) -> Step:
    """Return the step that *text* makes."""
    return read(folder, text).steps[1]


def place(marked: str) -> tuple[int, int]:
    """Return the line and column of the mark ``¦`` in *marked*, counted from 1."""
    before = marked[: marked.index("¦")]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def sound(folder: Path, name: str, seconds: float = 0.5, rate: int = 8000) -> Path:
    """Write a sound of *seconds* at *rate* to the file *name*, and return its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, np.zeros(round(seconds * rate), np.float32), rate)
    return path
