"""Voice commands: how many are understood, and how often one is heard that nobody gave."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import soxr
from msgspec.structs import replace

from benchmarks.report import Result
from voiceguide.audio import RATE, Frames, Mono, frames
from voiceguide.errors import VoiceguideError
from voiceguide.plan.items import SpeechCue
from voiceguide.plan.wishes import Wishes
from voiceguide.playback.controls.voice.listener import VoiceControl
from voiceguide.playback.controls.voice.spotter import Spotter
from voiceguide.playback.controls.voice.words import LISTEN_RATE, PHRASES
from voiceguide.playback.now import Now
from voiceguide.script.model import Pace
from voiceguide.session import Session, Studio
from voiceguide.voices import registry
from voiceguide.voices.process.worker import Workers

VOICES: Final = (("piper", "joe"), ("system", "en-us"))
"""The leans of phrases were chosen mostly by others, and two of them after a look at these."""

PACES: Final = (Pace(130), Pace(165), Pace(200))
MARKS: Final = (".", "!")
BEDS: Final = ("soft-rain", "stream", "ocean", "wind")
ALL_BEDS: Final = (*BEDS, "brown-noise", "night", "warm-pad")
SESSIONS: Final = (
    "body-scan", "grounding-chair", "feeling-ladder", "safe-place", "wind-down", "kind-words", "slow-walk",
)  # fmt: skip
LEVEL: Final = 0.05
BLOCK: Final = LISTEN_RATE // 10


def all_results() -> Iterator[Result]:
    with TemporaryDirectory() as name:
        os.environ["VOICEGUIDE_CACHE"] = name
        with Studio() as studio:
            yield from hits(studio)
            yield from own_speech(studio)
            yield bed_alone(studio)


def hits(studio: Studio) -> Iterator[Result]:
    said = {name: list(commands(name, voice)) for name, voice in VOICES}
    for title, snr_db, beds, bound in (
        ("in a quiet room", 40, ("brown-noise",), 0.9),
        ("over a bed 20 dB below", 20, BEDS, 0.75),
        ("over a bed 10 dB below", 10, BEDS, 0.4),
    ):
        tally, asked, wrong = Counter[str](), Counter[str](), Counter[str]()
        each = Counter[str]()
        for (name, spoken), bed in product(said.items(), beds):
            for words, heard in answers(spoken, bed_of(studio, bed, 330.0), snr_db):
                asked[words] += 1
                asked[name] += 1
                tally[words] += heard == [words]
                each[name] += heard == [words]
                wrong.update(f"{words} for {other}" for other in heard if other != words)
        total = sum(tally.values()) / sum(asked[phrase.words] for phrase in PHRASES)
        detail = ", ".join(f"{p.words} {100 * tally[p.words] / asked[p.words]:.0f}%" for p in PHRASES)
        voices = ", ".join(f"{name} {100 * each[name] / asked[name]:.0f}%" for name in said)
        print(f"     {detail}; {voices}; mistaken: {dict(wrong)}", file=sys.stderr)
        count = sum(asked[phrase.words] for phrase in PHRASES)
        yield Result(f"voice commands understood {title}", total, bound, f"of {count}", at_least=True)


def commands(engine: str, voice: str) -> Iterator[tuple[str, Mono]]:
    """Yield each phrase as it is spoken at each pace, with its words."""
    with Workers(registry.load(engine), 1) as speaker:
        for phrase, mark, pace in product(PHRASES, MARKS, PACES):
            raw = speaker.speak(phrase.words.capitalize() + mark, voice, pace)
            yield phrase.words, in_room(trimmed(resampled(raw)))


def answers(said: list[tuple[str, Mono]], bed: Mono, snr_db: float) -> Iterator[tuple[str, list[str]]]:
    """Yield what was said, over *bed*, with what was understood."""
    rng, spotter, at = np.random.default_rng(1), Spotter(), 0
    for words, samples in said:
        gap = round((2.0 + rng.random()) * LISTEN_RATE)
        stretch = bed[at : at + gap + len(samples) + LISTEN_RATE] * np.float32(10 ** (-snr_db / 20))
        at += len(stretch)
        stretch[gap : gap + len(samples)] += samples
        yield words, [heard for heard, _ in understood(spotter, stretch)]


def understood(spotter: Spotter, samples: Mono) -> Iterator[tuple[str, int]]:
    for start in range(0, len(samples), BLOCK):
        for phrase in spotter.hear(samples[start : start + BLOCK]):
            yield phrase.words, start


@dataclass
class Playing:
    """Whom a listener obeys: it knows what is playing, and counts what it is told."""

    now: Now = field(default_factory=Now)
    told: list[str] = field(default_factory=list)

    def do(self, command: str) -> None:
        self.told.append(command)


class Deaf:
    """A microphone that hears nothing: what is heard is handed over by hand."""

    def read(self, timeout: float) -> Mono | None:
        return None

    def close(self) -> None:
        pass


def own_speech(studio: Studio) -> Iterator[Result]:
    """Sessions as the microphone hears them, as loud as somebody who gives commands."""
    open_alarms, shut_alarms, hours = Counter[str](), Counter[str](), 0.0
    for name in SESSIONS:
        try:
            session = studio.session(name, Wishes(voice="piper"))
        except VoiceguideError as error:
            print(f"skip: {error}", file=sys.stderr)
            continue
        heard = in_room(resampled(np.concatenate(list(session.blocks())).mean(axis=1)))
        heard *= np.float32(LEVEL / loudness(heard))
        hours += len(heard) / LISTEN_RATE / 3600
        open_alarms.update(words for words, _ in understood(Spotter(), heard))
        shut_alarms.update(gated(session, heard))
    for title, alarms, bound in (("", shut_alarms, 0.0), (", listening through it", open_alarms, 100.0)):
        rate = sum(alarms.values()) / max(hours, 1e-9)
        detail = f"in {hours:.2f} h; {dict(alarms)}"
        yield Result(f"commands an hour heard in our own sessions{title}", rate, bound, detail)


def gated(session: Session, heard: Mono) -> list[str]:
    """Return what a listener makes of *heard* that knows when the session speaks."""
    time, playing = Frames(0), Playing()
    lines = [cue for cue in session.cues() if isinstance(cue, SpeechCue)]
    listener = VoiceControl(Deaf, clock=lambda: time / RATE)
    for start in range(0, len(heard), BLOCK):
        time = frames((start + BLOCK) / LISTEN_RATE)
        while lines and lines[0].start + lines[0].length <= time:
            del lines[0]
        playing.now = replace(playing.now, speaking=bool(lines) and lines[0].start <= time)
        listener.hear(heard[start : start + BLOCK], playing)
    return playing.told


def bed_alone(studio: Studio) -> Result:
    alarms, hours = Counter[str](), 0.0
    for name in ALL_BEDS:
        stretch = bed_of(studio, name, 600.0)
        alarms.update(words for words, _ in understood(Spotter(), stretch))
        hours += len(stretch) / LISTEN_RATE / 3600
    rate = sum(alarms.values()) / hours
    return Result("commands an hour heard in a bed alone", rate, 3.0, f"in {hours:.2f} h; {dict(alarms)}")


@cache
def bed_of(studio: Studio, name: str, length: float) -> Mono:
    """Return *length* seconds of the bed *name* as the microphone hears it, at `LEVEL`."""
    bed = resampled(studio.palette.bed(name).block(Frames(0), frames(length)).mean(axis=1))
    return bed * np.float32(LEVEL / np.sqrt(np.mean(bed**2)))


def resampled(samples: Mono) -> Mono:
    return soxr.resample(samples, RATE, LISTEN_RATE).astype(np.float32)


def trimmed(samples: Mono) -> Mono:
    sound = np.flatnonzero(np.abs(samples) > np.abs(samples).max() * 0.02)
    return samples[sound[0] : sound[-1] + 1]


def loudness(samples: Mono) -> float:
    """Return the effective value of *samples* where there is sound."""
    power = (samples[: len(samples) // 320 * 320].reshape(-1, 320) ** 2).mean(axis=1)
    return float(np.sqrt(power[power > power.max() * 1e-3].mean()))


@cache
def _echoes() -> Mono:
    """A living room: the direct sound, and echoes that are 60 dB down after 0.4 s."""
    length = round(0.4 * LISTEN_RATE)
    tail = np.random.default_rng(4).normal(0.0, 0.02, length) * 10 ** (-3 * np.arange(length) / length)
    tail[0] = 1.0
    return tail.astype(np.float32)


def in_room(samples: Mono) -> Mono:
    """Return *samples* as they arrive across a room, at `LEVEL`."""
    size = 1 << (len(samples) + len(_echoes())).bit_length()
    heard = np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(_echoes(), size), size)
    cut = heard[: len(samples) + len(_echoes()) // 2].astype(np.float32)
    return cut * np.float32(LEVEL / loudness(cut))
