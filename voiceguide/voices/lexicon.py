"""Respellings of words that voices get wrong; they match whole words and keep capitals.

A respelling belongs to one language, and to one engine or to all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Self

import yaml
from msgspec import Struct, field

from voiceguide.errors import Problem, ScriptError

EVERYBODY: Final = "all"
"""The section for every engine; an engine's own section takes precedence."""

_UNTOLD: Final = "en"
"""The language of sections that state none."""

_WORDS: Final = re.compile(r"\w+(?:['’-]\w+)*(?: \w+(?:['’-]\w+)*)*")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")
_TOP: Final = "voiceguide"
_LANGUAGES: Final = "languages"
_MOST_BYTES: Final = 256 * 1024

Respellings = Mapping[str, str]
"""Words or short phrases in lower case, and their respellings."""

Sections = Mapping[str, Respellings]
"""Respellings by engine."""


class Lexicon(Struct, frozen=True, dict=True):
    """Sections by language, in two or three letters: ``de`` is for German of every region."""

    languages: Mapping[str, Sections] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Return the lexicon in the file *path*; an empty one if there is no such file.

        Raises:
            ScriptError: if it is not a lexicon; with all problems.
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
        return cls({_UNTOLD: _untold(read)} | read.get(_LANGUAGES, {}))

    def respell(self, text: str, engine: str, language: str) -> str:
        """Return *text*, in the *language* of a BCP 47 tag, respelled for *engine*.

        A text without any word of the lexicon is unchanged.
        """
        spoken = self._compiled.get(language.split("-")[0].lower(), {})
        pattern, words = spoken.get(engine) or spoken.get(EVERYBODY) or (None, {})
        if pattern is None:
            return text
        return pattern.sub(lambda match: _cased(words[match[0].lower().replace("’", "'")], match[0]), text)

    @cached_property
    def _compiled(self) -> dict[str, dict[str, _Compiled]]:
        return {language: _compiled(sections) for language, sections in self.languages.items()}


_Compiled = tuple[re.Pattern[str], Respellings]
"""A pattern of words, the longest first, and their respellings."""


def _compiled(sections: Sections) -> dict[str, _Compiled]:
    """Return the pattern and respellings of each engine, with those for all engines included."""
    everybody = sections.get(EVERYBODY, {})
    made: dict[str, _Compiled] = {}
    for engine in {EVERYBODY, *sections}:
        words = {key.lower(): value for key, value in {**everybody, **sections.get(engine, {})}.items()}
        if words:
            longest = sorted(words, key=lambda word: (-len(word), word))
            either = "|".join(re.escape(word).replace("'", "['’]") for word in longest)
            made[engine] = re.compile(rf"(?<![\w'’-])(?:{either})(?![\w-]|['’]\w)", re.IGNORECASE), words
    return made


def _cased(respelling: str, word: str) -> str:
    """Return *respelling* with the capitals of *word*: none, the first letter, or all of several letters."""
    if len(word) > 1 and word.isupper():
        return respelling.upper()
    return respelling[:1].upper() + respelling[1:] if word[:1].isupper() else respelling


def _untold(read: Mapping[Any, Any]) -> dict[Any, Any]:
    """Return the sections of the file *read* that state no language."""
    return {engine: words for engine, words in read.items() if engine not in (_TOP, _LANGUAGES)}


def _problems(path: Path, read: object) -> list[Problem]:
    if not isinstance(read, dict) or read.get(_TOP) != 1:
        return [_problem(path, _TOP, "a lexicon begins with voiceguide: 1")]
    found = list(_wrong_sections(path, "", _untold(read)))
    languages = read.get(_LANGUAGES, {})
    if not isinstance(languages, dict):
        return [*found, _problem(path, _LANGUAGES, "write a language and its sections, as in de: {all: {…}}")]
    for language, sections in languages.items():
        place = f"{_LANGUAGES}.{language}"
        if not (isinstance(language, str) and _LANGUAGE.fullmatch(language)):
            found.append(_problem(path, place, "a language has two or three letters, such as de; quote no"))
        elif language == _UNTOLD:
            found.append(_problem(path, place, "English needs no heading; move its sections to the margin"))
        elif not isinstance(sections, dict):
            found.append(_problem(path, place, "a language has sections, as in all: {wort: vort}"))
        else:
            found += _wrong_sections(path, f"{place}.", sections)
    return found


def _wrong_sections(path: Path, before: str, sections: Mapping[Any, Any]) -> Iterator[Problem]:
    """Yield the problems of *sections*, which are at the path *before*."""
    for engine, words in sections.items():
        if engine == "language":
            what = f"other languages than English stand under {_LANGUAGES}, as in {_LANGUAGES}: {{de: {{…}}}}"
            yield _problem(path, f"{before}{engine}", what)
        elif not isinstance(words, dict):
            what = "an engine has words and respellings, as in tear: tair"
            yield _problem(path, f"{before}{engine}", what)
        else:
            yield from _wrong_words(path, f"{before}{engine}.", words)


def _wrong_words(path: Path, before: str, words: Mapping[Any, Any]) -> Iterator[Problem]:
    for word, respelling in words.items():
        if not (isinstance(word, str) and _WORDS.fullmatch(word)):
            what = "only whole words can be respelled; quotes help with yes and no"
            yield _problem(path, f"{before}{word}", what)
        elif not (isinstance(respelling, str) and respelling.strip()):
            yield _problem(path, f"{before}{word}", "there is no respelling here; write how it sounds")


def _problem(path: Path, field: str, what: str, line: int = 1) -> Problem:
    return Problem(str(path), line, 1, field, what)
