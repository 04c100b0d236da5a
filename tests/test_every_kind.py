"""One script with every kind of step, on every floor of the house: nothing is lost on the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, get_args

import numpy as np
import pytest
import soundfile
from msgspec import Struct

from tests.waiting import until
from voiceguide.audio import Frames, frames, gain
from voiceguide.care.written import lines
from voiceguide.cli.author import problems_of
from voiceguide.export.sidecars import SIDECARS
from voiceguide.export.text.manifest import read
from voiceguide.export.text.table import table
from voiceguide.plan.items import (
    BedCue,
    BellCue,
    ChapterCue,
    Cue,
    EndCue,
    RestCue,
    SoundCue,
    SpeechCue,
    ToneCue,
)
from voiceguide.plan.walk import walk
from voiceguide.playback.course import Course, course
from voiceguide.playback.edits import relengthed
from voiceguide.playback.take import Take
from voiceguide.script import model, spec
from voiceguide.script.parse import load
from voiceguide.session import Session, Studio
from voiceguide.store import MemoryStore
from voiceguide.voices.engines.hum import HumEngine

SCRIPT = """voiceguide: 1
title: Every kind
summary: One of each.
technique: grounding-chair
language: en
intensity: gentle
contains: []
length: {default: 4m, least: 3m, most: 8m}
ambience: {sound: none}
steps:
  - check in: before
  - say: Alpha is said.
  - rest: 4s
  - breathe: {in: 3s, out: 4s, rounds: 2, guide: tones}
  - count: {from: 3, to: 1, every: 2s}
  - bell: chime
  - rest: 6s
  - ambience: stream
  - sound: song.wav
  - section: Bravo
    steps: [{say: Bravo is said.}]
  - repeat: {times: 2, steps: [{say: Charlie is said.}, {rest: 2s}]}
  - one of: [[{say: Delta is said.}], [{say: Delta is said.}]]
  - use: blocks/echo
  - rest: {about: 20s, least: 2s, most: 15m}
  - ladder:
      ground: blocks/foxtrot
      rungs: [{title: Golf, steps: [{say: Hotel is said.}]}]
  - check in: after
