"""``python -m tools.audition [--voice ENGINE] [NAME...]``: every script rendered and measured, a row each.

Listening by numbers: what stands out in a column is worth listening to.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from voiceguide.audio import RATE, Block, Frames, clock, frames
from voiceguide.audio.loudness import lufs, peak_db
from voiceguide.care import findings
from voiceguide.export.text.stats import longest_silence, speech_share, words_per_minute
from voiceguide.plan.items import BellCue, Cue, SoundCue, SpeechCue, ToneCue
from voiceguide.plan.wishes import Wishes
from voiceguide.session import Session, Studio

PIECE: Final = frames(10.0)
MEASURED: Final = frames(120.0)
"""No more than this of voice, and of bed, is measured for loudness."""

_AFTER: Final = {SpeechCue: frames(4.0), ToneCue: frames(4.0), SoundCue: frames(4.0), BellCue: frames(14.0)}
"""For this long after each, the bed is not alone: it comes back slowly, and bells ring on."""
_BEFORE: Final = frames(2.0)  # the bed goes down before the voice


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured of one session. Lengths in frames, loudness in LUFS, peak in dBTP."""

    name: str
    asked: Frames
    got: Frames
    share: float
    pace: float
    silence: Frames
    voice: float
    bed: float
    peak: float
    care: tuple[str, ...]

    def __str__(self) -> str:
        rules = ", ".join(rule.removeprefix("care ") for rule in self.care) or "-"
        got = f"{(self.got - self.asked) / RATE:+.3f}s" if self.got != self.asked else "exact"
        return (
            f"{self.name:<22} {clock(self.asked):>6} {got:>8} {self.share:>7.0%} {self.pace:>6.0f} "
            f"{self.silence / RATE:>7.1f}s {self.voice:>6.1f} {self.bed:>6.1f} {self.peak:>6.1f}  {rules}"
        )


HEAD: Final = (
    f"{'script':<22} {'asked':>6} {'got':>8} {'speech':>7} {'w/min':>6} {'silence':>8} "
    f"{'voice':>6} {'bed':>6} {'peak':>6}  care"
)


def audition(session: Session) -> Row:
    """Return the figures of *session*, which is spoken and mixed for them."""
    cues = tuple(session.cues())
    alone, spoken = _kept(_bed_alone(cues, session.length)), _kept(_spoken(cues))
    got, peak, bed, voice = 0, -np.inf, [], []
    for start in range(0, session.length, PIECE):
        block = session.block(Frames(start), min(PIECE, session.length - start))
        got += len(block)
        peak = max(peak, peak_db(block))
        bed += _cut(block, start, alone)
        voice += _cut(block, start, spoken)
    return Row(
        name=session.script.name,
        asked=session.wishes.length,
        got=Frames(got),
        share=speech_share(cues),
        pace=words_per_minute(cues),
        silence=longest_silence(cues),
        voice=_loudness(voice),
        bed=_loudness(bed),
        peak=peak,
        care=tuple(problem.rule for problem in findings(session.script, session.clips.estimate)),
    )


def _spoken(cues: Sequence[Cue]) -> Iterator[tuple[int, int]]:
    return ((cue.start, cue.start + cue.length) for cue in cues if isinstance(cue, SpeechCue))


def _bed_alone(cues: Sequence[Cue], length: Frames) -> Iterator[tuple[int, int]]:
    """Yield the stretches in which nothing but the bed is heard, and it is neither down nor fading."""
    free: int = frames(4.0)
    for cue in sorted(cues, key=lambda cue: cue.start):
        if type(cue) in _AFTER:
            if cue.start - _BEFORE > free:
                yield free, cue.start - _BEFORE
            free = max(free, cue.start + getattr(cue, "length", 0) + _AFTER[type(cue)])
    if length - frames(12.0) > free:
        yield free, length - frames(12.0)


def _kept(stretches: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the first `MEASURED` frames of *stretches*."""
    kept, left = [], int(MEASURED)
    for start, stop in stretches:
        if left > 0:
            kept.append((start, min(stop, start + left)))
            left -= stop - start
    return kept


def _cut(block: Block, start: int, stretches: list[tuple[int, int]]) -> list[Block]:
    """Return what of *block*, which begins at frame *start*, is within *stretches*."""
    stop = start + len(block)
    return [block[max(a - start, 0) : b - start] for a, b in stretches if a < stop and b > start]


def _loudness(pieces: list[Block]) -> float:
    return lufs(np.concatenate(pieces)) if pieces else -np.inf


def main(words: Sequence[str] | None = None) -> None:
    """Print a row for each script named, or for all."""
    parser = argparse.ArgumentParser(prog="python -m tools.audition", description=__doc__)
    parser.add_argument("--voice", help="who speaks; the best that is ready unless given")
    parser.add_argument("--jobs", type=int, help="lines spoken side by side")
    parser.add_argument("names", nargs="*", help="scripts; all unless given")
    given = parser.parse_args(words)
    print(HEAD)
    with Studio(jobs=given.jobs) as studio:
        for name in given.names or studio.library.names():
            print(audition(studio.session(name, Wishes(voice=given.voice))), flush=True)


if __name__ == "__main__":
    main()
