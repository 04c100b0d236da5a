"""What is on offer, as plain values for pages, feeds and programs: scripts, voices, sounds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import asdict, replace

from voiceguide.audio import RATE, seconds
from voiceguide.export.cover import length_words
from voiceguide.plan.fit import Reach
from voiceguide.plan.parts import part_names as names_of_parts
from voiceguide.plan.walk import walk
from voiceguide.script.model import Ladder, Lengths, Script
from voiceguide.sounds import ambience
from voiceguide.voices import registry
from voiceguide.voices.languages import foreign, label


class Listing(Struct, frozen=True):
    """A script in a list. `default`, `least` and `most` in seconds, `level` of the ambience in dB."""

    name: str
    title: str
    summary: str
    technique: str
    intensity: str
    contains: tuple[str, ...]
    default: float
    least: float
    most: float
    default_text: str
    options: Mapping[str, tuple[str, ...]]
    level: float
    language: str
    url: str

    def plain(self) -> dict[str, Any]:
        """Return the listing for JSON."""
        return asdict(self)


def card(script: Script, length: Lengths) -> Listing:
    """Return the listing of *script*; *length* has its possible lengths."""
    return Listing(
        name=script.name,
        title=script.title,
        summary=script.summary,
        technique=script.technique,
        intensity=script.intensity,
        contains=script.contains,
        default=seconds(length.default),
        least=seconds(length.least),
        most=seconds(length.most),
        default_text=length_words(length.default),
        options=dict(script.options),
        level=script.bed.level_db,
        language=script.language,
        url=quote(f"/session/{script.name}"),
    )


def _up(length: int) -> float:
    """Return *length* in whole seconds, rounded up."""
    return float(-(-length // RATE))


def _down(length: int) -> float:
    return float(length // RATE)


def fitted(given: Listing, possible: Sequence[Reach]) -> Listing:
    """Return the listing *given* with the lengths that are *possible*."""
    return replace(given, least=_up(possible[0].shortest), most=_down(possible[-1].longest))


def rungs(script: Script) -> list[str]:
    """Return the titles of the rungs of *script*'s ladder; none where it has none."""
    ladder = next((step for step in walk(script.steps) if isinstance(step, Ladder)), None)
    return [rung.title for rung in ladder.rungs] if ladder is not None else []


def part_names(script: Script) -> list[str]:
    """Return the names of the parts of *script*'s ladder, in order."""
    return list(names_of_parts(script))


def voices(allowed: Collection[str] | None = None) -> list[dict[str, Any]]:
    """Return every voice, with whether it can speak here and the command that would mend it.

    Of the engines that send text over a network, only those *allowed* are listed (None: all).
    """
    found = []
    for row in registry.listing(allowed):
        for voice in row.voices:
            ready = row.status.ready and voice.ready
            mend = "" if ready else voice.mend or row.status.mend
            found.append(
                {
                    "id": f"{row.engine}/{voice.name}",
                    "engine": row.engine,
                    "name": voice.name,
                    "label": label(voice),
                    "language": voice.language,
                    "about": voice.about,
                    "ready": ready,
                    "mend": mend,
                }
            )
    return found


def fitting(voices: Sequence[Mapping[str, Any]], language: str, wished: str | None) -> list[dict[str, Any]]:
    """Return those of *voices* that can speak *language* here, and the one *wished*, with distinct labels."""
    found = [
        dict(each)
        for each in voices
        if each["id"] == wished or (each["ready"] and not foreign(each["language"], language))
    ]
    often = Counter(each["label"] for each in found)
    return [
        each | {"label": f"{each['label']}, {each['engine']}/{each['name']}"}
        if often[each["label"]] > 1
        else each
        for each in found
    ]


def ambiences() -> list[dict[str, str]]:
    """Return every sound that can go under a voice."""
    return [
        {"id": sound.name, "about": sound.description, "origin": sound.origin} for sound in ambience.sounds()
    ]
