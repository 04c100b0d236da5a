"""Side files of a recording: captions, chapters, manifest, transcript and a picture of the timeline."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

import numpy as np
from msgspec import Struct

from voiceguide.audio import Block, Frames, decibels
from voiceguide.export.text.chapters import chapters_json
from voiceguide.export.text.manifest import dumps, manifest
from voiceguide.export.text.plot import svg
from voiceguide.export.text.transcript import transcript
from voiceguide.export.text.vtt import vtt
from voiceguide.files.folders import shipped
from voiceguide.plan.items import Cue, SpeechCue
from voiceguide.plan.score import Score
from voiceguide.sounds.mix import mix_bed

if TYPE_CHECKING:
    from voiceguide.session.session import Session


class Sidecar(Struct, frozen=True):
    """One kind of side file: its ending, its media type, and a function that yields its text from cues.

    Each part of the text is yielded as soon as the cues it needs are known.
    """

    ending: str
    media_type: str
    parts: Callable[[Session, Iterable[Cue]], Iterator[str]]

    def write(self, session: Session, cues: Iterable[Cue]) -> str:
        """Return the whole text."""
        return "".join(self.parts(session, cues))


def _vtt(session: Session, cues: Iterable[Cue]) -> Iterator[str]:
    spoken = (cue for cue in cues if isinstance(cue, SpeechCue))
    return vtt(spoken, session.length, language=session.script.language, title=session.script.title)


def _chapters(session: Session, cues: Iterable[Cue]) -> Iterator[str]:
    yield chapters_json(tuple(cues), title=session.script.title)


def _manifest(session: Session, cues: Iterable[Cue]) -> Iterator[str]:
    document = manifest(
        tuple(cues),
        script=session.script.name,
        title=session.script.title,
        voice=session.voice,
        key=session.key,
        wishes=json.loads(session.wishes.key()),
        roots=(session.script.path.parent, shipped("scripts")),
    )
    yield dumps(document)


class _Ones(Struct, frozen=True):
    """A palette whose only sound is a bed of ones: mixed, it shows the gain of any bed."""

    peak: float = 1e-9

    def bed(self, name: str) -> _Ones:
        return self

    def block(self, start: Frames, count: int) -> Block:
        return np.ones((count, 2), np.float32)


def _plot(session: Session, cues: Iterable[Cue]) -> Iterator[str]:
    score, drawn = Score(session.length), tuple(cues)
    for cue in drawn:
        score.add(cue)

    def level(frame: Frames) -> float:
        return decibels(float(mix_bed(score, _Ones(), frame, 1)[0, 0]))

    yield svg(drawn, title=session.script.title, bed_level=level)


def _transcript(session: Session, cues: Iterable[Cue]) -> Iterator[str]:
    yield transcript(tuple(cues), title=session.script.title)


SIDECARS: Final[Mapping[str, Sidecar]] = {
    "vtt": Sidecar(".vtt", "text/vtt", _vtt),
    "chapters": Sidecar(".chapters.json", "application/json+chapters", _chapters),
    "manifest": Sidecar(".json", "application/json", _manifest),
    "plot": Sidecar(".svg", "image/svg+xml", _plot),
    "transcript": Sidecar(".txt", "text/plain", _transcript),
}
"""Every kind of side file, by its name in options."""
