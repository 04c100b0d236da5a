"""Parses spoken lines: words, pauses in brackets, placeholders in braces, ``*words*`` for emphasis."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from voiceguide.audio import Frames
from voiceguide.script.durations import duration
from voiceguide.script.fill import PLACEHOLDER
from voiceguide.script.markup import refuse
from voiceguide.script.model import Phrase

MOST_CHARACTERS: Final = 600
_PAUSE: Final = re.compile(r"\[([^\[\]]*)\]")
_LEANT_ON: Final = re.compile(r"\*[^*\s](?:[^*]*[^*\s])?\*")


def one_line(text: str) -> str:
    """Return *text* with every stretch of white space as one space.

    Raises:
        ValueError: if it is too long or has characters that no voice can speak.
    """
    text = " ".join(text.split())
    if len(text) > MOST_CHARACTERS:
        raise ValueError(
            f"this has {len(text)} characters; a line has at most {MOST_CHARACTERS}, so write two"
        )
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in text):
        raise ValueError("a control character is in this text; take it out")
    return text


def spoken_text(text: str) -> str:
    """Return *text*, part of a spoken line, with every stretch of white space as one space.

    Raises:
        ValueError: as `one_line` does, and if it has another tool's markup in it.
    """
    text = one_line(text)
    refuse(text)
    return text


def phrases(text: str) -> tuple[Phrase, ...]:
    """Return the line *text* cut at its pauses: ``Feet. [3s] Both.`` is two phrases, the first with 3 s.

    Raises:
        ValueError: with a sentence on what is wrong: markup, no words, an unmatched bracket or star, or a
            malformed pause.
    """
    pieces = _PAUSE.split(spoken_text(text))
    found: list[Phrase] = []
    for words, written in zip(pieces[::2], [*pieces[1::2], None], strict=True):
        words = words.strip()
        pause = 0 if written is None else _pause(written)
        if words:
            _check(words)
            found.append(Phrase(words, Frames(pause)))
        elif written is None and found:
            break
        elif found:
            found[-1] = Phrase(found[-1].text, Frames(found[-1].pause + pause))
        else:
            raise ValueError(
                "a line begins with words; write a pause before it as a step of its own, rest: 3s"
            )
    return tuple(found)


def _pause(written: str) -> Frames:
    try:
        return duration(written.strip())
    except ValueError as error:
        raise ValueError(f"brackets in a line hold a pause such as [3s], and {error}") from None


def _check(words: str) -> None:
    """Refuse words that no voice can speak."""
    for mark in "[]":
        if mark in words:
            raise ValueError(f'a "{mark}" stands alone here; a pause is written [3s], with both brackets')
    if "*" in _LEANT_ON.sub("", words):
        raise ValueError('a "*" stands alone here; *word* leans on a word, with a star on both sides')
    spoken = PLACEHOLDER.sub(lambda match: "" if match[1].strip() == "name" and not match[2] else "x", words)
    if not any(character.isalnum() for character in spoken):
        what = "nothing is left to say here where there is no name; write a default, as in {name|friend}"
        raise ValueError(what if spoken != words else f'"{words}" has no words to speak; leave it out')


def placeholders(text: str) -> tuple[str, ...]:
    """Return the names of the placeholders in *text*, in order.

    Raises:
        ValueError: if a brace is unmatched or holds no name.
    """
    for mark in "{}":
        if mark in PLACEHOLDER.sub("", text):
            raise ValueError(
                f'a "{mark}" stands alone here; a placeholder is written {{name}} or {{name|friend}}'
            )
    names = tuple(match[1] for match in PLACEHOLDER.finditer(text))
    if not all(names):
        raise ValueError("the braces here hold no name; a placeholder is written {name} or {name|friend}")
    return names
