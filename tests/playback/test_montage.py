from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.playback.sources import Clock, Flat, steepest
from voiceguide.audio import frames
from voiceguide.playback.device.ring import RAMP
from voiceguide.playback.earcons import earcon
from voiceguide.playback.montage import Level, Montage, Part, SilentSource

ONE = Level.of(1.0)


def montage(*parts: Part) -> Montage:
    return Montage(parts, ONE, ONE)


@st.composite
def changing(draw: st.DrawFn) -> Montage:
    """Draw a montage of up to five changes, some while another is going on."""
    made = montage(Part(0, Flat(0.5), 0))
    at = 0
    for _ in range(draw(st.integers(1, 5))):
        at += draw(st.integers(1, 2 * RAMP))
        match draw(st.sampled_from(["part", "silence", "volume", "hush"])):
            case "part":
                value, fade = draw(st.sampled_from([0.2, 0.4])), draw(st.integers(RAMP, 3 * RAMP))
                made = made.then(Flat(value), draw(st.integers(0, 9)), at, fade, draw(st.booleans()))
            case "silence":
                made = made.then(SilentSource(), 0, at)
            case "volume":
                made = Montage(made.parts, made.volume.to(draw(st.floats(0, 1)), at, RAMP), made.hush)
            case "hush":
                made = Montage(made.parts, made.volume, made.hush.to(0.0, at, RAMP))
    return made


@settings(max_examples=60, deadline=None)
@given(changing(), st.integers(1, 8 * RAMP))
def test_any_split_gives_the_same_samples(made: Montage, split: int) -> None:
    """A montage is a function of the frame range."""
    whole = made.block(0, 10 * RAMP)
    parts = np.concatenate([made.block(0, split), made.block(split, 10 * RAMP - split)])
    assert np.allclose(whole, parts, atol=1e-6)


@settings(max_examples=60, deadline=None)
@given(changing())
def test_nothing_ever_jumps(made: Montage) -> None:
    """Whatever changes, and in the midst of what, the sound goes over without a step."""
    assert steepest(made.block(0, 12 * RAMP)) < 0.004


@settings(max_examples=60, deadline=None)
@given(changing(), st.integers(0, 8 * RAMP))
def test_a_change_joins_what_was_heard(made: Montage, at: int) -> None:
    """Wherever a ring is rewritten from, also in the midst of fades, new joins old without a step."""
    changed = made.then(Flat(0.1), 0, at)
    if changed.parts[:-1] == made.parts[-len(changed.parts) + 1 :]:
        assert steepest(np.concatenate([made.block(0, at), changed.block(at, 4 * RAMP)])) < 0.004


def test_the_same_sound_crosses_over_to_itself() -> None:
    """A linear crossfade between two versions that are equal there changes nothing."""
    made = montage(Part(0, Clock(), 100)).then(Clock(), 600, 500, power=False)
    assert np.allclose(made.block(0, 9000), Clock().block(100, 9000), atol=1e-6)


def test_another_place_is_heard_after_the_fade() -> None:
    """After the fade only the new part is heard, from the frame that was asked for."""
    made = montage(Part(0, Clock(), 0)).then(Clock(), 70_000, 500)
    after = made.block(500 + RAMP, 100)
    assert np.array_equal(after, Clock().block(70_000 + RAMP, 100))
    assert made.place(499)[1] == 499
    assert made.place(510)[1] == 70_010


def test_a_part_fades_out_only_as_far_as_it_is_known() -> None:
    """A long fade out of something that is not known for so long is shorter, and never under the shortest."""
    short = montage(Part(0, Flat(0.5, known=10_000), 0)).then(SilentSource(), 0, 5_000, frames(1.5))
    assert short.last.fade == 5_000
    assert not short.block(10_000, 10).any()


def test_known_is_in_output_time() -> None:
    """What is known of the last part is told in output frames."""
    assert montage(Part(100, Flat(0.5, known=1000), 40)).known == 1060


def test_extras_lie_on_top_whatever_is_under_them() -> None:
    """A short sound is added, also over silence, and follows the volume."""
    sound = earcon("stay")
    made = Montage((Part(0, SilentSource(), 0),), Level.of(0.5), ONE).plus(sound, 300)
    assert np.allclose(made.block(300, len(sound)), 0.5 * sound)
    assert not made.block(0, 300).any()
    later = made.plus(sound, 300 + len(sound) + frames(2.0))
    assert len(later.extras) == 1


def test_a_level_goes_from_where_it_is() -> None:
    """A level that changes while it is changing goes on from its value there."""
    level = Level.of(1.0).to(0.0, 100, 100).to(1.0, 150, 100)
    assert level.value(100) == 1.0
    assert level.value(150) == pytest.approx(0.5)
    assert level.value(200) == pytest.approx(0.75)
    assert level.value(1000) == 1.0
