"""What comes out, measured: real voices, real files, decoded again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile

from voiceguide.audio import Block, frames, gain
from voiceguide.audio.loudness import lufs, true_peak
from voiceguide.plan.items import RestCue, SpeechCue
from voiceguide.plan.wishes import Wishes
from voiceguide.script.model import PACES
from voiceguide.session import Session, Studio
from voiceguide.voices import registry

pytestmark = pytest.mark.voice

KOKORO_VOICES = Path(__file__).resolve().parent.parent.parent / "shared" / "voices"


@pytest.fixture(params=["system", "pico", "piper", "kokoro"])
def voice(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    name: str = request.param
    if name == "kokoro" and "VOICEGUIDE_KOKORO_VOICES" not in os.environ:
        monkeypatch.setenv("VOICEGUIDE_KOKORO_VOICES", str(KOKORO_VOICES))
    status = registry.load(name).status()
    if not status.ready:
        pytest.skip(f"{name}: {status.why}")
    return name


@pytest.fixture
def studio(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    # One cache for all tests here: a line is spoken once by each voice.
    cache = tmp_path_factory.getbasetemp() / "voices"
    monkeypatch.setenv("VOICEGUIDE_CACHE", str(cache))
    with Studio(today=lambda: date(2026, 11, 22)) as studio:
        yield studio


def decoded(session: Session, path: Path) -> Block:
    samples, rate = soundfile.read(session.render(path), dtype="float32")
    assert rate == 48_000
    return np.asarray(samples)


def speech(session: Session) -> list[SpeechCue]:
    return [cue for cue in session.cues() if isinstance(cue, SpeechCue)]


def first_and_last(samples: Block, cue: SpeechCue) -> tuple[int, int]:
    """Return where sound over -50 dBFS begins and ends around *cue*."""
    start = max(0, cue.start - frames(0.25))
    heard = np.flatnonzero(np.abs(samples[start : cue.start + cue.length + frames(0.25), 0]) > gain(-50.0))
    return start + int(heard[0]), start + int(heard[-1]) + 1


def test_rests_are_exact_to_the_ear(voice: str, studio: Studio, tmp_path: Path) -> None:
    """From last sound to first, measured in the file, every rest is as told within 5 ms."""
    session = studio.session("grounding-chair", Wishes(voice=voice, ambience="none"))
    samples = decoded(session, tmp_path / "a.wav")
    bells = [cue.start for cue in session.cues() if type(cue).__name__ == "BellCue"]
    checked = 0
    for before, after in pairwise(speech(session)):
        if any(before.start < bell < after.start + after.length for bell in bells):
            continue  # a bell rings on under what follows
        told = after.start - before.start - before.length
        assert first_and_last(samples, after)[0] - first_and_last(samples, before)[1] == pytest.approx(
            told, abs=frames(0.005)
        )
        checked += 1
    assert checked > 10


def test_every_line_is_at_the_voice_loudness(voice: str, studio: Studio, tmp_path: Path) -> None:
    """Lines of a second or more are at -19 LUFS within half a unit, whichever voice speaks."""
    session = studio.session("grounding-chair", Wishes(voice=voice, ambience="none"))
    samples = decoded(session, tmp_path / "a.wav")
    heard = [
        lufs(samples[cue.start : cue.start + cue.length]) for cue in speech(session) if cue.length > 48_000
    ]
    assert min(heard) > -19.6
    assert max(heard) < -18.4


@pytest.mark.parametrize("loudness", ["calm", "podcast"])
def test_no_peak_passes_minus_one(voice: str, loudness: str, studio: Studio, tmp_path: Path) -> None:
    """Decoded again, an MP3 with bed, bells and breath tones stays at or under -1 dBTP."""
    wishes = Wishes(voice=voice, ambience="ocean", ambience_level_db=-12.0, loudness=loudness)  # type: ignore[arg-type]
    for name in ("longer-breath", "ground-now"):
        samples = decoded(studio.session(name, wishes), tmp_path / f"{name}.mp3")
        assert true_peak(samples) <= gain(-1.0)


def test_with_a_bed_nothing_is_digital_silence(voice: str, studio: Studio, tmp_path: Path) -> None:
    """No twentieth of a second of a session with a bed is zero, from the first to the last."""
    samples = decoded(studio.session("ground-now", Wishes(voice=voice)), tmp_path / "a.wav")
    loudest = np.abs(samples[: len(samples) // 2400 * 2400]).reshape(-1, 2400 * 2).max(axis=1)
    assert np.all(loudest > 0)


def test_files_decode_to_the_exact_length(voice: str, studio: Studio, tmp_path: Path) -> None:
    """MP3, FLAC and WAV of 1:13 decode to 73 x 48,000 frames."""
    session = studio.session("ground-now", Wishes(voice=voice, length=frames(73)))
    for ending in ("mp3", "flac", "wav"):
        assert len(decoded(session, tmp_path / f"a.{ending}")) == 73 * 48_000


def test_a_voice_keeps_its_promise(voice: str, studio: Studio) -> None:
    """Estimates are true: all lines together within a tenth, and nine of ten within a fifth."""
    estimates, truths = [], []
    for name in ("grounding-chair", "ground-now", "body-scan"):
        session = studio.session(name, Wishes(voice=voice))
        estimates += [session.clips.estimate(cue.line.text, cue.line.pace) for cue in speech(session)]
        truths += [cue.length for cue in speech(session)]
        assert not session.clips.stood_in
    off = np.array(truths) / np.array(estimates) - 1.0
    assert abs(sum(truths) / sum(estimates) - 1.0) < 0.1
    assert np.mean(np.abs(off) <= 0.2) >= 0.9


def test_speech_is_slow_enough(voice: str, studio: Studio) -> None:
    """At the slow pace, over the lines of a whole session, a voice speaks 90 to 120 words a minute."""
    cues = speech(studio.session("body-scan", Wishes(voice=voice)))
    assert cues[0].line.pace == PACES["slow"]
    words = sum(len(cue.line.text.split()) for cue in cues)
    assert 90 <= words / (sum(cue.length for cue in cues) / frames(60)) <= 120


def test_the_session_ends_quietly(voice: str, studio: Studio, tmp_path: Path) -> None:
    """The last words are over at least 3 s before the end, and the bed fades under them to almost nothing."""
    session = studio.session("grounding-chair", Wishes(voice=voice))
    samples = decoded(session, tmp_path / "a.wav")
    last = list(session.cues())[-2]
    assert isinstance(last, RestCue)
    assert last.length >= frames(3.0)
    assert np.max(np.abs(samples[-4800:])) < gain(-50.0)
