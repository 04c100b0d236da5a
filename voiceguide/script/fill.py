"""Placeholders in spoken text: ``{name}`` is filled in, ``{name|friend}`` has a default after the bar."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

PLACEHOLDER: Final = re.compile(r"\{([^{}|]*)(?:\|([^{}]*))?\}")
"""A placeholder; the groups are its name and, after a bar, its default."""

_SENTENCE_END: Final = (".", "!", "?", "…", ":")


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return *text* with its placeholders filled in from *values*, once: braces inside a value stay.

    A placeholder without a value or a default is removed, with the comma or space before it. At the start
    of a sentence the comma after it is removed instead: ``{name}, you can.`` becomes ``You can.``
    """
    said, end = "", 0
    for match in PLACEHOLDER.finditer(text):
        said += text[end : match.start()]
        end = match.end()
        value = values.get(match[1]) or match[2]
        if value:
            said += value
        elif _begins_sentence(said) and text.startswith((", ", " "), end):
            end += 2 if text[end] == "," else 1
            if text[end : end + 1].islower():
                said, end = said + text[end].upper(), end + 1
        else:
            said = said.removesuffix(", ") if said.endswith(", ") else said.removesuffix(" ")
    return said + text[end:]


def _begins_sentence(said: str) -> bool:
    """Return whether the text after *said* starts a sentence."""
    return not said.strip() or said.rstrip().endswith(_SENTENCE_END)


def plain(text: str) -> str:
    """Return *text* without the ``*`` marks of emphasis, as captions show it."""
    return text.replace("*", "")
