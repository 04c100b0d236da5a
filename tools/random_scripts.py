"""Scripts at random, from the table of step kinds: most of them valid, some nearly."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any, Final

import yaml

from voiceguide.script import spec

BLOCKS: Final[Mapping[str, str]] = {
    "blocks/ground": "voiceguide: 1\nsteps:\n  - say: Feel the floor.\n  - rest: ~6s\n  - say: Here.\n",
    "blocks/seat": "voiceguide: 1\nvalues: {seat: a mat}\nsteps:\n  - say: Sit on {seat}.\n  - rest: ~8s\n"
    "  - say: Only in long ones.\n    if: {length: '>=6m'}\n  - say: Eyes shut.\n    if: {eyes: closed}\n",
}
"""Files that the scripts use, by name."""

_LINES: Final = (
    "Notice your feet.", "The floor is under you. You needn't check.", "We have {length}.", "Hello, {name}.",
    "With eyes {eyes}, sit. [3s] Stay.", "And *again*, for 10 minutes or 5-4-3-2-1.", "{name|Friend}, in.",
    "That is all there is to do, and nothing has to come of it, whatever the day was like so far.", "Where?",
)  # fmt: skip
_SHORT: Final = ("0.5s", "1s", "2s", "3s", "5s", "8s", "15s", "30s", "45s", "90s")
_LONG: Final = (*_SHORT, "1m", "2m", "3m", "5m", "10m", "20m", "1h", "8h")
_TESTS: Final = (">=2m", ">=3m", ">5m", "<4m", "<=10m", "<1m", ">=30s", ">=1h", ">90s")
_ODD: Final[tuple[Any, ...]] = (
    "", "~", "yes", "-3s", "12 potatoes", "9h", "0s", "{", "[3s]", "{nobody}", "{}", "*", "10:00", "ä", "#",
    "auto", "{name}", "999999999", "1e3s", None, 3, 0.5, True, [], {}, ["a"], {"a": 1}, "x" * 700,
)  # fmt: skip

_DUMPER: Final = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
"""libyaml's where there is one: some times as fast."""

Step = dict[str, Any]


