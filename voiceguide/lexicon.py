"""Words that voices get wrong, written as they can read them: whole words, per engine, capitals kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Final, Self

import yaml
from msgspec import Struct, field

from voiceguide.errors import Problem, ScriptError

EVERYBODY: Final = "all"
"""The section for every engine; an engine's own section goes before it."""

_WORDS: Final = re.compile(r"\w+(?:['’-]\w+)*(?: \w+(?:['’-]\w+)*)*")
_TOP: Final = "voiceguide"
_MOST_BYTES: Final = 256 * 1024

Respellings = Mapping[str, str]


class Lexicon(Struct, frozen=True, dict=True):
    """Respellings by engine: for ``piper``, words or short phrases in lower case and what to read instead."""

    engines: Mapping[str, Respellings] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Return the lexicon in the file *path*; an empty one if there is no such file.

        Raises:
            ScriptError: if it is none; with all that is wrong.
        """
        if not path.is_file():
            return cls()
        try:
            with path.open("rb") as file:
                data = file.read(_MOST_BYTES + 1)
            if len(data) > _MOST_BYTES:
                what = "a lexicon has at most 256 KiB; leave out what voices get right"
                raise ScriptError((_problem(path, "", what),))
            read = yaml.safe_load(data.decode("utf-8"))
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            line = (
                error.problem_mark.line + 1
                if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark
                else 1
            )
            raise ScriptError((_problem(path, "", "this cannot be read as YAML in UTF-8", line),)) from error
        problems = tuple(_problems(path, read))
        if problems:
            raise ScriptError(problems)
        return cls({engine: words for engine, words in read.items() if engine != _TOP})

    def respell(self, text: str, engine: str) -> str:
        """Return *text* as *engine* should be given it; where no word of it is in the lexicon, as it is."""
        pattern, words = self._compiled.get(engine) or self._compiled.get(EVERYBODY) or (None, {})
        if pattern is None:
            return text
        return pattern.sub(lambda match: _cased(words[match[0].lower().replace("’", "'")], match[0]), text)

    @cached_property
    def _compiled(self) -> dict[str, tuple[re.Pattern[str], Respellings]]:
        """For each engine a pattern of its words, the longest first, and what they become."""
        everybody = self.engines.get(EVERYBODY, {})
        made: dict[str, tuple[re.Pattern[str], Respellings]] = {}
        for engine in {EVERYBODY, *self.engines}:
            words = {
                key.lower(): value for key, value in {**everybody, **self.engines.get(engine, {})}.items()
            }
            if words:
                longest = sorted(words, key=lambda word: (-len(word), word))
                either = "|".join(re.escape(word).replace("'", "['’]") for word in longest)
                made[engine] = re.compile(rf"(?<![\w'’-])(?:{either})(?![\w-]|['’]\w)", re.IGNORECASE), words
        return made


def _cased(respelling: str, word: str) -> str:
    """Return *respelling* with the capitals of *word*: none, the first or, if it has several letters, all."""
    if len(word) > 1 and word.isupper():
        return respelling.upper()
    return respelling[:1].upper() + respelling[1:] if word[:1].isupper() else respelling


def _problems(path: Path, read: object) -> list[Problem]:
    if not isinstance(read, dict) or read.get(_TOP) != 1:
        return [_problem(path, _TOP, "a lexicon begins with voiceguide: 1")]
    found = []
    for engine, words in read.items():
        if engine == _TOP:
            continue
        if not isinstance(words, dict):
            found.append(_problem(path, str(engine), "an engine has words and respellings, as in tear: tair"))
            continue
        for word, respelling in words.items():
            place = f"{engine}.{word}"
            if not (isinstance(word, str) and _WORDS.fullmatch(word)):
                found.append(
                    _problem(path, place, "only whole words can be respelled; quotes help with yes and no")
                )
            elif not (isinstance(respelling, str) and respelling.strip()):
                found.append(_problem(path, place, "there is no respelling here; write how it sounds"))
    return found


def _problem(path: Path, field: str, what: str, line: int = 1) -> Problem:
    return Problem(str(path), line, 1, field, what)
