from __future__ import annotations

import gc
import hashlib
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.session.conftest import SCRIPT, MakeStudio
from tests.sessions import ToneEngine
from voiceguide.audio import Block, Frames, Mono, clock, frames, gain
from voiceguide.errors import EngineError, LengthError, SinkError, StoreError
from voiceguide.plan.items import RestCue, SpeechCue
from voiceguide.plan.wishes import Wishes
from voiceguide.script.model import Pace
from voiceguide.session import Session
from voiceguide.store import MemoryStore
from voiceguide.voices.engines.hum import HumEngine


class Flaky(HumEngine):
    """Speaks two lines, then never again."""

    name = "flaky"

    def __init__(self) -> None:
        super().__init__()
        self.left = 2

    def speak(self, text: str, voice: str, pace: Pace) -> Mono:
        if not self.left:
            raise EngineError("the model is gone")
        self.left -= 1
        return super().speak(text, voice, pace)


class Full(MemoryStore):
    """A store on a full disk."""

    def put(self, name: str, data: bytes) -> None:
        raise StoreError("the cache cannot be written; free some space")


def whole(session: Session) -> Block:
    return np.concatenate(list(session.blocks()))


def sounds(block: Block) -> list[tuple[int, int]]:
    """Return the stretches of *block* with sound: those between at least 0.3 s under -54 dBFS."""
    loud = np.flatnonzero(np.abs(block[:, 0]) > gain(-54.0))
    cuts = np.flatnonzero(np.diff(loud) > frames(0.3))
    firsts = loud[np.concatenate(([0], cuts + 1))]
    lasts = loud[np.concatenate((cuts, [len(loud) - 1]))]
    return [(int(first), int(last) + 1) for first, last in zip(firsts, lasts, strict=True)]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(length=st.integers(frames(45), frames(90)))
def test_length_is_exact_to_the_frame(length: int, script: Path, studio_of: MakeStudio) -> None:
    """A session has as many frames as were asked for, not one more or less."""
    session = studio_of().session(script, Wishes(length=Frames(length)))
    assert session.length == length
    assert sum(len(block) for block in session.blocks()) == length


def test_a_length_that_is_not_declared_is_refused_with_those_that_can_be_had(
    script: Path, studio_of: MakeStudio
) -> None:
    """It names no length that would be refused next: a script may declare more than it can have."""
    studio = studio_of()
    with pytest.raises(LengthError) as refused:
        studio.session(script, Wishes(length=frames(6000)))
    longest = Frames(refused.value.longest)
    assert studio.session(script, Wishes(length=longest)).length == longest < frames(300)
    assert f"to {clock(longest)} with this voice" in str(refused.value)


def test_a_length_out_of_reach_is_refused(script: Path, studio_of: MakeStudio) -> None:
    """A length beyond what the rests allow is refused with the lengths that fit."""
    with pytest.raises(LengthError) as refused:
        studio_of().session(script, Wishes(length=frames(299)))
    assert refused.value.shortest < refused.value.longest < frames(299)


def test_rests_are_what_was_written(script: Path, studio_of: MakeStudio) -> None:
    """Measured in the samples, from last sound to first, exact rests are exact within 5 ms."""
    heard = sounds(whole(studio_of().session(script)))
    gaps = [after[0] - before[1] for before, after in pairwise(heard)]
    assert gaps[0] == pytest.approx(frames(3.0), abs=frames(0.005))
    assert gaps[1] == pytest.approx(frames(4.0), abs=frames(0.005))


def test_the_manifest_tells_what_is_heard(script: Path, studio_of: MakeStudio) -> None:
    """Every speech cue begins and ends, within 5 ms, where the samples do."""
    session = studio_of().session(script)
    cues = [(cue.start, cue.start + cue.length) for cue in session.cues() if isinstance(cue, SpeechCue)]
    for told, heard in zip(cues, sounds(whole(session)), strict=True):
        assert told == pytest.approx(heard, abs=frames(0.005))


def test_nothing_is_said_in_the_first_second_and_a_half(script: Path, studio_of: MakeStudio) -> None:
    """The lead-in carries no speech."""
    (first, _), *_ = sounds(whole(studio_of().session(script)))
    assert first == frames(1.5)


def test_any_number_of_workers_gives_the_same_samples(script: Path, studio_of: MakeStudio) -> None:
    """One worker or five, the session is the same, sample for sample."""
    one = whole(studio_of(jobs=1).session(script))
    five = whole(studio_of(jobs=5).session(script))
    assert np.array_equal(one, five)


