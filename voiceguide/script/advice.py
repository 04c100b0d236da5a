"""Turns a YAML parser's error into advice for the author."""

from __future__ import annotations

import re
from typing import Final

import yaml

from voiceguide.script import markup

_VALUE: Final = re.compile(r"\s*(?:- +)*(?:[\w ]+: +)?[\"']?(.*)")
"""Matches a line of a script; the group is the text in it, without dash, key and quote."""

_QUOTES: Final = 'text with brackets, commas or colons needs quotes, as in {say: "a, b"}'

_BY_CONTEXT: Final = (
    (
        "while parsing a flow",
        "what was opened in line LINE does not go on like this; inside braces, " + _QUOTES,
    ),
    ("while scanning an alias", "text that begins with * needs quotes"),
    ("while scanning an anchor", "text that begins with & needs quotes"),
    ("while scanning a tag", "text that begins with ! needs quotes"),
    ("while parsing a tag", "text that begins with ! needs quotes"),
    ("while scanning a quoted scalar", "the quote opened in line LINE is not closed"),
    ("while scanning a double-quoted scalar", "a backslash in double quotes is special; write it twice"),
    ("while scanning a directive", "text that begins with % needs quotes"),
    ("while scanning a block scalar", "after | or > the text begins on the next line, further in"),
    (
        "while scanning a simple key",
        "this line is neither key: value nor part of the line above; see its indent, and for a missing colon",
    ),
    (
        "while parsing a block",
        "this does not line up with the lines above; or text begins with a quote, [ or {, and then it needs "
        "quotes around all of it",
    ),
)

_BY_PROBLEM: Final = (
    (
        "mapping values are not allowed",
        'text with a colon and a space in it needs quotes, as in say: "Note: this"',
    ),
    (
        "sequence entries are not allowed",
        "a dash begins a step only on a line of its own; text like this needs quotes",
    ),
    ("that cannot start any token", "text cannot begin with this character; put quotes around it"),
    ("found undefined tag handle", "text that begins with ! needs quotes"),
    ("incompatible YAML document", "leave out the %YAML line"),
)


def advice(error: yaml.YAMLError) -> tuple[int, int, str]:
    """Return the line and column of *error*, counted from 1, and a sentence of advice for the author."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return 1, 1, "this cannot be read as YAML; save the script as UTF-8 text"
    context, problem = error.context or "", error.problem or "it ends too early"
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    for place in (error.problem_mark, error.context_mark):
        found = _markup(place) if place else None
        if found:
            return found
    opened = error.context_mark.line + 1 if error.context_mark else line
    for start, what in _BY_CONTEXT:
        if context.startswith(start):
            return line, column, what.replace("LINE", str(opened))
    for part, what in _BY_PROBLEM:
        if part in problem:
            return line, column, what
    return line, column, f"this cannot be read as YAML: {problem}"


def _markup(mark: yaml.Mark) -> tuple[int, int, str] | None:
    """Return the place of other tools' markup, with advice, in the line of *mark*; None if there is none."""
    lines = (mark.buffer or "").rstrip("\0").split("\n")
    if mark.line >= len(lines):
        return None
    value = _VALUE.match(lines[mark.line])
    found = markup.first(value[1]) if value else None
    return (mark.line + 1, value.start(1) + found[0] + 1, found[1]) if value and found else None
