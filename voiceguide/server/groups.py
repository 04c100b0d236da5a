"""The rows of the library, by what they help with, each with its techniques."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from voiceguide.plan.plan import span
from voiceguide.script.model import Script
from voiceguide.voices.usual import usual


class LibraryRow(Struct, frozen=True):
    """A row of the library. `techniques` are in the order in which they are shown."""

    id: str
    title: str
    techniques: tuple[str, ...]


GROUPS: Final = (
    LibraryRow(
        "too-much",
        "Too much now",
        ("ground-now", "grounding-senses", "grounding-colours", "self-hold", "safe-place", "ride-the-urge"),
    ),
    LibraryRow(
        "flat",
        "Flat and far away",
        (
            "grounding-chair", "name-the-numbness", "body-scan", "sensory-water", "sensory-scent",
            "sensory-texture", "sunlight", "small-shifts", "feeling-ladder", "aliveness-log", "patience",
        ),
    ),
    LibraryRow(
        "restless",
        "Restless",
        ("longer-breath", "even-breath", "muscle-release", "gentle-movement", "slow-walk", "let-it-out"),
    ),
    LibraryRow(
        "feeling",
        "A feeling I can’t name",
        (
            "name-one-feeling", "body-clues", "felt-sense", "write-unfiltered", "journal-prompts",
            "free-drawing", "gentle-looking-back", "thought-check", "kind-words",
        ),
    ),
    LibraryRow(
        "people",
        "People",
        (
            "quiet-company", "reach-out", "people-ladder", "caring-for-another", "ask-for-help",
            "talk-to-doctor",
        ),
    ),
    LibraryRow(
        "day",
        "Small things of the day",
        (
            "small-win", "small-goal", "joy-list", "old-joys-ladder", "listen-to-music", "picture-or-poem",
            "body-basics", "warning-signs", "weekly-review",
        ),
    ),
    LibraryRow("sleep", "Sleep", ("wind-down",)),
    LibraryRow("ten-minutes", "Ten minutes", ("daily-ten", "centering")),
)  # fmt: skip

OTHER: Final = LibraryRow("other", "Other", ())
"""The row of the scripts whose technique is in no other row."""


def grouped(scripts: Iterable[Script]) -> list[tuple[LibraryRow, list[Script]]]:
    """Return *scripts* by group, each script in one group; empty groups are left out."""
    found: dict[LibraryRow, list[Script]] = {group: [] for group in (*GROUPS, OTHER)}
    home = {technique: group for group in GROUPS for technique in group.techniques}
    for script in scripts:
        found[home.get(script.technique, OTHER)].append(script)
    return [(group, _ordered(group, members)) for group, members in found.items() if members]


def _ordered(group: LibraryRow, scripts: list[Script]) -> list[Script]:
    place = {technique: index for index, technique in enumerate(group.techniques)}

    def key(script: Script) -> tuple[int, int]:
        return place.get(script.technique, 0), span(script, usual(script)).default

    return sorted(scripts, key=key)
