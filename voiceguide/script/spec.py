"""The table of the script format: one row per step kind, one per field.

The parser, the JSON Schema, the error texts and the reference page are all made from it.
"""

from __future__ import annotations

from typing import Final

from voiceguide.script import kinds
from voiceguide.script.kinds import choice, whole
from voiceguide.script.model import BELLS, BREATH_GUIDES, INTENSITIES
from voiceguide.script.shapes import ConditionShape, Field, Group, ListOf, MapOf, StepKind, StepShape

MOST_STEPS: Final = 2_000


CONDITION: Final = ConditionShape()
IF: Final = Field("if", CONDITION, "When the step is part of the session.")
STEPS_SHAPE: Final = ListOf(StepShape(), 1, "[{say: Hello.}]")
NESTED: Final = Field("steps", STEPS_SHAPE, "The steps inside.", needed=True)
REST_GROUP: Final = Group(
    (
        Field("about", kinds.DURATION, "The usual length.", needed=True),
        Field("least", kinds.DURATION, "It never gets shorter; a third of `about` unless given."),
        Field("most", kinds.DURATION, "It never gets longer; four times `about` unless given."),
        Field(
            "weight", whole(1, 100), "How much it takes of what is to be made up, beside other rests.", "1"
        ),
    ),
    "{about: 15s, least: 6s, most: 40s, weight: 2}",
    short=Field("rest", kinds.REST, "Exact, or loose after `~`."),
)
_LEVEL: Final = Field("level", kinds.LEVEL, "Louder or softer than the voice.", "0 dB")
_BED_SOUND: Final = Field("sound", kinds.NAME, "Which ambience; `none` for none.", needed=True)
_BELL_SOUND: Final = Field("sound", choice(*BELLS), "Which bell.", BELLS[0])
_VOICE_NAME: Final = Field("name", kinds.VOICE, "The voice this was written for.")
_LENGTH_DEFAULT: Final = Field(
    "default", kinds.LENGTH, "The length unless another is asked for.", needed=True
)

RUNG: Final = Group(
    (
        Field("title", kinds.TITLE, "The rung's name.", needed=True),
        NESTED,
        Field("stay", REST_GROUP, "The rest at its end.", "~45s"),
    ),
    "{title: A wave, steps: [{say: Picture a wave.}], stay: ~45s}",
)

STEPS: Final = (
    StepKind(
        "say",
        kinds.LINE,
        "One line of speech.",
        "say: Notice your feet. [3s] Both of them, on the *floor*.",
        (
            Field("pace", kinds.PACE, "How fast; the script's pace unless given."),
            Field("voice", kinds.VOICE, "Another voice for this line."),
            _LEVEL,
        ),
    ),
    StepKind(
        "rest",
        REST_GROUP,
        "The voice is silent, from the last sound before to the first sound after.",
        "rest: ~15s",
    ),
    StepKind(
        "breathe",
        Group(
            (
                Field("in", kinds.DURATION, "The in-breath, at most a minute.", needed=True),
                Field(
                    "hold",
                    kinds.DURATION,
                    "Still, lungs full; only where `contains` speaks of a breath hold.",
                ),
                Field("out", kinds.DURATION, "The out-breath.", needed=True),
                Field("hold out", kinds.DURATION, "Still, lungs empty; as `hold`."),
                Field("rounds", whole(1, 500), "How many breaths."),
                Field("for", kinds.DURATION, "For how long; whole breaths that fit."),
                Field("guide", choice(*BREATH_GUIDES), "What is heard.", BREATH_GUIDES[-1]),
            ),
            "{in: 4s, out: 6s, rounds: 6}",
            either=("rounds", "for"),
        ),
        "Paced breathing: a rising tone in, a falling one out, exactly on the beat; words where they fit.",
        "breathe: {in: 4s, out: 6s, rounds: 6, guide: tones and words}",
    ),
    StepKind(
        "count",
        Group(
            (
                Field("from", whole(0, 100), "The first number.", needed=True),
                Field("to", whole(0, 100), "The last number.", needed=True),
                Field(
                    "every", kinds.DURATION, "From one number's first sound to the next's; at least 1s.", "4s"
                ),
            ),
            "{from: 5, to: 1, every: 4s}",
        ),
        "Counts aloud, down or up, with exact spacing.",
        "count: {from: 5, to: 1, every: 4s}",
    ),
    StepKind(
        "bell",
        Group(
            (
                _BELL_SOUND,
                Field("times", whole(1, 100), "How many strokes.", "1"),
                Field("every", kinds.DURATION, "From one stroke to the next.", "6s"),
                Field("level", kinds.LEVEL, "Louder or softer than the voice.", "-10 dB"),
            ),
            "{sound: bowl, times: 3, every: 6s, level: -12 dB}",
            short=_BELL_SOUND,
        ),
        "A bell, which rings on under what follows.",
        "bell: bowl",
    ),
    StepKind(
        "ambience",
        Group(
            (
                _BED_SOUND,
                Field("level", kinds.LEVEL, "Its level; as before unless given."),
                Field("fade", kinds.DURATION, "How long the change takes.", "8s"),
            ),
            "{sound: stream, fade: 8s}",
            short=_BED_SOUND,
        ),
        "Changes the sound under the voice from here on.",
        "ambience: {sound: stream, fade: 8s}",
    ),
    StepKind("sound", kinds.FILE, "A sound of the author's own.", "sound: sounds/birds.flac", (_LEVEL,)),
    StepKind(
        "section",
        kinds.TITLE,
        "A chapter; sections nest.",
        "section: Feet\nsteps:\n  - say: Notice your feet.",
        (NESTED,),
    ),
    StepKind(
        "repeat",
        Group(
            (
                Field("times", whole(1, MOST_STEPS), "How often."),
                Field("for", kinds.DURATION, "For how long; as often as fits."),
                NESTED,
            ),
            "{times: 3, steps: [{say: And again.}, {rest: ~10s}]}",
            either=("times", "for"),
        ),
        "The same steps again.",
        "repeat: {times: 3, steps: [{say: And again.}, {rest: ~10s}]}",
    ),
    StepKind(
        "one of",
        ListOf(STEPS_SHAPE, 2, "[[{say: Hello.}], [{say: Welcome.}]]"),
        "One of the branches, chosen by the session's seed, so that days differ and a session repeats.",
        "one of:\n  - - say: Hello.\n  - - say: Welcome.\n    - rest: ~5s",
    ),
    StepKind(
        "use",
        kinds.BLOCK,
        "Another file's steps.",
        "use: blocks/opening",
        (Field("with", MapOf(kinds.VALUE, "{place: your chair}"), "Values for the block's placeholders."),),
    ),
    StepKind(
        "check in",
        choice("before", "after"),
        "An optional question, 0 to 10; in a recording it is only spoken.",
        "check in: before",
    ),
    StepKind(
        "ladder",
        Group(
            (
                Field("rungs", ListOf(RUNG, 1, RUNG.example), "The rungs, the mildest first.", needed=True),
                Field("ground", kinds.BLOCK, "The block that brings the listener back.", needed=True),
            ),
            "{rungs: [...], ground: blocks/ground-now}",
        ),
        "Gentle exposure: a recording climbs to the rung asked for (the first unless asked), then goes on.",
        "ladder:\n  rungs:\n    - title: A wave\n      steps:\n        - say: Picture a wave.\n"
        "      stay: ~45s\n  ground: blocks/ground-now",
    ),
)

