"""Played on a real sound server at the usual latency, and recorded there, to the sample."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from tests.playback.pulse import MISSING, Pulse, Run, Typist, busy, first_difference, place_of, same
from tests.playback.sources import steepest
from voiceguide.audio import Block, frames, seconds
from voiceguide.plan.items import SpeechCue
from voiceguide.plan.wishes import Wishes
from voiceguide.playback.earcons import earcon
from voiceguide.playback.resuming import BEFORE_LINE
from voiceguide.playback.stage import PAUSE
from voiceguide.session import Studio
from voiceguide.store import FolderStore
from voiceguide.voices.engines.hum import HumEngine

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(MISSING), reason=f"{', '.join(MISSING)} not installed"),
    pytest.mark.skipif(sys.platform != "linux", reason="PulseAudio is asked through ALSA"),
    # A machine that stands still for a fifth of a second, as shared ones do, lets nobody play in that time.
    # The player tells so, and only then is a test begun anew; whatever else is wrong is wrong at once.
    pytest.mark.flaky(reruns=2, only_rerun="the sound was late"),
]

HEAD = """voiceguide: 1
title: Back to the chair
technique: grounding-chair
length: {default: 15s, least: 15s, most: 2m}
ambience: {sound: soft-rain, level: -20 dB}
steps:
"""

SCRIPT = f"""{HEAD}
  - say: Notice your feet.
  - section: The chair
    steps:
      - rest: 1s
      - say: And the floor that is under them.
  - section: The end
    steps:
      - rest: ~2s
      - say: That is all.
"""
"""No two lines hum alike."""

LONG_REST = f"""{HEAD}
  - say: Rest.
  - rest: 7s
  - say: That is all for now.
"""

STALLING = """
import sys, threading
from voiceguide.playback import Player
from voiceguide.playback.device.card import Card
from voiceguide.session import Studio
from voiceguide.plan.wishes import Wishes

with Studio() as studio:
    player = Player(studio.session(sys.argv[1], Wishes(voice="hum")), Card())
    spoken, on = threading.Event(), threading.Event()
    def stall(now):
        if now.words and not spoken.is_set():
            spoken.set()
            print("stalled", player._director.feeder.ring.ready, flush=True)
            on.wait()
    player.watch(stall)
    player.open()
    sys.stdin.readline()
    on.set()
    player.wait()
    print("late", player.now.underruns)
    player.close()
