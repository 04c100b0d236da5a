from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sessions import PACE, ToneEngine
from voiceguide.audio import Frames, Mono, frames, gain
from voiceguide.audio.loudness import lufs, true_peak
from voiceguide.errors import EngineClosed, EngineError, StoreError
from voiceguide.plan.margins import EDGE
from voiceguide.script.model import Pace
from voiceguide.store import FolderStore, MemoryStore
from voiceguide.voices.clips import VOICE_PEAK_DB, Casting, Clip, Clips, Hand, decode, encode, finish


class Mute(ToneEngine):
    """Answers every line with silence."""

    def speak(self, text: str, voice: str, pace: Pace) -> Mono:
        return np.zeros(48_000, np.float32)


class Refusing(ToneEngine):
    """Cannot speak."""

    def speak(self, text: str, voice: str, pace: Pace) -> Mono:
        raise EngineError("the model is gone")


class Slow(ToneEngine):
    """Says that it has begun, and speaks when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.let = threading.Event(), threading.Event()

    def speak(self, text: str, voice: str, pace: Pace) -> Mono:
        self.begun.set()
        assert self.let.wait(20.0)
        return super().speak(text, voice, pace)


class Full(MemoryStore):
    """A store on a full disk."""

    def put(self, name: str, data: bytes) -> None:
        raise StoreError("the cache cannot be written; free some space")


def clips(*engines: ToneEngine, store: MemoryStore | None = None, target: float = -19.0) -> Clips:
    return Clips([Casting(engine, "a") for engine in engines], store or MemoryStore(), target)


def noise(seconds: float, seed: int = 0) -> Mono:
    drawn = np.random.default_rng(seed).standard_normal(frames(seconds))
    return (0.1 * drawn).astype(np.float32)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 40_000), st.integers(4_000, 60_000), st.integers(0, 40_000), st.floats(0.01, 1.0))
def test_a_clip_is_what_sounds_and_nothing_else(before: int, length: int, after: int, loud: float) -> None:
    """Silence around a line is cut; first and last sound stay, at `EDGE` and `EDGE + length`."""
    tone = loud * np.cos(np.arange(length) * 2 * np.pi * 500 / 48_000)
    clip = finish(np.pad(tone, (before, after)).astype(np.float32), -19.0)
    assert abs(clip.length - length) <= 2
    assert len(clip.samples) == clip.length + 2 * EDGE
    assert abs(clip.samples[EDGE]) > gain(-48.0)


@pytest.mark.parametrize("target", [-19.0, -16.0])
@pytest.mark.parametrize("seconds", [0.2, 0.5, 3.0])
def test_every_clip_has_one_loudness(target: float, seconds: float) -> None:
    """Clips of any length are at the loudness asked for, as heard in both ears."""
    assert lufs(finish(noise(seconds), target).samples[EDGE:-EDGE]) == pytest.approx(target, abs=0.3)


def test_true_peak_is_capped() -> None:
    """A line with sharp peaks keeps under the voice's peak, and stays near its loudness."""
    spiky = noise(3.0) * 0.3
    spiky[::4_800] = 1.0
    clip = finish(spiky, -16.0)
    assert true_peak(clip.samples) <= gain(VOICE_PEAK_DB) * 1.001


def test_true_peak_is_capped_where_the_loudness_is_right_already() -> None:
    """A line that happens to come at its loudness is capped like any other."""
    spiky = noise(3.0) * 0.3
    spiky[::4_800] = 1.0
    spiky *= gain(-19.0 - lufs(spiky))
    spiky[100_000] = 1.0
    assert true_peak(finish(spiky, -19.0).samples) <= gain(VOICE_PEAK_DB) * 1.001


def test_a_clip_survives_its_file() -> None:
    """What is read back differs from what was written by 24-bit rounding only."""
    clip = finish(noise(1.0), -19.0)
    assert np.max(np.abs(decode(encode(clip)).samples - clip.samples)) < 2**-22


def test_a_line_is_spoken_once() -> None:
    """The second time a line is wanted, also by another run, it comes from the store."""
    engine, store = ToneEngine(), MemoryStore()
    first = clips(engine, store=store).get("Feet on the floor.", PACE)
    again = clips(engine, store=store).get("Feet on the floor.", PACE)
    assert engine.spoken == ["Feet on the floor."]
    assert np.array_equal(first.samples, again.samples)


@pytest.mark.parametrize("change", ["text", "pace", "target", "engine"])
def test_whatever_a_clip_depends_on_is_in_its_key(change: str) -> None:
    """Another text, pace, loudness or engine is another clip."""
    store = MemoryStore()
    text, pace, target, engine = "Feet.", PACE, -19.0, ToneEngine()
    clips(engine, store=store).get(text, pace)
    other = ToneEngine("other") if change == "engine" else engine
    made = clips(other, store=store, target=-16.0 if change == "target" else target)
    made.get("Hands." if change == "text" else text, Pace(130) if change == "pace" else pace)
    assert len(engine.spoken) + (len(other.spoken) if other is not engine else 0) == 2


def test_a_damaged_clip_is_made_again() -> None:
    """A clip that is no FLAC is spoken anew instead of failing the session."""
    engine, store = ToneEngine(), MemoryStore()
    made = clips(engine, store=store)
    store.put(made.key(made.cast[0], "Feet.", PACE), b"not a clip at all")
    assert made.get("Feet.", PACE).length > 0
    assert engine.spoken == ["Feet."]


