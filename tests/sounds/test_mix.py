from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.export.encoding.test_mp3 import decoded, joined
from tests.sessions import PlainPalette, events, flat_clip, line, settled
from voiceguide.audio import Block, Frames, frames, gain
from voiceguide.audio.loudness import true_peak
from voiceguide.export.encoding.mp3 import Mp3Layout, info_frame
from voiceguide.plan.items import Ahead, BedCue, BellCue, Cue, EndCue, Line, SoundCue, SpeechCue
from voiceguide.plan.margins import EDGE
from voiceguide.plan.score import Score
from voiceguide.sounds.mix import LIFT_DB, Mixer
from voiceguide.voices.clips import VOICE_PEAK_DB, Clip

UNDER = 0.1 * gain(-20.0)
LIFTED = UNDER * gain(LIFT_DB)


def mixer(cues: list[Cue | Ahead], length: int, clip: Clip | None = None) -> Mixer:
    score = Score(Frames(length))
    lengths = {cue.line.index: cue.length for cue in cues if isinstance(cue, SpeechCue)}
    for cue in cues:
        score.add(cue)

    def spoken(line: Line) -> Clip:
        return clip or flat_clip(lengths[line.index])

    return Mixer(score, spoken, PlainPalette())


def level(block: Block, at: float) -> float:
    return float(block[frames(at), 0])


def silent(pairs: list[tuple[float, float]], length: float) -> Block:
    """The bed alone of a session with lines at *pairs*."""
    made = mixer(list(events(pairs, length)), frames(length))
    bed = Mixer(made.score, lambda line: Clip(np.zeros(2 * EDGE, np.float32)), PlainPalette())
    return bed.mix(Frames(0), frames(length))


def test_bed_is_at_its_level_under_the_voice_and_lifted_far_from_it() -> None:
    """The bed has the level asked for under a line, and `LIFT_DB` more where the voice rests for long."""
    bed = silent([(10.0, 2.0)], 40.0)
    assert level(bed, 11.0) == pytest.approx(UNDER, rel=1e-4)
    assert level(bed, 5.0) == pytest.approx(LIFTED, rel=1e-4)
    assert level(bed, 20.0) == pytest.approx(LIFTED, rel=1e-4)


def test_bed_starts_down_before_the_voice() -> None:
    """The bed begins to fall 1.5 s before the first sound and is down when it comes."""
    bed = silent([(10.0, 2.0)], 40.0)
    assert level(bed, 8.49) == pytest.approx(LIFTED, rel=1e-4)
    assert LIFTED > level(bed, 9.25) > UNDER
    assert level(bed, 10.0) == pytest.approx(UNDER, rel=1e-3)


def test_bed_comes_back_over_three_seconds() -> None:
    """Halfway back, 1.5 s after the last sound, the bed has half of its lift in dB."""
    bed = silent([(10.0, 2.0)], 40.0)
    assert level(bed, 13.5) == pytest.approx(UNDER * gain(LIFT_DB / 2), rel=1e-3)
    assert level(bed, 15.01) == pytest.approx(LIFTED, rel=1e-3)


def test_bed_stays_down_through_short_gaps() -> None:
    """Between lines less than 8 s apart the bed stays down; at 8 s it comes up."""
    near = silent([(10.0, 2.0), (19.9, 2.0)], 60.0)
    far = silent([(10.0, 2.0), (20.0, 2.0)], 60.0)
    assert level(near, 16.0) == pytest.approx(UNDER, rel=1e-4)
    assert level(far, 16.0) == pytest.approx(LIFTED, rel=1e-4)


def test_lead_in_and_end_fade_but_never_to_zero() -> None:
    """With a bed, no sample of a session is digital zero, and both ends are far under the middle."""
    bed = silent([(2.0, 1.0)], 30.0)
    assert np.all(bed > 0)
    assert bed[0, 0] < LIFTED / 1000
    assert bed[-1, 0] < LIFTED / 1000


def test_the_end_does_not_fade_the_last_word() -> None:
    """The closing fade begins no earlier than the last sound of the voice."""
    made = mixer(list(events([(2.0, 25.0)], 30.0)), frames(30.0))
    block = made.mix(frames(26.9), frames(0.1))
    assert np.allclose(block[:, 0], 0.5 + UNDER, rtol=1e-4)