def test_blocks_may_begin_anywhere(script: Path, studio_of: MakeStudio) -> None:
    """Blocks from a later frame are the same samples as those of the whole."""
    session = studio_of().session(script)
    assert np.array_equal(np.concatenate(list(session.blocks(Frames(123_456)))), whole(session)[123_456:])


@pytest.mark.parametrize("codec", ["mp3", "wav"])
def test_a_stream_is_known_before_it_is_made(codec: str, script: Path, studio_of: MakeStudio) -> None:
    """Size and any range are those of the finished bytes, though a range is made alone."""
    studio = studio_of()
    data = b"".join(studio.session(script).stream(codec).read())
    stream = studio.session(script).stream(codec)
    assert stream.size == len(data)
    for first, last in ((0, 9), (len(stream.head) - 1, len(stream.head) + 1), (300_001, 333_333)):
        assert b"".join(stream.read(first, last)) == data[first : last + 1]


def test_a_streamed_mp3_sounds_like_the_rendered_one(
    script: Path, studio_of: MakeStudio, tmp_path: Path
) -> None:
    """The MP3 frames of stream, segments and file are the same bytes."""
    session = studio_of().session(script)
    frames_alone = b"".join(segment.data for segment in session.segments("mp3"))
    stream = session.stream("mp3")
    assert b"".join(stream.read(len(stream.head))) == frames_alone
    assert session.render(tmp_path / "a.mp3").read_bytes().endswith(frames_alone)


def test_a_wav_holds_the_session(script: Path, studio_of: MakeStudio, tmp_path: Path) -> None:
    """A rendered WAV has the session's frames, within 16-bit rounding and its dither."""
    session = studio_of().session(script)
    samples, rate = soundfile.read(session.render(tmp_path / "a.wav"), dtype="float32")
    assert (len(samples), rate) == (session.length, 48_000)
    assert np.max(np.abs(samples - whole(session))) < 3 / 32768


def test_only_what_is_heard_is_spoken(script: Path, studio_of: MakeStudio) -> None:
    """The first bytes of a session need the lines that begin in them, and no others are spoken."""
    engine = ToneEngine()
    session = studio_of(engine).session(script, Wishes(length=frames(60)), ahead=0)
    next(iter(session.blocks()))
    assert engine.spoken == []
    session.block(Frames(0), frames(2.0))
    assert engine.spoken == ["Notice your feet."]


class Dumb(HumEngine):
    """Estimates, and never speaks."""

    def speak(self, text: str, voice: str, pace: Pace) -> Mono:
        raise AssertionError("it was asked to speak")


def test_its_first_moment_needs_no_voice(script: Path, studio_of: MakeStudio) -> None:
    """The time before the first word can be had without one; where a word may come, there is none."""
    session = studio_of(Dumb()).session(script)
    first = session.opening(frames(0.8))
    assert first is not None
    assert np.array_equal(first, studio_of().session(script).block(Frames(0), frames(0.8)))
    assert session.opening(frames(2.0)) is None
    # Words on the beat of a breath may be left out: whether the bed makes room is known once they are spoken.
    breath = "- breathe: {in: 4s, out: 6s, rounds: 2, guide: words}"
    script.write_text(SCRIPT.replace("steps:\n", f"steps:\n  {breath}\n", 1))
    assert studio_of(Dumb()).session(script).opening(frames(0.8)) is None


def test_a_stopped_session_speaks_no_further(script: Path, studio_of: MakeStudio) -> None:
    """After `stop`, whoever waits for a line is told, and no line is begun."""
    engine = ToneEngine()
    session = studio_of(engine).session(script, ahead=0)
    session.block(Frames(0), frames(2.0))
    session.stop()
    with pytest.raises(EngineError, match="stopped"):
        list(session.cues())
    assert len(engine.spoken) == 1


def test_another_voice_takes_over_in_the_middle(
    script: Path, studio_of: MakeStudio, caplog: pytest.LogCaptureFixture
) -> None:
    """When the voice fails halfway another goes on: never silence, and the length stays exact."""
    session = studio_of(Flaky(), HumEngine(), jobs=1).session(script)
    assert len(whole(session)) == session.length
    assert len(sounds(whole(session))) == 5
    assert caplog.text.count("takes over") == 1
    assert session.clips.stood_in


def test_a_full_disk_stops_nothing_but_keeping(script: Path, studio_of: MakeStudio) -> None:
    """With no room for clips the session is the same as with room."""
    full = whole(studio_of(store=Full()).session(script))
    assert np.array_equal(full, whole(studio_of().session(script)))