class _Maker:
    """Makes one script with *drawn*. `odd` is how likely each value is to be wrong."""

    def __init__(self, drawn: random.Random) -> None:
        self.drawn = drawn
        self.odd = drawn.choice([0.0, 0.0, 0.0, 0.01, 0.05])
        self.left = drawn.choice([1, 2, 2, 3, 3, 4, 4, 6, 8, 12, drawn.choice([20, 40])])
        self.tests = drawn.random() < 0.4
        self.options = {"eyes": ["open", "closed"], "chair": ["chair", "stool", "bed"]}
        self.loose = drawn.random()

    def one(self, *values: object) -> Any:
        return self.drawn.choice(_ODD) if self.drawn.random() < self.odd else self.drawn.choice(values)

    def steps(self, depth: int) -> list[Step]:
        return [self.step(depth) for _ in range(self.drawn.randint(1, max(1, min(6, self.left))))]

    def step(self, depth: int) -> Step:
        self.left -= 1
        kinds = [kind.name for kind in spec.STEPS]
        weights = [8 if name in ("say", "rest") else 2 if name != "ladder" else 0.4 for name in kinds]
        name = self.drawn.choices(kinds, weights)[0]
        if (depth > 3 or self.left < 1) and name in ("section", "repeat", "one of", "ladder"):
            name = "say"
        made: Step = getattr(self, f"_{name.replace(' ', '_')}")(depth)
        if self.drawn.random() < 0.15:
            made["if"] = self._condition()
        if self.drawn.random() < self.odd:
            made[self.drawn.choice(["pause", "text", "level", "for", "say", "with"])] = self.drawn.choice(
                _ODD
            )
        return made

    def _condition(self) -> dict[str, object]:
        made: dict[str, object] = {}
        if self.drawn.random() < 0.5:
            made["eyes"] = self.one("open", "closed", ["open", "closed"])
        if self.drawn.random() < 0.3:
            made["chair"] = self.one("chair", "stool", ["stool", "bed"])
        if self.tests or not made:
            made["length"] = self.one(*_TESTS, [">=2m", "<9m"])
        return made

    def _say(self, depth: int) -> Step:
        made: Step = {"say": self.one(*_LINES)}
        if self.drawn.random() < 0.1:
            made["pace"] = self.one("slow", "medium", 60, 200)
        if self.drawn.random() < 0.1:
            made["level"] = self.one("-3 dB", "0 dB")
        return made

    def _span(self) -> object:
        short = self.one(*_SHORT)
        if self.drawn.random() < self.loose:
            return self.one(
                f"~{short}", {"about": short}, {"about": "20s", "least": "5s", "most": "3m", "weight": 3}
            )
        return short

    def _rest(self, depth: int) -> Step:
        return {"rest": self._span()}

    def _breathe(self, depth: int) -> Step:
        made: Step = {"in": self.one("3s", "4s", "0.5s"), "out": self.one("4s", "6s", "0.5s")}
        if self.drawn.random() < 0.5:
            made["rounds"] = self.one(1, 3, 6, 20, self.drawn.choice([20, 60, 500]))
        else:
            made["for"] = self.one(*_SHORT, "1m", "2m", self.drawn.choice(["3m", "5m", "20m", "8h"]))
        if self.drawn.random() < 0.3:
            made["hold"] = self.one("2s", "4s")
        if self.drawn.random() < 0.3:
            made["guide"] = self.one("tones", "words", "tones and words")
        return {"breathe": made}

    def _count(self, depth: int) -> Step:
        return {
            "count": {
                "from": self.one(0, 3, 5, 100),
                "to": self.one(0, 1, 3, 7),
                "every": self.one("1s", "4s"),
            }
        }

    def _bell(self, depth: int) -> Step:
        full = {"sound": "wood", "times": self.one(1, 2, 9, 100), "every": self.one("2s", "9s")}
        return {"bell": self.one("bowl", "chime", full, "bowll")}

    def _ambience(self, depth: int) -> Step:
        return {
            "ambience": self.one("stream", "none", "soft-rain", {"sound": "stream", "fade": "8s"}, "streem")
        }

    def _sound(self, depth: int) -> Step:
        return {"sound": self.one("nowhere.wav")} if self.drawn.random() < self.odd else self._say(depth)

    def _section(self, depth: int) -> Step:
        return {"section": self.one("Feet", "For {length}", "Eyes {eyes}"), "steps": self.steps(depth + 1)}

    def _repeat(self, depth: int) -> Step:
        often = (
            ("times", self.one(1, 2, 3, 10, 30))
            if self.drawn.random() < 0.5
            else ("for", self.one(*_LONG[:-2]))
        )
        return {"repeat": {often[0]: often[1], "steps": self.steps(depth + 1)}}

    def _one_of(self, depth: int) -> Step:
        return {"one of": [self.steps(depth + 1) for _ in range(self.drawn.randint(2, 3))]}

    def _use(self, depth: int) -> Step:
        made: Step = {"use": self.one("blocks/ground", "blocks/seat", "blocks/seat", "blocks/nowhere")}
        if self.drawn.random() < 0.4:
            made |= {"use": "blocks/seat", "with": {"seat": self.one("a {chair}", "it, for {length}", "it")}}
        return made

    def _check_in(self, depth: int) -> Step:
        return {"check in": self.one("before", "after")}

    def _ladder(self, depth: int) -> Step:
        rungs = [
            {"title": f"Rung {number}", "steps": self.steps(depth + 1), "stay": self._span()}
            for number in range(self.drawn.randint(1, 4))
        ]
        return {"ladder": {"rungs": rungs, "ground": self.one("blocks/ground")}}

    def length(self) -> object:
        """Return what stands after `length:`, often with a range as wide as the format allows."""
        default = self.one(*_LONG, "auto", "auto", "auto")
        least, most = self.one("1s", "10s", "30s", "1m"), self.one("3m", "10m", "1h", "8h")
        return self.one(default, {"default": default, "least": least, "most": most}, {"default": default})


def script_text(number: int) -> str:
    """Return the script of that *number*, as an author could have written it: YAML, mostly of few steps."""
    drawn = random.Random(number)  # noqa: S311 (nothing is to be kept secret)
    maker = _Maker(drawn)
    steps = maker.steps(0)
    while maker.left > 0 and drawn.random() < 0.8:
        steps += maker.steps(0)
    made: dict[str, Any] = {"voiceguide": 1, "title": "At random", "contains": ["breath holds"]}
    if drawn.random() < 0.5:
        made["length"] = maker.length()
    elif drawn.random() < 0.5:
        made["length"] = drawn.choice(["auto", {"default": "auto"}])
    made["options"] = maker.options
    if drawn.random() < 0.3:
        made["ambience"] = maker.one("soft-rain", {"sound": "stream", "level": "-25 dB"}, "soft-rian")
    made["steps"] = steps
    text: str = yaml.dump(made, Dumper=_DUMPER, sort_keys=False, allow_unicode=True)
    if drawn.random() < maker.odd:  # a slip of the hand
        at = drawn.randrange(len(text))
        text = text[:at] + drawn.choice(["\t", ":", "- ", "{", "}", '"', "\n", "&", ""]) + text[at + 1 :]
    return text
