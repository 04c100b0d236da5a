from __future__ import annotations

import numpy as np
import pytest

from tests.playback.sources import Flat, steepest
from voiceguide.audio import Block, Frames, frames
from voiceguide.playback.bridge import bridge
from voiceguide.playback.device.ring import BRIDGE, RAMP, SIZE, Ring
from voiceguide.playback.feeder import AHEAD, MARGIN, STEP, Feeder
from voiceguide.playback.montage import SilentSource
from voiceguide.script.model import Bed
from voiceguide.sounds.palette import StudioPalette

BLOCK = 700  # divides nothing


def pull(ring: Ring, count: int) -> Block:
    """Return the next *count* frames, asked for in blocks of `BLOCK`."""
    out = []
    while count > 0:
        out.append(np.full((min(BLOCK, count), 2), np.nan, np.float32))
        ring.fill(out[-1])
        count -= BLOCK
    return np.concatenate(out)


def filled(feeder: Feeder) -> Feeder:
    while feeder.fill():
        pass
    return feeder


def waits(feeder: Feeder) -> bool:
    return feeder.waiting


def flat_bridge(feeder: Feeder, value: float) -> None:
    feeder.ring.bridge_with(np.full((BRIDGE, 2), value, np.float32))


def test_what_is_written_is_copied_round_and_round() -> None:
    """Frames come out as they were written, in order, over many turns of the ring."""
    ring, at, numbers = Ring(), 0, np.arange(3 * SIZE, dtype=np.float32)
    both = np.repeat(numbers[:, None], 2, axis=1)
    heard = []
    while at < 3 * SIZE:
        ring.write(at, both[at : at + 10_000], np.zeros((RAMP, 2), np.float32))
        heard.append(pull(ring, min(10_000, 3 * SIZE - at)))
        at += 10_000
    assert np.array_equal(np.concatenate(heard)[: 3 * SIZE], both)
    assert ring.underruns == 0


def test_a_late_feeder_is_covered_by_the_bed() -> None:
    """When nothing more is ready the sound goes over into the bed, is counted once, and comes back."""
    feeder = Feeder()
    flat_bridge(feeder, 0.05)
    feeder.change(lambda montage, at: montage.then(Flat(0.4), 0, at))
    filled(feeder)
    heard = [pull(feeder.ring, AHEAD + frames(3.0))]
    assert feeder.ring.underruns == 1
    assert np.allclose(heard[0][-frames(2.0) :], 0.05)
    filled(feeder)
    heard.append(pull(feeder.ring, frames(1.0)))
    assert np.allclose(heard[1][-100:], 0.4)
    assert feeder.ring.underruns == 1
    assert steepest(np.concatenate(heard)) < 0.004


@pytest.mark.parametrize("late_at", [0.1, 0.5, 1.4])
def test_a_feeder_that_is_late_in_a_fade_is_covered_too(late_at: float) -> None:
    """Also what fades out for long, softly and under a short sound, is over in the bed without a step."""
    feeder = Feeder(0.3)
    flat_bridge(feeder, 0.05)
    feeder.change(lambda montage, at: montage.then(Flat(0.4), 0, at))
    filled(feeder)
    heard = [pull(feeder.ring, frames(1.0))]
    fade = feeder.change(lambda montage, at: montage.then(SilentSource(), 0, at, frames(1.5)))
    while feeder.ring.ready < fade + frames(late_at):
        feeder.fill()
    feeder.change(lambda montage, at: montage.plus(np.full((frames(0.3), 2), 0.0, np.float32), at))
    heard.append(pull(feeder.ring, feeder.ring.ready - feeder.ring.read + frames(0.4)))
    assert np.allclose(heard[-1][-100:], 0.3 * 0.05)
    filled(feeder)
    heard.append(pull(feeder.ring, frames(2.0)))
    assert not heard[-1][-100:].any()
    assert feeder.ring.underruns == 1
    assert steepest(np.concatenate(heard)) < 0.004


def test_a_short_sound_that_is_cut_off_fades() -> None:
    """What answered a key, where the feeder is late in its midst, is not broken off."""
    feeder = Feeder()
    feeder.change(lambda montage, at: montage.plus(np.full((frames(3.0), 2), 0.4, np.float32), at + 4_800))
    heard = pull(feeder.ring, feeder.ring.ready + frames(0.4))
    at = int(np.flatnonzero(heard[:, 0])[0])
    assert np.abs(heard[-100:]).max() == 0.0
    assert steepest(heard[at + 1 :]) < 0.004