def test_an_edited_line_is_the_only_one_spoken_again(script: Path, studio_of: MakeStudio) -> None:
    """After an edit, every line that kept its words comes from the store."""
    engine, store = ToneEngine(), MemoryStore()
    wishes = Wishes(length=frames(60))
    list(studio_of(engine, store=store).session(script, wishes).cues())
    engine.spoken.clear()
    script.write_text(SCRIPT.replace("And the floor.", "And the ground."))
    list(studio_of(engine, store=store).session(script, wishes).cues())
    assert engine.spoken == ["And the ground."]


def test_the_key_tells_sessions_apart(script: Path, studio_of: MakeStudio) -> None:
    """Equal wishes have equal keys; another length, option or script another."""
    studio = studio_of()
    key = studio.session(script).key
    assert studio.session(script, Wishes()).key == key
    assert studio.session(script, Wishes(length=frames(61))).key != key
    assert studio.session(script, Wishes(options={"eyes": "closed"})).key != key
    script.write_text(SCRIPT.replace("That is all.", "That is it."))
    assert studio.session(script).key != key


def test_a_place_is_kept_for_the_same_wishes_on_any_day(script: Path, studio_of: MakeStudio) -> None:
    """What one goes on with is the same on another day or by another seed; other wishes are another."""
    studio = studio_of()
    key = studio.session(script, Wishes(seed="2026-11-22")).place_key
    assert studio.session(script, Wishes(seed="2026-11-23")).place_key == key
    assert studio.session(script).place_key == key
    assert studio.session(script, Wishes(options={"eyes": "closed"})).place_key != key
    assert studio.session(script, Wishes(length=frames(61))).place_key != key


def test_a_plan_is_the_session_with_an_exact_voice(script: Path, studio_of: MakeStudio) -> None:
    """With a voice whose estimates are true the plan equals the session within a millisecond."""
    session = studio_of().session(script)
    told = [(type(cue), cue.start) for cue in session.planned()]
    heard = [(type(cue), cue.start) for cue in session.cues()]
    assert [kind for kind, _ in told] == [kind for kind, _ in heard]
    assert all(abs(a[1] - b[1]) <= 48 for a, b in zip(told, heard, strict=True))


def test_rests_keep_their_limits(script: Path, studio_of: MakeStudio) -> None:
    """A flexible rest stays between a third of what was written and four times that."""
    for length in (frames(42), frames(90)):
        session = studio_of().session(script, Wishes(length=length))
        flexible = [cue for cue in session.cues() if isinstance(cue, RestCue) and not cue.exact][:-1]
        assert flexible
        assert all(cue.planned / 3 - 1 <= cue.length <= cue.planned * 4 for cue in flexible)


def test_side_files_go_with_a_recording(script: Path, studio_of: MakeStudio, tmp_path: Path) -> None:
    """Every kind of side file is written beside the recording, whole."""
    kinds = ["vtt", "chapters", "manifest", "plot", "transcript"]
    studio_of().session(script).render(tmp_path / "a.mp3", sides=kinds)
    made = {path.name for path in tmp_path.iterdir()}
    assert {"a.mp3", "a.vtt", "a.chapters.json", "a.json", "a.svg", "a.txt"} <= made


def test_the_same_session_gives_the_same_file(script: Path, studio_of: MakeStudio, tmp_path: Path) -> None:
    """Rendered twice, by other studios, a file is the same to the byte."""
    digests = {
        hashlib.sha256(
            studio_of(jobs=jobs).session(script).render(tmp_path / f"{jobs}.mp3").read_bytes()
        ).digest()
        for jobs in (1, 3)
    }
    assert len(digests) == 1


def test_an_unknown_kind_is_refused_before_anything_is_spoken(script: Path, studio_of: MakeStudio) -> None:
    """A file name without a known ending costs nothing but a sentence."""
    engine = ToneEngine()
    with pytest.raises(SinkError, match=r"\.mp3"):
        studio_of(engine).session(script, Wishes(length=frames(60))).render("out.xyz")
    assert engine.spoken == []


def test_a_session_is_freed_as_it_is_let_go(script: Path, studio_of: MakeStudio) -> None:
    """What a session has made goes with it, at once: it does not wait for the collector of cycles."""
    studio = studio_of()
    gc.disable()
    try:
        session = studio.session(script)
        whole(session)
        performance = weakref.ref(session.performance)
        del session
        assert performance() is None
    finally:
        gc.enable()


def test_two_threads_hear_one_performance(script: Path, studio_of: MakeStudio) -> None:
    """Whoever asks first gets what all others get: it is there as soon as the session is."""
    session = studio_of().session(script)
    together = threading.Barrier(2)

    def asked() -> object:
        together.wait(10.0)
        return session.performance

    with ThreadPoolExecutor(2) as two:
        first, second = two.submit(asked), two.submit(asked)
        assert first.result() is second.result() is session.performance