"""


class Seen(Struct, frozen=True):
    """What comes of a kind of step: the cue it becomes, the words that are heard, what a listing says."""

    cue: type[Cue]
    words: str = ""
    listed: str = ""
    own_words: bool = True


KINDS: Final[Mapping[Any, Seen]] = {
    model.Say: Seen(SpeechCue, "Alpha is said."),
    model.Rest: Seen(RestCue, listed="rest"),
    model.Breathe: Seen(ToneCue, listed="breathe"),
    model.Count: Seen(SpeechCue, "Three", own_words=False),
    model.Bell: Seen(BellCue, listed="bell"),
    model.ChangeAmbience: Seen(BedCue, listed="ambience"),
    model.PlaySound: Seen(SoundCue, listed="song.wav"),
    model.Section: Seen(ChapterCue, "Bravo is said.", "Bravo"),
    model.Repeat: Seen(SpeechCue, "Charlie is said."),
    model.OneOf: Seen(SpeechCue, "Delta is said."),
    model.Use: Seen(SpeechCue, "Echo is said."),
    model.CheckIn: Seen(SpeechCue, listed="say", own_words=False),
    model.Ladder: Seen(ChapterCue, "Hotel is said.", "Golf"),
}
"""A row for each kind of step."""


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    folder = tmp_path_factory.mktemp("every")
    (folder / "blocks").mkdir()
    for block, word in (("echo", "Echo"), ("foxtrot", "Foxtrot")):
        (folder / "blocks" / f"{block}.yaml").write_text(
            f"voiceguide: 1\nsteps: [{{say: {word} is said.}}]\n"
        )
    soundfile.write(folder / "song.wav", 0.1 * np.sin(np.arange(2 * 48_000) / 20), 48_000)
    path = folder / "every.yaml"
    path.write_text(SCRIPT)
    with Studio(store=MemoryStore(), engines=(HumEngine(),), jobs=1) as studio:
        yield studio.session(load(path))


def test_there_is_a_row_for_every_kind_and_every_kind_is_in_the_script(session: Session) -> None:
    """A new kind of step fails here until somebody says what is to be seen of it."""
    assert set(KINDS) == set(get_args(model.Step)) == {type(step) for step in walk(session.script.steps)}
    assert len(spec.STEPS) == len(KINDS)
    assert {seen.cue for seen in KINDS.values()} == set(get_args(Cue)) - {EndCue}


def test_check_passes_it(session: Session) -> None:
    """The script is in order, and playable."""
    assert [problem for problem in problems_of(session.script.path) if problem.severity == "error"] == []


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_it_is_in_plan_texts_and_picture(session: Session, kind: type) -> None:
    """Its cue is planned, and it stands in captions, transcript, manifest, listing and picture."""
    seen, cues = KINDS[kind], tuple(session.cues())
    assert seen.cue in {type(cue) for cue in session.planned()}
    texts = {name: side.write(session, cues) for name, side in SIDECARS.items()}
    assert seen.cue in {type(cue) for cue in read(texts["manifest"])}
    listing = "\n".join(f"{row.kind} {row.text}" for row in table(cues))
    assert seen.listed in listing
    for text in (texts["vtt"], texts["transcript"], texts["plot"], texts["manifest"], listing):
        assert seen.words in text


@pytest.mark.parametrize("cue", [SpeechCue, ToneCue, BellCue, SoundCue], ids=lambda cue: cue.__name__)
def test_it_is_in_the_mix(session: Session, cue: type[Cue]) -> None:
    """What makes a sound of its own is heard where its cue says."""
    at = next(each.start for each in session.cues() if isinstance(each, cue))
    assert float(np.abs(session.block(at, frames(1.0))).max()) > gain(-50.0)


def test_the_ambience_is_heard_from_its_cue_on(session: Session) -> None:
    """Nothing is heard in a rest before the first bed, and something in one after it."""
    beds = [cue for cue in session.cues() if isinstance(cue, BedCue)]
    rests = [cue for cue in session.cues() if isinstance(cue, RestCue) and cue.length > frames(3.0)]

    def loudest(rest: RestCue) -> float:
        return float(np.abs(session.block(Frames(rest.start + frames(1.0)), frames(1.0))).max())

    before = [rest for rest in rests if rest.start + rest.length < beds[-1].start]
    after = [rest for rest in rests if rest.start > beds[-1].start + frames(3.0)]
    assert loudest(before[0]) == 0.0 < loudest(after[0])


def test_it_survives_being_made_longer(session: Session) -> None:
    """A minute more, asked for while it plays, keeps everything that was to come."""

    def performed(given: Course) -> Take:
        take = Take(given, session.sounds(), lambda: None)
        take.begin(0)
        until(lambda: take.known >= given.length or take.failure is not None)
        assert take.failure is None
        return take

    estimate = session.clips.estimate
    plain = course(session.timeline, session.length, estimate)
    longer = Frames(session.length + frames(60.0))
    view = performed(plain).view
    given = relengthed(plain, view, Frames(view[3][1].start), session.timeline, longer, estimate)
    assert given.length == longer
    assert [type(cue) for _, cue in performed(given).view] == [type(cue) for cue in session.cues()]


@pytest.mark.parametrize("kind", [kind for kind, seen in KINDS.items() if seen.words and seen.own_words])
def test_care_reads_its_words(session: Session, kind: type) -> None:
    """Whatever words an author puts into a step are read by the care linter."""
    assert any(KINDS[kind].words.rstrip(".") in written.text for written in lines(session.script))


def test_care_reads_the_ground(session: Session) -> None:
    """What a ladder's ground says is read too, although this session does not come to it."""
    assert any("Foxtrot" in written.text for written in lines(session.script))
