"""Words that people write for a key of the format, where spelling alone would suggest another key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from voiceguide.script.report import did_you_mean

_WORDS: Final[Mapping[str, str]] = {
    "rest": "pause pauses silence silent wait delay gap hush quiet stillness sleep break",
    "say": "text texts speak speech spoken narrate narration narrator tell talk read voice line words tts",
    "bell": "chime gong bowl ring ding strike tone singing-bowl",
    "ambience": "music background soundscape bed atmosphere ambient ambiance noise backdrop",
    "sound": "audio clip file sample recording effect sfx",
    "breathe": "breath breathing breaths breathwork inhale pranayama respiration",
    "count": "countdown counting numbers",
    "section": "chapter heading part group stage phase block",
    "repeat": "loop again times cycle cycles foreach",
    "one of": "random choose choice choices either pick variant variants oneof one-of one_of alternatives",
    "use": "include import insert embed template reuse",
    "check in": "checkin check-in check_in rate rating ask question",
    "ladder": "exposure hierarchy",
    # Fields, wherever they are allowed.
    "steps": "script content contents body sequence exercise actions items lines",
    "title": "name heading label",
    "summary": "description abstract intro subtitle",
    "length": "duration time minutes total runtime",
    "default": "usual normal standard about",
    "least": "min minimum shortest at-least",
    "most": "max maximum longest at-most",
    "about": "around duration roughly length seconds",
    "language": "lang locale",
    "intensity": "strength",
    "contains": "warnings warning content-warnings tags",
    "technique": "category type kind method",
    "level": "volume gain loudness db",
    "pace": "speed rate tempo wpm",
    "in": "inhale",
    "out": "exhale",
    "hold out": "pause",
    "rounds": "cycles breaths repetitions count times",
    "times": "count repetitions rounds number",
    "for": "duration length lasting",
    "every": "interval spacing",
    "from": "start begin",
    "to": "end until stop",
    "fade": "crossfade transition",
    "with": "values variables params parameters",
    "if": "when condition only unless",
    "rungs": "levels",
    "stay": "rest pause",
}
"""Keys of the format, and the words that people write for them."""

_MEANT: Final = tuple((key, frozenset(words.split())) for key, words in _WORDS.items())


def meant(name: str, known: Iterable[str]) -> str:
    """Return the end of a sentence on the unknown key *name*: the key of *known* that is meant, or all."""
    names = list(known)
    word = name.strip().lower()
    for key, words in _MEANT:
        if key in names and word in words:
            return f'; did you mean "{key}"?'
    return did_you_mean(name, names)