def test_a_line_begins_at_its_frame() -> None:
    """The first sound of a clip is at its cue's start; only its faded edge lies before."""
    made = mixer(list(events([(2.0, 1.0)], 10.0)), frames(10.0), flat_clip(frames(1.0)))
    block = made.mix(frames(1.9), frames(0.2))
    quiet = block[: frames(0.1) - EDGE, 0]
    assert np.all(quiet < LIFTED)
    assert block[frames(0.1), 0] == pytest.approx(0.5 + UNDER, rel=1e-4)


def test_a_louder_line_stays_under_the_voice_peak() -> None:
    """A line written louder is raised no further than the peak all clips keep to."""
    loud = SpeechCue(frames(2.0), frames(1.0), line(0, level_db=12.0))
    made = mixer([Ahead(loud.start), loud, EndCue(frames(20.0))], frames(20.0), flat_clip(frames(1.0)))
    assert np.max(made.mix(frames(2.0), frames(1.0))) <= gain(VOICE_PEAK_DB) * 1.0001


def test_a_loud_bed_leaves_room_for_the_voice() -> None:
    """However loud a bed is asked for, bed and loudest clip together stay under -1 dBTP."""
    cues = [BedCue(Frames(0), "one", 30.0, Frames(0)), *list(events([(2.0, 1.0)], 20.0))[1:]]
    made = mixer(cues, frames(20.0), flat_clip(frames(1.0), gain(VOICE_PEAK_DB)))
    assert np.max(made.mix(frames(2.0), frames(1.0))) < gain(-1.0)


def test_no_bed_is_silence_between_lines() -> None:
    """Without an ambience nothing is heard where nobody speaks."""
    cues = [BedCue(Frames(0), None, -20.0, Frames(0)), *list(events([(2.0, 1.0)], 20.0))[1:]]
    assert not np.any(mixer(cues, frames(20.0)).mix(frames(4.0), frames(10.0)))


def test_a_bed_turns_into_another_at_equal_power() -> None:
    """Halfway through a change of 4 s, both beds are at the sine of 45 degrees."""
    cues = list(events([(2.0, 1.0)], 60.0))
    cues.insert(-1, BedCue(frames(20.0), "two", None, frames(4.0)))
    block = mixer(cues, frames(60.0)).mix(Frames(0), frames(60.0))
    halfway = (0.1 + 0.05) * gain(-20.0 + LIFT_DB) * np.sin(np.pi / 4)
    assert level(block, 22.0) == pytest.approx(halfway, rel=1e-3)
    assert level(block, 30.0) == pytest.approx(0.05 * gain(-20.0 + LIFT_DB), rel=1e-3)


@settings(max_examples=40, deadline=None)
@given(settled(), st.data())
def test_any_split_gives_the_same_samples(
    made: tuple[list[Cue | Ahead], Frames], data: st.DataObject
) -> None:
    """A range mixed alone equals the same range of a longer mix, bit for bit."""
    cues, length = made
    mix = mixer(cues, length).mix
    start = data.draw(st.integers(0, length - 1))
    count = data.draw(st.integers(1, min(frames(20.0), length - start)))
    cut = data.draw(st.integers(0, count))
    whole = mix(Frames(start), count)
    parts = np.concatenate((mix(Frames(start), cut), mix(Frames(start + cut), count - cut)))
    assert np.array_equal(whole, parts)


@settings(max_examples=60, deadline=None)
@given(settled())
@pytest.mark.slow
def test_what_is_known_does_not_change(made: tuple[list[Cue | Ahead], Frames]) -> None:
    """Mixed as soon as the score says it is decided, every stretch equals that of the finished session."""
    cues, length = made
    finished = mixer(cues, length)
    growing = Score(length)
    early = Mixer(growing, finished.clip, PlainPalette())
    done = 0
    for cue in cues:
        growing.add(cue)
        if growing.known > done:
            stretch = early.mix(Frames(done), growing.known - done)
            assert np.array_equal(stretch, finished.mix(Frames(done), growing.known - done))
            done = growing.known
    assert done == length


