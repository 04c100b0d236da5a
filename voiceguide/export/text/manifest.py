"""The manifest: every cue of a session in frames, written as JSON and read back.

Times are exact, so a rendered file can be checked against it to the frame. Differences from the script are
marked: ``short`` on a rest, ``over`` on a counted line, ``unheard`` at the end, in frames or as a count.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any, Final

from voiceguide.audio import RATE, Frames
from voiceguide.export.text.text import session_length
from voiceguide.plan.items import (
    BedCue,
    BellCue,
    ChapterCue,
    Cue,
    EndCue,
    Line,
    RestCue,
    SoundCue,
    SpeechCue,
    ToneCue,
)
from voiceguide.script.model import Pace, Where

VERSION: Final = 1

KINDS: Final[Mapping[str, type[Cue]]] = {
    "speech": SpeechCue,
    "rest": RestCue,
    "sound": SoundCue,
    "tone": ToneCue,
    "bell": BellCue,
    "bed": BedCue,
    "chapter": ChapterCue,
    "end": EndCue,
}
"""The name of each kind of cue in a manifest; its fields keep their names."""

_MARKS: Final = ("short", "over", "unheard")
"""Fields written only if they are not 0."""

Row = dict[str, Any]


def manifest(
    cues: Sequence[Cue],
    *,
    script: str,
    title: str,
    voice: str,
    key: str,
    wishes: Mapping[str, object] | None = None,
    roots: Sequence[Path] = (),
) -> dict[str, object]:
    """Return the session as plain data, with keys always in the same order.

    *script* is its id, *voice* is ``ENGINE/NAME``, *key* identifies the samples. *wishes* are the listener's,
    in JSON values. Paths are written relative to one of *roots*, or as bare names, so that a manifest does
    not reveal the machine it was made on.
    """
    return {
        "voiceguide": VERSION,
        "key": key,
        "script": script,
        "title": title,
        "voice": voice,
        "wishes": dict(sorted((wishes or {}).items())),
        "rate": RATE,
        "length": session_length(cues),
        "counts": _counts(cues),
        "cues": [_row(cue, roots) for cue in cues],
    }


def dumps(document: Mapping[str, object]) -> str:
    """Return a manifest as text, one cue per line, the same for the same session."""
    lines = []
    for name, value in document.items():
        if name == "cues" and isinstance(value, list) and value:
            rows = ",\n".join(f"    {_json(row)}" for row in value)
            lines.append(f"  {_json(name)}: [\n{rows}\n  ]")
        else:
            lines.append(f"  {_json(name)}: {_json(value)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def read(text: str) -> tuple[Cue, ...]:
    """Return the cues of a manifest written by `dumps`.

    Raises:
        ValueError: if *text* is not a manifest of this version.
    """
    document = json.loads(text)
    if not isinstance(document, dict) or document.get("voiceguide") != VERSION:
        raise ValueError(
            f"This is not a voiceguide manifest of version {VERSION}; make it again with `render`."
        )
    try:
        return tuple(_cue(dict(row)) for row in document["cues"])
    except (KeyError, TypeError) as error:
        raise ValueError("This manifest has a cue that is not whole; make it again with `render`.") from error


def _counts(cues: Iterable[Cue]) -> dict[str, int]:
    kinds = [type(cue) for cue in cues]
    return {name: kinds.count(kind) for name, kind in KINDS.items()}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _row(cue: Cue, roots: Sequence[Path]) -> Row:
    name = next(name for name, kind in KINDS.items() if type(cue) is kind)
    row: Row = {"kind": name}
    for field in cue.__struct_fields__:
        value = getattr(cue, field)
        if field in _MARKS and not value:
            continue
        if isinstance(value, Line):
            row |= _line(value, roots)
        else:
            row["tone" if field == "kind" else field] = (
                _path(value, roots) if isinstance(value, Path) else value
            )
    return row


def _line(line: Line, roots: Sequence[Path]) -> Row:
    where = line.where
    return {
        "line": line.index,
        "say": line.say,
        "text": line.text,
        "pace": line.pace,
        "voice": line.voice,
        "level_db": line.level_db,
        "slot": line.slot,
        "place": f"{_path(where.path, roots)}:{where.line}:{where.column}",
        "field": where.field,
    }


def _path(path: str | Path, roots: Sequence[Path]) -> str:
    pure = PurePath(path)
    if pure.is_absolute():
        pure = pure.relative_to(next((root for root in roots if pure.is_relative_to(root)), pure.parent))
    return pure.as_posix()


def _cue(row: Row) -> Cue:
    kind = KINDS[row.pop("kind")]
    convert: Callable[[Row], Row] = {SpeechCue: _speech, SoundCue: _sound, ToneCue: _tone}.get(kind, dict)
    return kind(**convert(row))


def _speech(row: Row) -> Row:
    path, line, column = row["place"].rsplit(":", 2)
    return {
        "start": Frames(row["start"]),
        "length": Frames(row["length"]),
        "over": Frames(row.get("over", 0)),
        "line": Line(
            index=row["line"],
            say=row["say"],
            text=row["text"],
            pace=Pace(row["pace"]),
            voice=row["voice"],
            level_db=row["level_db"],
            where=Where(path, int(line), int(column), row["field"]),
            slot=Frames(row["slot"]),
        ),
    }


def _sound(row: Row) -> Row:
    return {**row, "path": Path(row["path"])}


def _tone(row: Row) -> Row:
    return {"start": row["start"], "length": row["length"], "kind": row["tone"]}
