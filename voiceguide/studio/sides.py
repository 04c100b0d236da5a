"""What goes beside a recording: captions, chapters, manifest and a picture of the timeline."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from voiceguide.audio import Block, Frames, decibels
from voiceguide.captions.chapters import chapters_json
from voiceguide.captions.manifest import dumps, manifest
from voiceguide.captions.plot import svg
from voiceguide.captions.transcript import transcript
from voiceguide.captions.vtt import vtt
from voiceguide.data import shipped
from voiceguide.mix import mix_bed
from voiceguide.score import Score
from voiceguide.timeline.items import Cue

if TYPE_CHECKING:
    from voiceguide.studio.session import Session


@dataclass(frozen=True, slots=True)
class Side:
    """One kind of side file: its ending, its media type, and how it is written from a session's cues."""

    ending: str
    media_type: str
    write: Callable[[Session, tuple[Cue, ...]], str]


def _vtt(session: Session, cues: tuple[Cue, ...]) -> str:
    return vtt(cues, language=session.script.language, title=session.script.title)


def _chapters(session: Session, cues: tuple[Cue, ...]) -> str:
    return chapters_json(cues, title=session.script.title)


def _manifest(session: Session, cues: tuple[Cue, ...]) -> str:
    document = manifest(
        cues,
        script=session.script.name,
        title=session.script.title,
        voice=session.voice,
        key=session.key,
        wishes=json.loads(session.wishes.key()),
        roots=(session.script.path.parent, shipped("scripts")),
    )
    return dumps(document)


@dataclass(frozen=True, slots=True)
class _Ones:
    """A bed of ones under a palette with nothing else: mixed, it shows the gain on any bed."""

    peak: float = 1e-9

    def bed(self, name: str) -> _Ones:
        return self

    def block(self, start: Frames, count: int) -> Block:
        return np.ones((count, 2), np.float32)


def _plot(session: Session, cues: tuple[Cue, ...]) -> str:
    score = Score(session.length)
    for cue in cues:
        score.add(cue)

    def level(frame: Frames) -> float:
        return decibels(float(mix_bed(score, _Ones(), frame, 1)[0, 0]))

    return svg(cues, title=session.script.title, bed_level=level)


def _transcript(session: Session, cues: tuple[Cue, ...]) -> str:
    return transcript(cues, title=session.script.title)


SIDES: Final[Mapping[str, Side]] = {
    "vtt": Side(".vtt", "text/vtt", _vtt),
    "chapters": Side(".chapters.json", "application/json+chapters", _chapters),
    "manifest": Side(".json", "application/json", _manifest),
    "plot": Side(".svg", "image/svg+xml", _plot),
    "transcript": Side(".txt", "text/plain", _transcript),
}
"""Every kind of side file, by the name it is asked for."""
