"""Renders killed at random moments: what has its name is whole, and the next run leaves nothing else."""

from __future__ import annotations

import hashlib
import random
import shutil
import statistics
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from tools.kill.nursery import Home, Process, begin
from voiceguide.store import FolderStore

FORMATS: Final = ("mp3", "m4a", "m4b", "opus", "flac", "wav")
SIDES: Final = {"vtt": ".vtt", "chapters": ".chapters.json", "manifest": ".json", "transcript": ".txt"}

SECONDS: Final = 20.0
SCRIPT: Final = """voiceguide: 1
title: Twenty seconds
summary: Three lines and two rests.
technique: grounding-chair
language: en
intensity: gentle
contains: []
length: {default: 20s, least: 15s, most: 1m}
ambience: {sound: none}
steps:
  - say: Notice your feet.
  - rest: ~4s
  - section: The floor
    steps:
      - say: And the floor.
      - rest: {about: 4s, least: 1s, most: 1m}
      - say: That is all.
"""


@dataclass(slots=True)
class Tally:
    """What has been seen. `wrong` and `left` are sentences."""

    rounds: int = 0
    killed: int = 0
    seen: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


class Renders:
    """Kills renders in *folder*; *chance* says when and which."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.tally = Tally()
        self._home = Home(folder)
        self._chance = chance
        self._script = folder / "twenty.yaml"
        self._took: list[float] = []
        folder.mkdir(parents=True, exist_ok=True)
        self._script.write_text(SCRIPT)
        self._whole: dict[str, set[str]] = {}
        self._day = date.min

    def round(self) -> None:
        """Begin one or two renders, kill one or both at any moment, look, run another to its end, look."""
        self._know_today()
        if self._chance.random() < 0.5:
            shutil.rmtree(self._home.cache, ignore_errors=True)
        home, ending = self._fresh(), self._chance.choice(FORMATS)
        names = self._chance.choice([("a",), ("a",), ("a", "b"), ("a", "a")])
        running = [begin(self._words(name, ending), home) for name in names]
        moment = time.monotonic() + self._chance.uniform(0.0, 1.1 * statistics.median(self._took[-20:]))
        doomed = running[: self._chance.choice([1, len(running)])]
        while time.monotonic() < moment and not all(each.wait(moment) for each in running):
            pass
        died = sum(each.kill() for each in doomed)
        for each in running:
            self._finish(each, alone=False)
        self.tally.rounds += 1
        self.tally.killed += bool(died)
        self._look("killed")
        self.tally.seen["parts before the next run"] += bool(self._home.litter())
        self._finish(begin(self._words("c", ending), home))
        self._look("after the next run")
        self.tally.left += self._home.litter()
        self._look_at_clips()

    def _know_today(self) -> None:
        """Render undisturbed, each by an empty cache: once a day, since files say on which they were made."""
        while self._day != date.today():
            self._day = date.today()
            for ending in FORMATS:
                shutil.rmtree(self._home.cache, ignore_errors=True)
                self._finish(begin(self._words("a", ending), self._fresh()))
                for name, digest in _digests(self._home.work).items():
                    self._whole.setdefault(name, set()).add(digest)
                if abs(_heard(self._home.work / f"a.{ending}") - SECONDS) > 0.05:
                    self.tally.wrong.append(f"an undisturbed {ending} does not have its length")

    def _words(self, name: str, ending: str) -> list[str]:
        with_it = ",".join(SIDES)
        return ["render", str(self._script), "--voice", "hum", "-o", f"{name}.{ending}", "--with", with_it]

    def _fresh(self) -> Home:
        shutil.rmtree(self._home.work, ignore_errors=True)
        self._home.make()
        return self._home

    def _finish(self, process: Process, *, alone: bool = True) -> None:
        process.wait(float("inf"))
        if alone:
            self._took.append(time.monotonic() - process.begun)
            if process.status != 0:
                self.tally.wrong.append(f"an undisturbed render ended with {process.status}")

    def _look(self, when: str) -> None:
        if self._day != date.today():
            return  # midnight came in this round, and what the new day's files are is not known yet
        for name, digest in _digests(self._home.work).items():
            self.tally.seen[f"files with their names, {when}"] += 1
            if digest not in self._whole[name]:
                self.tally.wrong.append(f"{name}, {when}, is not what an undisturbed render makes")

    def _look_at_clips(self) -> None:
        store = FolderStore(self._home.cache)
        for path in (self._home.cache / "clips").rglob("*"):
            if path.is_file() and store.get(f"clips/{path.name}") is None:
                self.tally.wrong.append(f"the clip {path.name} is damaged")


def _heard(path: Path) -> float:
    """Return how many seconds of sound there are in the file *path*, by decoding it."""
    import av

    with av.open(str(path)) as container:
        return sum(frame.samples / frame.sample_rate for frame in container.decode(audio=0))


def _digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of what has its name in *folder*; whoever it is called after, its ending counts."""
    return {
        "".join(path.name.partition(".")[1:]): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.iterdir())
        if not path.name.startswith(".")
    }
