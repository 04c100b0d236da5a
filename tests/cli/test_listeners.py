"""`voiceguide listeners`: names, and what is stored of them."""

from __future__ import annotations

import csv
import json
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from voiceguide.listeners import NAMELESS, ListenerFolder, Listening, Note, Put, Roster, WriteStamp

NOTES = ("a quiet one", "=HYPERLINK(1)")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data" / "listeners"


def write(data: Path, listener: str) -> None:
    """Have something stored of *listener*."""
    with closing(ListenerFolder(data)) as stores:
        stores.of(listener).write(Put(Listening("h", "chair", 1000, 60_000), WriteStamp(61_000, "laptop")))
        for number, text in enumerate(NOTES):
            stores.of(listener).write(Put(Note(str(number), text), WriteStamp(70_000, "laptop")))


def test_adding_and_removing(run: Run, data: Path) -> None:
    """Names are listed once they are added; who is removed leaves nothing behind."""
    assert run("listeners").output == ""
    added = run("listeners", "add", "Anna B.")
    assert added.output == 'Anna B. is added; use it as --listener "Anna B."\n'
    run("listeners", "add", "bert")
    assert run("listeners").output == "Anna B.\nbert\n"
    again = run("listeners", "add", "BERT")
    assert (again.exit_code, len(again.output.splitlines())) == (2, 1)
    write(data, Roster(data).find("bert").id)
    assert run("listeners", "remove", "Bert").exit_code == 1  # nobody said yes
    assert run("listeners").output == "Anna B.\nbert\n"
    assert run("listeners", "remove", "Bert", "--yes").output == "bert is removed\n"
    assert run("listeners").output == "Anna B.\n"
    assert list(data.glob("*.sqlite3*")) == []
    assert b"quiet" not in b"".join(path.read_bytes() for path in data.rglob("*") if path.is_file())


def test_exporting(run: Run, data: Path) -> None:
    """All that is stored can be had as JSON and as a table, of a name or of the listener without one."""
    run("listeners", "add", "anna")
    write(data, Roster(data).find("anna").id)
    exported = json.loads(run("listeners", "export", "anna").output)
    assert [each["text"] for each in exported["note"]] == list(NOTES)
    assert exported == json.loads(run("listeners", "export", "anna", "--json").output)
    table = list(csv.DictReader(run("listeners", "export", "anna", "--csv").output.splitlines()))
    assert [row["text"] for row in table if row["kind"] == "note"] == [NOTES[0], f"'{NOTES[1]}"]
    assert not any(json.loads(run("listeners", "export").output).values())


@pytest.mark.parametrize("name", [None, "anna"])
def test_forgetting(run: Run, data: Path, name: str | None) -> None:
    """What is stored of one is deleted, and the other's is kept; the name stays."""
    run("listeners", "add", "anna")
    named = Roster(data).find("anna").id
    for listener in (NAMELESS, named):
        write(data, listener)
    words = () if name is None else (name,)
    assert run("listeners", "forget", *words, "--yes").output == "all is forgotten\n"
    gone, left = (NAMELESS, named) if name is None else (named, NAMELESS)
    with closing(ListenerFolder(data)) as stores:
        assert stores.of(gone).everything() == ()
        assert len(stores.of(left).everything()) == 3
    assert run("listeners").output == "anna\n"


def test_what_an_earlier_version_kept_is_forgotten_too(run: Run, data: Path) -> None:
    """The old folder of places does not come back after everything was forgotten."""
    before = data.parent / "positions"
    before.mkdir(parents=True)
    (before / "k.json").write_text("{}")
    assert run("listeners", "forget", "--yes").exit_code == 0
    assert not before.exists()


def test_who_is_not_there(run: Run) -> None:
    """A name that nobody has is one sentence, whatever is asked."""
    for words in (("remove", "x", "--yes"), ("forget", "x", "--yes"), ("export", "x")):
        result = run("listeners", *words)
        assert (result.exit_code, len(result.output.splitlines())) == (2, 1)
        assert result.output.startswith('there is no listener "x"; ')
