"""Lines like those of scripts, by language: from one word to three sentences, with punctuation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

ENGLISH: Final = (
    "Flat.",
    "Foggy.",
    "Nothing.",
    "In.",
    "Out.",
    "Five.",
    "Behind glass.",
    "Far away.",
    "And rest.",
    "I am.",
    "And again.",
    "Both of them, on the floor.",
    "Notice your feet.",
    "No is fine too.",
    "That counts as an answer.",
    "You don't have to fill it.",
    "Begin wherever you like.",
    "Breathe in, and out.",
    "What is here right now?",
    "Let the chair do some of the work.",
    "There is nothing to get right.",
    "Find a place for your feet.",
    "If you like, let your eyes close.",
    "Take your time with this one.",
    "Look for something blue, anywhere in the room.",
    "Nothing has to change while you sit here.",
    "Is one hand warmer than the other?",
    "Perhaps there is a sound, near or far, that you hadn't noticed.",
    "You can stop at any moment, for any reason.",
    "Let your hands lie wherever they are comfortable.",
    "Wiggle your toes, one foot and then the other.",
    "It might be heavy, or light, or hard to say.",
    "Some days the answer is, not much. That is an answer too.",
    "I'll be quiet for about half a minute now. Stay with your feet, or look around.",
    "Let your attention travel up, past the ankles, to your knees.",
    "Feel where the floor holds you. It was there all along.",
    "You might say the word once, out loud or in your head.",
    "When you are ready, look around the room again, and move your shoulders a little.",
    "This is a short sit for an ordinary day. You can do it on a bus, or in a queue.",
    "Name 5 things you can see from here. Slowly. There is plenty of time.",
    "Picture a small, friendly animal asleep in a patch of sunlight.",
    "If counting helps, count the breaths; if it doesn't, leave the numbers out.",
    "Feeling little can be a way of staying safe. It says nothing bad about you.",
    "Press your palms together, only as much as is comfortable, and then let go.",
    "Imagine you are telling this to somebody kind. What would they say?",
    "Thank you for trying. However it went, you showed up for yourself today.",
)

LINES: Final[Mapping[str, tuple[str, ...]]] = {
    "en": ENGLISH,
    "de": ("Lass den Stuhl einen Teil der Arbeit tun.", "Nichts muss sich ändern, während du hier sitzt."),
    "es": ("Deja que la silla haga parte del trabajo.", "Nada tiene que cambiar mientras estás aquí."),
    "fr": ("Laisse la chaise faire une partie du travail.", "Rien ne doit changer pendant ce temps."),
    "it": ("Lascia che la sedia faccia parte del lavoro.", "Niente deve cambiare mentre sei seduto qui."),
}
"""By the language's tag without its region."""
