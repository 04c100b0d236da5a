"""Playing: the first sound, from key to effect, ten minutes beside busy loops, and what it costs.

On a PulseAudio server with a null sink, as in the tests. "First sound" is the first block with sound in it
that the card is given, for both: a recording of the sink would add the same wait of the server's to either,
and so flatter the ratio. From key to effect and the underruns are read off a recording of the sink.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.report import Result, in_turn, run
from tests.playback.pulse import MISSING, Pulse, Recording, Typist, busy, place_of
from voiceguide.audio import Block, frames, seconds
from voiceguide.playback.earcons import earcon
from voiceguide.playback.stage import PAUSE

BARE = """
import os
import numpy, sounddevice
def callback(out, *_):
    out[:] = 0.01
    os._exit(0)
kind = dict(samplerate=48000, channels=2, dtype="float32", latency=0.15)
stream = sounddevice.OutputStream(callback=callback, **kind)
stream.start()
sounddevice.sleep(5000)
"""
SCRIPT = "body-scan"
PLAY = (SCRIPT, "--voice", "hum", "--plain")
LENGTH = "10m"
PRESSES = 12

_GAP = frames(0.0005)


def all_results() -> Iterator[Result]:
    if MISSING:
        print(f"     playing is not measured: {', '.join(MISSING)} not installed")
        return
    with TemporaryDirectory() as name:
        pulse = Pulse(Path(name))
        try:
            pulse.plug_in("vsink")
            yield from results(pulse)
        finally:
            pulse.close()


def results(pulse: Pulse) -> Iterator[Result]:
    warm = [sys.executable, "-m", "voiceguide", "render", SCRIPT, "--voice", "hum"]
    run([*warm, "-o", str(pulse.cache.parent / "warm.wav")], **pulse.environment)  # the lines are spoken
    ours = [sys.executable, "-m", "benchmarks.playing", "first", *PLAY]
    bare = [sys.executable, "-c", BARE]
    run(ours, **pulse.environment)  # the modules are compiled
    for title, bound in (("the first time", 2.2), ("played before", 1.6)):
        ratio, one, other = in_turn(
            lambda: run(ours, **pulse.environment), lambda: run(bare, **pulse.environment), times=15
        )
        named = f"command to first sound / bare script, {title}"
        yield Result(named, ratio, bound, f"{one:.2f} s, {other:.2f} s")
        typist = Typist(pulse, *PLAY[:-1])
        typist.run.until(" left")
        typist.type("Q")
        typist.run.end()
    longest = key_to_effect(pulse)
    yield Result("key to effect, s", longest, 0.3, f"in the sink's recording, the longest of {PRESSES}")
    command = [sys.executable, "-m", "benchmarks.playing", "cpu", SCRIPT, "60"]
    done = subprocess.run(command, env=pulse.environment, capture_output=True, text=True, check=True)
    yield Result(
        "processor while playing", float(done.stdout.split()[-1]), 0.05, "of one core, over a minute"
    )
    gaps, told = underruns(pulse)
    yield Result(f"underruns in {LENGTH} beside two busy loops", gaps, 0, f"in the recording; {told} told")


def key_to_effect(pulse: Pulse) -> float:
    """Return the longest time, in seconds, from pressing space to a pause's beginning, or its end.

    It is read off a recording; what that is late by is counted in.
    """
    longest = 0.0
    with pulse.recording("vsink") as recording:
        typist = Typist(pulse, *PLAY[:-1])
        typist.run.until(" left")  # the first chapter has begun
        recording.goes_on(3.0)
        for press in range(PRESSES):
            pressed = recording.length
            typist.type(" ")
            recording.goes_on(1.5)
            sound = recording.sound()[pressed:]
            longest = max(longest, seconds(silenced(sound) if press % 2 == 0 else sounded(sound)))
        typist.type("Q")
        typist.run.end()
    return longest


def silenced(sound: Block) -> int:
    """Return where *sound* begins to fade for a pause: with the pause's own short sound, soon alone."""
    after = earcon("pause")[PAUSE:]
    return place_of(after, sound) - PAUSE


def sounded(sound: Block) -> int:
    """Return where *sound*, which begins silent, begins."""
    return int(np.argmax(sound.any(axis=1)))


def underruns(pulse: Pulse) -> tuple[int, int]:
    """Return how often the sink was given nothing amid a session, and how often the player says so."""
    with pulse.recording("vsink") as recording, busy(2):
        play = pulse.play(*PLAY, "--length", LENGTH)
        assert play.end() == 0, play.lines
        gaps = silences(recording)
    told = re.search(r"was late (?:once|(\d+) times)", play.lines[-1])
    return gaps, int(told[1] or 1) if told else 0


def silences(recording: Recording) -> int:
    """Return how often there is nothing between the first sound and the last: a bed is never silent."""
    heard = np.flatnonzero(recording.sound().any(axis=1))
    return int(np.count_nonzero(np.diff(heard) > _GAP))