def test_what_comes_too_late_is_not_written() -> None:
    """Where the card may be asking for it already, nothing is written over."""
    ring = Ring()
    ring.write(0, np.full((4_000, 2), 0.1, np.float32), np.zeros((RAMP, 2), np.float32))
    pull(ring, 1_400)
    over = np.full((1_000, 2), 0.2, np.float32)
    assert not ring.offer(1_400 + BLOCK, over, np.zeros((RAMP, 2), np.float32))
    assert ring.ready == 4_000
    assert ring.offer(1_401 + BLOCK, over, np.zeros((RAMP, 2), np.float32))
    assert np.allclose(pull(ring, 1 + BLOCK + 1_000)[1 + BLOCK :], 0.2)


def test_a_source_that_is_not_ready_waits_under_the_bed() -> None:
    """Where the next line is not spoken yet the bed goes on, and nothing of the session is lost."""
    source = Flat(0.4, known=frames(1.0))
    feeder = Feeder()
    flat_bridge(feeder, 0.05)
    feeder.change(lambda montage, at: montage.then(source, 0, at))
    filled(feeder)
    heard = [pull(feeder.ring, frames(2.0))]
    filled(feeder)
    heard.append(pull(feeder.ring, frames(4.0)))
    filled(feeder)
    assert waits(feeder)
    assert np.allclose(heard[1][-100:], 0.05)
    place = feeder.place(feeder.ring.read)
    assert place[0] is source
    source.known = frames(90.0)
    for _ in range(4):
        filled(feeder)
        heard.append(pull(feeder.ring, frames(0.5)))
    assert not waits(feeder)
    assert np.allclose(heard[-1][-100:], 0.4)
    assert steepest(np.concatenate(heard)) < 0.004
    resumed = feeder.place(feeder.ring.read)[1] - place[1]
    assert frames(1.5) < resumed < frames(2.0)


def test_a_change_is_handed_over_within_a_block_and_a_moment() -> None:
    """A change is heard from less than 100 ms after it is asked for, whatever lies ready."""
    feeder = Feeder()
    feeder.change(lambda montage, at: montage.then(Flat(0.4), 0, at))
    filled(feeder)
    before = pull(feeder.ring, frames(1.0))
    read = feeder.ring.read
    at = feeder.change(lambda montage, at: montage.then(Flat(0.1), 0, at))
    assert at - read <= BLOCK + MARGIN < frames(0.1)
    filled(feeder)
    heard = pull(feeder.ring, frames(1.0))
    assert np.allclose(heard[: at - read], 0.4)
    assert np.allclose(heard[at - read + RAMP :], 0.1)
    assert steepest(np.concatenate([before, heard])) < 0.004


def test_a_change_to_what_is_not_ready_waits_under_the_bed() -> None:
    """Going to something that is not spoken yet fades to the bed at once, and on when it is."""
    feeder = Feeder()
    flat_bridge(feeder, 0.05)
    feeder.change(lambda montage, at: montage.then(Flat(0.4), 0, at))
    filled(feeder)
    heard = [pull(feeder.ring, frames(1.0))]
    late = Flat(0.2, known=0)
    feeder.change(lambda montage, at: montage.then(late, 7, at))
    filled(feeder)
    heard.append(pull(feeder.ring, frames(1.0)))
    assert np.allclose(heard[-1][-100:], 0.05)
    late.known = frames(60.0)
    filled(feeder)
    heard.append(pull(feeder.ring, frames(1.0)))
    assert np.allclose(heard[-1][-100:], 0.2)
    assert steepest(np.concatenate(heard)) < 0.004
    assert feeder.ring.underruns == 0


def test_a_restarted_desk_is_silent() -> None:
    """After a restart nothing that lay ready is heard."""
    feeder = Feeder()
    feeder.change(lambda montage, at: montage.then(Flat(0.4), 0, at))
    filled(feeder)
    pull(feeder.ring, 5_000)
    feeder.restart()
    assert filled(feeder).montage.last.frame == 0
    assert not pull(feeder.ring, AHEAD).any()


def test_seconds_lie_ready() -> None:
    """A feeder that has nothing else to do keeps four seconds ahead."""
    feeder = filled(Feeder())
    for _ in range(5):
        assert AHEAD - STEP < feeder.ring.ready - feeder.ring.read <= AHEAD
        pull(feeder.ring, frames(0.2))
        filled(feeder)


def test_the_bridge_has_no_seam() -> None:
    """The bed's loop leads from its end into its start as smoothly as inside, and is soft."""
    loop = bridge(Bed("soft-rain", -20.0), StudioPalette(), 0.0)
    assert loop.shape == (BRIDGE, 2)
    seam = np.concatenate([loop[-2:], loop[:2]])
    assert steepest(seam) <= steepest(loop)
    assert 0.001 < float(np.sqrt(np.mean(loop**2))) < 0.05
    assert not bridge(Bed(None, -20.0), StudioPalette(), 0.0).any()
    assert Frames(len(loop)) == frames(4.0)