@pytest.mark.parametrize("broken", [Mute("broken"), Refusing("broken")])
def test_the_next_voice_takes_over(broken: ToneEngine, caplog: pytest.LogCaptureFixture) -> None:
    """When an engine fails or is silent the next one speaks on, with one line in the log."""
    stand_in = ToneEngine()
    made = clips(broken, stand_in)
    with caplog.at_level(logging.WARNING):
        for text in ("One.", "Two.", "Three."):
            assert made.get(text, PACE).length > 0
    assert stand_in.spoken == ["One.", "Two.", "Three."]
    assert made.stood_in
    assert len(caplog.records) == 1
    assert "broken could not speak" in caplog.text


def test_nobody_takes_over_when_the_program_ends(caplog: pytest.LogCaptureFixture) -> None:
    """A closed engine is no failure: the line is given up, and nothing is said about it."""

    class Closed(ToneEngine):
        def speak(self, text: str, voice: str, pace: Pace) -> Mono:
            raise EngineClosed("closed")

    stand_in = ToneEngine()
    with pytest.raises(EngineClosed):
        clips(Closed("closed"), stand_in).get("One.", PACE)
    assert (stand_in.spoken, caplog.text) == ([], "")


def test_no_voice_at_all_is_said_in_a_sentence() -> None:
    """If nobody can speak a line the error names the line, each reason, and what to do."""
    with pytest.raises(EngineError, match=r'no voice could speak "One\.".*the model is gone.*doctor'):
        clips(Refusing("broken")).get("One.", PACE)


def test_a_full_disk_does_not_end_the_session(caplog: pytest.LogCaptureFixture) -> None:
    """A clip that cannot be kept is remembered for this run, and spoken only once in it."""
    engine = ToneEngine()
    made = clips(engine, store=Full())
    first = made.get("Feet.", PACE)
    assert np.array_equal(made.get("Feet.", PACE).samples, first.samples)
    assert engine.spoken == ["Feet."]
    assert "free some space" in caplog.text


def test_estimates_come_from_the_first_voice() -> None:
    """A voice that stands in does not change what the plan was made from."""
    made = clips(Refusing("broken"), ToneEngine())
    before = made.estimate("One.", PACE)
    made.get("One.", PACE)
    assert made.estimate("One.", PACE) == before == Frames(4 * 4800)


def test_a_script_may_prefer_another_voice_of_the_cast() -> None:
    """A line that names a voice of the cast is spoken by it."""
    first, second = ToneEngine("first"), ToneEngine("second")
    clips(first, second).get("One.", PACE, "second/a")
    assert (first.spoken, second.spoken) == ([], ["One."])


def test_a_kept_clip_tells_its_length_without_being_decoded() -> None:
    """The length in a kept clip's header is its length; what is no clip is spoken."""
    engine, store = ToneEngine(), MemoryStore()
    made = clips(engine, store=store)
    clip = made.get("Hello there.", PACE)
    fresh = clips(engine, store=store)
    assert fresh.length("Hello there.", PACE) == clip.length
    assert not len(fresh.hand)
    assert engine.spoken == ["Hello there."]
    store.put(fresh.key(fresh.cast[0], "Broken.", PACE), b"fLaC" + bytes(40))
    assert fresh.length("Broken.", PACE) == fresh.get("Broken.", PACE).length > 0


def test_a_line_is_as_long_as_it_is_respelled() -> None:
    """A clip kept from before a word was known does not tell the length of the line as it is read now."""
    engine, store = ToneEngine(), MemoryStore()
    before = clips(engine, store=store).get("Qi.", PACE)
    now = Clips([Casting(engine, "a")], store, -19.0, lambda text, engine: text.replace("Qi", "Chee gong"))
    assert now.length("Qi.", PACE) == now.get("Qi.", PACE).length > before.length
    again = Clips(now.cast, store, -19.0, now.respell)
    assert again.length("Qi.", PACE) == now.length("Qi.", PACE)
    assert engine.spoken == ["Qi.", "Chee gong."]


def test_what_another_process_speaks_is_waited_for(tmp_path: Path) -> None:
    """A line that another process with the same store is speaking is not spoken twice."""
    slow, quick = Slow(), ToneEngine()
    ours = Clips([Casting(slow, "a")], FolderStore(tmp_path), -19.0)
    theirs = Clips([Casting(quick, "a")], FolderStore(tmp_path), -19.0)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(ours.get, "Notice your feet.", PACE)
        assert slow.begun.wait(20.0)
        second = pool.submit(theirs.get, "Notice your feet.", PACE)
        slow.let.set()
        assert np.array_equal(first.result().samples, second.result().samples)
    assert (len(slow.spoken), quick.spoken) == (1, [])


def test_decoded_clips_are_held_by_all_together() -> None:
    """Who shares a hand finds what another has decoded, and all of them hold no more than it may."""
    hand = Hand(limit=900)
    clips = [Clip(np.zeros(100, np.float32)) for _ in range(4)]
    for number, clip in enumerate(clips):
        hand.put(f"clips/{number}", clip)
        hand.put(f"clips/{number}", clip)
        assert hand.find("clips/0") is clips[0]
    assert [hand.find(f"clips/{number}") for number in range(4)] == [clips[0], None, None, clips[3]]