_VERSION: Final = Field("voiceguide", kinds.VERSION, "The version of the format.", needed=True)
_TOP_STEPS: Final = Field("steps", STEPS_SHAPE, "What happens, in order.", needed=True)

SCRIPT: Final = Group(
    (
        _VERSION,
        Field("title", kinds.SAID, "What it is called.", needed=True),
        Field("summary", kinds.TEXT, "A sentence or two for the list."),
        Field("technique", kinds.NAME, "Which technique it belongs to."),
        Field("language", kinds.LANGUAGE, "What it is spoken in.", "en"),
        Field("intensity", choice(*INTENSITIES), "How much it may stir up.", INTENSITIES[0]),
        Field(
            "contains",
            ListOf(kinds.TEXT, 0, "[body attention]"),
            "What a careful listener wants to know before.",
        ),
        Field(
            "length",
            Group(
                (
                    _LENGTH_DEFAULT,
                    Field("least", kinds.DURATION, "The shortest; `default` unless given."),
                    Field("most", kinds.DURATION, "The longest; `default` unless given."),
                ),
                "{default: 3m, least: 2m, most: 12m}",
                short=_LENGTH_DEFAULT,
            ),
            "How long it may be; as long as its lines and rests come to unless given.",
            "auto",
        ),
        Field(
            "options",
            MapOf(ListOf(kinds.OPTION, 1, "[open, closed]"), "{eyes: [open, closed]}"),
            "What the listener can choose; the first value is the default.",
        ),
        Field(
            "voice",
            Group(
                (Field("pace", kinds.PACE, "How fast.", "slow"), _VOICE_NAME),
                "{pace: slow}",
                short=_VOICE_NAME,
            ),
            "How it is spoken.",
        ),
        Field(
            "ambience",
            Group(
                (_BED_SOUND, Field("level", kinds.LEVEL, "Its level.", "-20 dB")),
                "{sound: soft-rain, level: -20 dB}",
                short=_BED_SOUND,
            ),
            "The sound under the voice.",
            "none",
        ),
        _TOP_STEPS,
    ),
    "voiceguide: 1",
)

BLOCK: Final = Group(
    (
        _VERSION,
        Field("title", kinds.SAID, "What it is called."),
        Field(
            "values",
            MapOf(kinds.SAID, "{place: the chair}", blank=True),
            "Its placeholders and their defaults; one without a default has to be given.",
        ),
        _TOP_STEPS,
    ),
    "voiceguide: 1",
)


def step_kind(name: str) -> StepKind | None:
    """Return the row of `STEPS` called *name*, or None."""
    return next((kind for kind in STEPS if kind.name == name), None)


def whole_step(kind: StepKind) -> Group:
    """Return all the keys that a step of *kind* may have, as one group."""
    own = Field(kind.name, kind.shape, kind.about, needed=True)
    return Group((own, *kind.beside, IF), kind.example)
