"""``python -m tools.fuzz_scripts [--count N] [--seed N]``: scripts at random, checked, and planned if fit.

What `check` passes has to be playable: planned with `hum` at its default, least and most length, with the
first values of its options and each other one, with ten seeds, and up its ladder. What it does not pass it
refuses in sentences. Neither takes long. Prints a table; status 1 if anything is not so.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from tools.random_scripts import BLOCKS, script_text
from voiceguide.cli.author import problems_of
from voiceguide.errors import VoiceguideError
from voiceguide.plan.parts import part_names
from voiceguide.plan.walk import walk
from voiceguide.plan.wishes import Wishes
from voiceguide.script.model import Ladder, Lengths, OneOf, Script
from voiceguide.script.parse import load
from voiceguide.session import Studio
from voiceguide.store import MemoryStore
from voiceguide.voices.engines.hum import HumEngine

Made = TypeVar("Made")

MOST_SECONDS: Final = 5.0
"""So much CPU may checking a script take, and planning one session of it."""

FAULTS: Final = ("foreign exception", "passed, cannot be planned", "over 5 s of CPU")


def wishes(script: Script) -> Iterator[Wishes]:
    """Yield what a listener may ask of *script* by the rule."""
    length = script.length
    lengths = (length.default, length.least, length.most, None) if isinstance(length, Lengths) else (None,)
    steps = list(walk(script.steps))
    seeds = [str(seed) for seed in range(10)] if any(isinstance(step, OneOf) for step in steps) else ["0"]
    others = [{name: value} for name, values in script.options.items() for value in values[1:]]
    for options in ({}, *others):
        for seed in seeds:
            for each in dict.fromkeys(lengths):
                yield Wishes(length=each, options=options, seed=seed)
    rungs = max((len(step.rungs) for step in steps if isinstance(step, Ladder)), default=1)
    for climbed in range(2, rungs + 1):
        yield Wishes(rungs=climbed, seed="0")


class Watch:
    """Keeps the most CPU, in seconds, that anything took which it timed."""

    def __init__(self) -> None:
        self.most = 0.0

    def time(self, work: Callable[[], Made]) -> Made:
        begun = time.process_time()
        made = work()
        self.most = max(self.most, time.process_time() - begun)
        return made


def unplannable(script: Script, studio: Studio, clock: Watch) -> str:
    """Return why a session of *script* cannot be had that it offers, or ""."""
    for asked in wishes(script):
        try:
            clock.time(partial(studio.session, script, asked))
        except VoiceguideError as error:
            return f"{asked}: {error}"
    for name in part_names(script):
        try:
            clock.time(partial(studio.part, script, name))
        except VoiceguideError as error:
            return f"part {name}: {error}"
    return ""


def tried(path: Path, studio: Studio) -> tuple[str, str]:
    """Return what came of the script in *path*, and more about it where that is one of `FAULTS`."""
    clock = Watch()
    try:
        problems = clock.time(lambda: problems_of(path))
        outcome, why = "refused in sentences", ""
        if not any(problem.severity == "error" for problem in problems):
            outcome = "passed, can be planned"
            why = unplannable(load(path), studio, clock)
            if why:
                outcome = FAULTS[1]
    except Exception:  # that is what is looked for
        return FAULTS[0], traceback.format_exc()
    return (FAULTS[2], f"{clock.most:.1f} s") if clock.most > MOST_SECONDS else (outcome, why)


def fuzz(count: int, seed: int, folder: Path, *, shown: int = 20) -> Counter[str]:
    """Return how often each thing came of *count* scripts, made from *seed* on; print the first faults."""
    found: Counter[str] = Counter(dict.fromkeys(FAULTS, 0))
    (folder / "blocks").mkdir(parents=True, exist_ok=True)
    for name, text in BLOCKS.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    path = folder / "script.yaml"
    with Studio(engines=[HumEngine()], store=MemoryStore(), jobs=1) as studio:
        for number in range(seed, seed + count):
            path.write_text(script_text(number), encoding="utf-8")
            outcome, why = tried(path, studio)
            found[outcome] += 1
            if outcome in FAULTS and sum(found[fault] for fault in FAULTS) <= shown:
                print(f"--seed {number} --count 1: {outcome}: {why}", flush=True)
    return found


def main() -> int:
    """Return 0 if nothing was at fault, else 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0, help="the number of the first script")
    given = parser.parse_args()
    begun = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        found = fuzz(given.count, given.seed, Path(folder))
    for what, times in sorted(found.items(), key=lambda row: row[0] in FAULTS):
        print(f"{times:>9,}  {what}")
    print(f"{given.count:>9,}  scripts, in {time.process_time() - begun:,.0f} s of CPU")
    return 1 if any(found[fault] for fault in FAULTS) else 0


if __name__ == "__main__":
    sys.exit(main())
