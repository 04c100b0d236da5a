"""Finds exercises by everyday words, for the exercise or for how the listener feels."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from voiceguide.script.model import Script
from voiceguide.server.groups import GROUPS

EVERYDAY: Final = {
    "aliveness-log": "alive notice diary nothing matters flat empty",
    "ask-for-help": "therapist therapy counsellor phone call help depressed professional",
    "body-basics": "eat food hungry drink thirsty tired exhausted self-care",
    "body-clues": "physical symptoms tension feelings stomach jaw what am I feeling alexithymia",
    "body-scan": "body scan relax tired numb lying down",
    "caring-for-another": "pet dog cat plant animal child lonely",
    "centering": "mindfulness meditation meditate focus concentrate scattered calm",
    "daily-ten": "mindfulness meditation meditate daily practice ten minutes calm",
    "even-breath": "box breathing square breathing 4-4-4-4 calm stress panic nervous",
    "feeling-ladder": "numb feel nothing pleasure joy anhedonia",
    "felt-sense": "focusing gendlin vague unclear confused what am I feeling",
    "free-drawing": "draw paint art creative clay doodle",
    "gentle-looking-back": "trauma past why numb shut down dissociated",
    "gentle-movement": "stretch exercise yoga stiff restless fidgety desk",
    "ground-now": "panic attack emergency crisis overwhelmed flashback scared anxiety anxious sos",
    "grounding-chair": "grounding beginner first numb dissociation dissociated spaced out unreal",
    "grounding-colours": "grounding panic anxiety anxious bus train outside public dissociation spaced out",
    "grounding-senses": "grounding 5-4-3-2-1 54321 panic attack anxiety anxious overwhelmed spaced out",
    "journal-prompts": "journal journaling write diary questions reflect",
    "joy-list": "fun hobby hobbies happy bored anhedonia pleasure list",
    "kind-words": "self-compassion worthless ashamed shame guilt hate myself sad inner critic",
    "let-it-out": "angry anger rage scream shout cry crying tears frustrated",
    "listen-to-music": "music song sad",
    "longer-breath": "breathing exhale calm down anxiety anxious stress stressed nervous racing heart panic",
    "muscle-release": "progressive muscle relaxation pmr tense tension stressed relax sleep insomnia",
    "name-one-feeling": "lonely sad angry afraid anxious emotion emotions feelings name",
    "name-the-numbness": "numb numbness empty nothing shut down dead inside flat depressed depression",
    "old-joys-ladder": "hobby hobbies fun anhedonia bored unmotivated depression",
    "patience": "impatient hopeless stuck how long recovery slow depression",
    "people-ladder": "lonely social anxiety shy isolated friends alone people",
    "picture-or-poem": "poem poetry art picture read",
    "quiet-company": "lonely alone together partner friend",
    "reach-out": "lonely alone friend text message phone call isolated",
    "ride-the-urge": "craving urge drink alcohol drug smoke scroll binge relapse self-harm addiction",
    "safe-place": "unsafe scared afraid fear frightened overwhelmed hide calm",
    "self-hold": "hug touch lonely comfort cry scared",
    "sensory-scent": "smell scent coffee perfume numb dissociated spaced out",
    "sensory-texture": "touch feel objects fidget numb dissociated spaced out",
    "sensory-water": "water cold wash hands numb dissociated spaced out shower",
    "slow-walk": "walking walk restless outside pacing exercise",
    "small-goal": "unmotivated motivation procrastination stuck overwhelmed goal tiny step can't start",
    "small-shifts": "numb change hope slight",
    "small-win": "achievement done proud useless failure evening day",
    "sunlight": "light sun morning winter dark gloomy sad",
    "talk-to-doctor": "doctor gp appointment medication medicine antidepressants side effects",
    "thought-check": "worry worrying thoughts overthinking ruminating rumination cbt catastrophe negative",
    "warning-signs": "relapse plan warning bad day prevention",
    "weekly-review": "week review look back reflect",
    "wind-down": "sleep asleep can't sleep insomnia night bed bedtime tired awake evening",
    "write-unfiltered": "journal journaling write writing free vent diary",
}
"""Everyday words for a technique, or for the state in which it helps, beside the words of the script."""

_WORD: Final = re.compile(r"[^\W_]+")
_EMPTY: Final = frozenset(
    _WORD.findall(
        "a an and am are at be can cannot cant do dont feel feeling feels for get going have help i im in is"
        " it ive me my need not of on or so something that the this to too very want what when with"
    )
)
_SHORTEST_STEM: Final = 4


def search(scripts: Iterable[Script], text: str) -> list[Script]:
    """Return the *scripts* that match the most words of *text*, best first; the start of a word matches."""
    words = _words(text)
    asked = [word for word in words if word not in _EMPTY] or words
    rated = [(_fit(asked, _fields(script)), script) for script in scripts]
    most = max((fit for (fit, _), _ in rated), default=0)
    found = [(score, script) for (fit, score), script in rated if fit and fit == most]
    return [script for _, script in sorted(found, key=lambda pair: (-pair[0], pair[1].title))]


def _fields(script: Script) -> tuple[tuple[int, list[str]], ...]:
    """Return the words of *script* by field, each field with the score of a match."""
    row = next((group.title for group in GROUPS if script.technique in group.techniques), "")
    return (
        (4, _words(script.title)),
        (4, _words(script.technique)),
        (3, _words(EVERYDAY.get(script.technique, ""))),
        (2, _words(row)),
        (1, _words(script.summary)),
    )


def _fit(asked: Sequence[str], fields: Iterable[tuple[int, list[str]]]) -> tuple[int, int]:
    """Return how many words of *asked* match, and the sum of their scores."""
    fields = tuple(fields)
    worth = [max((value for value, words in fields if _among(word, words)), default=0) for word in asked]
    return sum(map(bool, worth)), sum(worth)


def _among(word: str, words: Iterable[str]) -> bool:
    """Return whether one of *words* begins with *word*, or is a stem of it, as breath is of breathing."""
    return any(
        each.startswith(word) or (len(each) >= _SHORTEST_STEM and word.startswith(each)) for each in words
    )


def _words(text: str) -> list[str]:
    """Return the words of *text* without case, accents and apostrophes."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(each for each in plain if not unicodedata.combining(each) and each not in "'’")
    return _WORD.findall(kept)