"""
"""Plays the script that it is given, and has the feeder wait from the first words until it is sent a line."""

FADED = PAUSE
"""From here on a session is heard as rendered: how it begins is faded once more."""


@pytest.fixture
def pulse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pulse]:
    """A server with one card, called vsink."""
    server = Pulse(tmp_path_factory.mktemp("pulse"))
    try:
        server.plug_in("vsink")
        yield server
    finally:
        server.close()


@dataclass(frozen=True)
class Rendered:
    """What `render` gives of the script at `path`."""

    path: Path
    sound: Block
    cues: tuple[SpeechCue, ...]

    def line(self, number: int) -> Block:
        cue = self.cues[number]
        return self.sound[cue.start : cue.start + cue.length]

    def begin(self, heard: Block, number: int | None = None) -> int:
        """Return the frame of *heard* at which the session would begin.

        That is told by where line *number* is in it, or the bed before the first.
        """
        start = FADED if number is None else self.cues[number].start
        stop = frames(1.0) if number is None else start + self.cues[number].length
        return place_of(self.sound[start:stop], heard) - start


def rendered(pulse: Pulse, path: Path, text: str) -> Rendered:
    """Write *text* to *path* and render it; from now on it is spoken."""
    path.write_text(text)
    with Studio(store=FolderStore(pulse.cache), jobs=1, engines=(HumEngine(),)) as studio:
        session = studio.session(path, Wishes())
        cues = tuple(cue for cue in session.cues() if isinstance(cue, SpeechCue))
        return Rendered(path, np.concatenate(list(session.blocks())), cues)


@pytest.fixture
def chair(pulse: Pulse, tmp_path: Path) -> Rendered:
    return rendered(pulse, tmp_path / "chair.yaml", SCRIPT)


def in_time(run: Run) -> None:
    """Hold that the machine let the player play, as far as the player says."""
    assert "late" not in run.lines[-1], "the sound was late"


@pytest.mark.parametrize(
    ("load", "before"), [(0, 0), (0, 1), (2, 0)], ids=["alone", "played before", "beside two busy loops"]
)
def test_what_is_played_is_what_is_rendered(pulse: Pulse, chair: Rendered, load: int, before: int) -> None:
    """Every sample that reaches the card is that of `render`: no gap, no click, nothing out of place."""
    for _ in range(before):
        assert pulse.play(str(chair.path), "--voice", "hum", "--plain").end() == 0
        assert len(list((pulse.cache / "openings").iterdir())) == 1
    with pulse.recording("vsink") as recording, busy(load) if load else nullcontext():
        run = pulse.play(str(chair.path), "--voice", "hum", "--plain")
        assert run.end() == 0, run.lines
        recording.goes_on(0.5)
    in_time(run)
    heard = recording.sound()
    begin = chair.begin(heard)
    for number, cue in enumerate(chair.cues):
        late = place_of(chair.line(number), heard) - begin - cue.start
        assert abs(late) < frames(0.02), f"line {number} is {seconds(late):.3f} s late"
    off = first_difference(heard[begin + FADED :], chair.sound[FADED:])
    assert off is None, f"at {seconds(begin + FADED + off):.3f} s of {seconds(begin):.3f} s on"
    assert not heard[:begin].any()
    assert not heard[begin + len(chair.sound) :].any()
    assert run.lines[-1] == "Take your time."


def test_what_cannot_be_played_any_more_fades_out(pulse: Pulse, tmp_path: Path) -> None:
    """A session that sounds before it is planned, and cannot be: it fades out, and a sentence says why."""
    words = tmp_path / "words.yaml"
    words.write_text("voiceguide: 1\ntitle: Words\nsteps:\n  - say: Notice your feet.\n")
    chair = rendered(pulse, tmp_path / "chair.yaml", f"{HEAD}\n  - use: words\n  - rest: ~2s\n")
    assert pulse.play(str(chair.path), "--voice", "hum", "--plain").end() == 0
    words.unlink()
    with pulse.recording("vsink") as recording:
        run = pulse.play(str(chair.path), "--voice", "hum", "--plain")
        assert run.end() == 2
        recording.goes_on(1.0)
    assert "words" in run.lines[-1]
    heard = recording.sound()
    begin = place_of(chair.sound[FADED : frames(0.2)], heard) - FADED
    end, fade = int(np.flatnonzero(heard.any(axis=1))[-1]) + 1, frames(0.04)
    whole = heard[begin + FADED : end - fade]
    assert len(whole) > frames(0.1)
    assert first_difference(whole, chair.sound[FADED : FADED + len(whole)]) is None
    assert np.abs(heard[end - fade // 8 : end]).max() < 0.2 * np.abs(whole).max()


def test_a_pause_fades_and_goes_on_from_there(pulse: Pulse, chair: Rendered) -> None:
    """Space fades out, leaving only its own short sound; again fades in from the frame where it was."""
    with pulse.recording("vsink") as recording:
        typist = Typist(pulse, str(chair.path), "--voice", "hum")
        typist.run.until("Notice your feet.")
        recording.goes_on(0.3)
        typist.type(" ")
        typist.run.until("(paused)")
        recording.goes_on(2.0)  # it is told before it is heard, and so is its end
        typist.type(" ")
        typist.run.until("And the floor")
        recording.goes_on(seconds(chair.cues[1].length))
        typist.type("Q")
        assert typist.run.end() == 0
    in_time(typist.run)
    heard = recording.sound()
    first, second = chair.begin(heard), chair.begin(heard, 1)

    down = earcon("pause")
    left = first + (first_difference(heard[first + FADED :], chair.sound[FADED:]) or 0)
    left += place_of(down[PAUSE:], heard[left : left + frames(1.5)]) - PAUSE
    assert same(down[PAUSE:], heard[left + PAUSE :]), "more is heard in the pause than that it begins"
    assert falls(heard[left:][:PAUSE] - down[:PAUSE], chair.sound[left - first :][:PAUSE])

    again = left + len(down) + int(np.flatnonzero(heard[left + len(down) :].any(axis=1))[0])
    assert again - left > frames(1.5)
    rest = min(len(heard) - again, len(chair.sound) - (again - second), frames(1.5))
    more = heard[again:][:rest] - chair.sound[again - second :][:rest]
    back = again + place_of(earcon("play")[PAUSE:], more) - PAUSE
    assert back - second == left - first, "it does not go on where it was"
    rising = heard[back:][:PAUSE] - earcon("play")[:PAUSE]
    assert falls(rising[::-1], chair.sound[back - second :][:PAUSE][::-1])


def falls(faded: Block, sound: Block) -> bool:
    """Return whether *faded* is *sound* going to nothing, a little in every hundredth of a second."""
    step = frames(0.01)
    shares = [
        float(np.sqrt(np.mean(faded[at : at + step] ** 2) / np.mean(sound[at : at + step] ** 2)))
        for at in range(0, len(sound), step)
    ]
    return len(shares) >= 3 and bool(np.all(np.diff([1.0, *shares, 0.0]) < 0.0)) and min(shares) < 0.3


def test_a_card_that_disappears(pulse: Pulse, chair: Rendered) -> None:
    """When the card goes amid a line it pauses and says so; on the next it goes on with that line, whole."""
    with pulse.recording("vsink") as before:
        typist = Typist(pulse, str(chair.path), "--voice", "hum")
        run = typist.run
        run.until("And the floor")
        before.goes_on(0.3)
        pulse.unplug("vsink")
        run.until("(The sound device is gone. Paused; it goes on when there is another.)")
        with run.stopped():
            pulse.plug_in("other")
            after = pulse.recording("other")
        with after:
            run.until("(Playing on another device.)")
            run.until("That is all.")
            typist.type("Q")
            assert run.end() == 0, run.lines
    in_time(run)
    begin, again = chair.begin(before.sound()), chair.begin(after.sound(), 1)
    cut = chair.cues[1]
    left = FADED + (first_difference(before.sound()[begin + FADED :], chair.sound[FADED:]) or 0)
    assert cut.start < left < cut.start + cut.length, "the card has not gone amid the line"
    start = int(np.flatnonzero(after.sound().any(axis=1))[0]) - again
    assert cut.start - BEFORE_LINE <= start < cut.start
    answer = earcon("play")
    due = chair.sound[start : chair.cues[2].start].copy()
    due[: len(answer)] += answer
    assert first_difference(after.sound()[again + start + FADED :], due[FADED:]) is None


def test_a_feeder_that_comes_too_late(pulse: Pulse, tmp_path: Path) -> None:
    """What is not ready in time is counted, and the bed heard instead; then it goes on, without a click."""
    session = rendered(pulse, tmp_path / "rest.yaml", LONG_REST)
    with pulse.recording("vsink") as recording:
        run = pulse.run("-c", STALLING, str(session.path))
        run.until("stalled")
        ready = int(run.lines[-1].split()[1])
        recording.goes_on(seconds(ready) + 1.0)
        run.send("go on\n")
        assert run.end() == 0, run.lines
        recording.goes_on(0.5)
    assert run.lines[-1] == "late 1"
    heard = recording.sound()
    begin, again = session.begin(heard), session.begin(heard, 1)
    lapse = FADED + (first_difference(heard[begin + FADED :], session.sound[FADED:]) or 0)
    assert again - begin > frames(0.5), "nothing was late"
    whole = session.cues[1].start
    assert lapse < whole
    assert first_difference(heard[again + whole :], session.sound[whole:]) is None
    covered = heard[begin + lapse : again + whole]
    level = [float(np.std(covered[at : at + frames(0.1)])) for at in range(0, len(covered), frames(0.1))]
    assert min(level[:-1]) > 0.3 * float(np.std(session.sound[lapse : lapse + frames(0.5)])) / 2
    assert steepest(heard) < 1.2 * steepest(session.sound)


def test_what_the_card_lacked_is_counted(pulse: Pulse, chair: Rendered) -> None:
    """Where the machine lets nobody play for longer than the card has sound, that is told at the end."""
    with pulse.recording("vsink") as recording:
        typist = Typist(pulse, str(chair.path), "--voice", "hum")
        typist.run.until("Notice your feet.")
        with typist.run.stopped():
            recording.goes_on(0.6)
        typist.run.until("And the floor")
        typist.type("Q")
        assert typist.run.end() == 0
    assert "The sound was late once" in typist.run.lines[-1]


def test_keys(pulse: Pulse, chair: Rendered) -> None:
    """Keys are obeyed as they are pressed, each with its own short sound, and there is no click."""
    with pulse.recording("vsink") as recording:
        typist = Typist(pulse, str(chair.path), "--voice", "hum")
        typist.run.until("Notice your feet.")
        for key, line in (
            ("\x1b[C", "And the floor"),
            ("n", "The end"),
            ("\x1b[D", "And the floor"),
            ("g", "You can stop any time."),
            ("n", "And the floor"),
        ):
            typist.type(key)
            typist.run.until(line)
        typist.type("Q")
        assert typist.run.end() == 0
        recording.goes_on(0.5)
    in_time(typist.run)
    heard = recording.sound()
    assert steepest(heard) < 1.2 * steepest(chair.sound)
    assert not heard[-frames(0.3) :].any()


def test_the_screen_is_calm(pulse: Pulse, chair: Rendered) -> None:
    """On a terminal one screen shows chapter, words and time, and leaves the terminal as it was."""
    typist = Typist(pulse, str(chair.path), "--voice", "hum", plain=False)
    typist.until("Notice your feet.")
    assert "left" in typist.seen
    assert "\x1b[?1049h" in typist.seen
    typist.type("Q")
    typist.until("Take your time.")
    assert typist.run.end() == 0
    assert "\x1b[?1049l" in typist.seen
    assert "ALSA" not in typist.seen


def test_a_recording_is_played_when_it_is_ready(pulse: Pulse, chair: Rendered) -> None:
    """`render --play` plays what it has made, to the end; Ctrl-C stops it softly."""
    words = ("-m", "voiceguide", "render", str(chair.path), "--voice", "hum", "-o", "chair.wav", "--play")
    with pulse.recording("vsink") as recording:
        run = Run([sys.executable, *words], pulse.environment, cwd=chair.path.parent)
        run.until("Playing; press Ctrl-C to stop.")
        recording.goes_on(4.0)
        run.process.send_signal(signal.SIGINT)
        assert run.end() == 0, run.lines
        recording.goes_on(0.5)
    assert run.lines[-1] == "Stopped. Take your time."
    heard = recording.sound()
    begin = chair.begin(heard)
    assert first_difference(heard[begin + FADED :][: frames(2.0)], chair.sound[FADED:][: frames(2.0)]) is None
    assert steepest(heard) < 1.2 * steepest(chair.sound)
    assert not heard[-frames(0.3) :].any()


def test_no_device(pulse: Pulse, chair: Rendered) -> None:
    """Where there is no card, one sentence says what to use instead, and the status is 3."""
    pulse.unplug("vsink")
    run = pulse.play(str(chair.path), "--voice", "hum", "--plain")
    assert run.end() == 3
    assert run.lines == ["voiceguide: no audio device here; use `voiceguide serve` or `render`"]