_TIME = np.arange(frames(5.0))
_STROKE = 0.3 * np.cos(np.pi / 2 * _TIME + np.pi / 4) * np.exp(-_TIME / frames(2.0))  # peaks between samples
_NOISE = gain(-4.0) * np.random.default_rng(7).uniform(-1.0, 1.0, (frames(2.0), 2))


class LoudPalette(PlainPalette):
    """Bells and sounds as loud as they may be."""

    def bell(self, name: str) -> Block:
        return np.repeat(_STROKE[:, None], 2, axis=1).astype(np.float32)

    def own(self, path: Path) -> Block:
        return _NOISE.astype(np.float32)


def loud(*cues: Cue | Ahead) -> Mixer:
    """A quarter of a minute with one line from 2 s to 4 s, with *cues* in it, for `LoudPalette`."""
    spoken: list[Cue | Ahead] = [Ahead(frames(2.0)), SpeechCue(frames(2.0), frames(2.0), line(0))]
    bed = BedCue(Frames(0), "one", -20.0, Frames(0))
    length = frames(15.0)
    made = mixer([bed, *sorted([*spoken, *cues], key=lambda cue: cue.start), EndCue(length)], length)
    return Mixer(made.score, lambda _: flat_clip(frames(2.0), gain(VOICE_PEAK_DB)), LoudPalette(), 3.0)


LOUD: dict[str, tuple[Cue, ...]] = {
    "a bell": (BellCue(frames(2.0), "bowl", 6.0),),
    "twenty strokes": tuple(BellCue(frames(5.0 + number / 50), "bowl", 6.0) for number in range(20)),
    "a sound": (SoundCue(frames(5.0), frames(2.0), Path("sea.wav"), 6.0),),
    "at both ends": (
        BellCue(Frames(0), "bowl", 6.0),
        SoundCue(frames(13.0), frames(2.0), Path("sea.wav"), 6.0),
    ),
}


@pytest.mark.parametrize("cues", LOUD.values(), ids=LOUD.keys())
def test_bells_and_sounds_keep_under_minus_one(cues: tuple[Cue, ...]) -> None:
    """However loud and many bells and sounds are, over voice and bed, no true peak passes -1 dBTP."""
    assert true_peak(loud(*cues).mix(Frames(0), frames(15.0))) < gain(-1.0)


@pytest.mark.parametrize("kind", ["a bell", "twenty strokes"])
@pytest.mark.parametrize("bitrate", [128_000, 192_000])
def test_bells_keep_under_minus_one_as_mp3(kind: str, bitrate: int) -> None:
    """What the coding adds to bells at the ceiling stays within the half decibel that is kept for it."""
    mixed = loud(*LOUD[kind]).mix(Frames(0), frames(15.0))
    layout = Mp3Layout(Frames(len(mixed)), bitrate)
    assert true_peak(decoded(info_frame(layout) + joined(mixed, layout))) < gain(-1.0)


@pytest.mark.slow
@pytest.mark.parametrize("cues", LOUD.values(), ids=LOUD.keys())
def test_any_split_of_what_is_turned_down_gives_the_same_samples(cues: tuple[Cue, ...]) -> None:
    """Where bells and sounds are turned down, blocks of any size give the samples of the whole."""
    made = loud(*cues)
    whole = made.mix(Frames(0), frames(15.0))
    for size in (4_799, 48_000):
        starts = range(0, frames(15.0), size)
        parts = [made.mix(Frames(at), min(size, frames(15.0) - at)) for at in starts]
        assert np.array_equal(np.concatenate(parts), whole)


def test_what_keeps_under_the_ceiling_is_as_it_was() -> None:
    """A bell at an ordinary level is only added."""
    made = loud(BellCue(frames(6.0), "bowl", -10.0))
    without = loud().mix(frames(6.0), frames(1.0))
    rung = np.float32(gain(-10.0) * gain(3.0)) * LoudPalette().bell("bowl")[: frames(1.0)]
    assert np.allclose(made.mix(frames(6.0), frames(1.0)), without + rung, atol=1e-6)
