from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import mutagen
import pytest
from click.testing import CliRunner

from voiceguide.audio import frames
from voiceguide.cli import main
from voiceguide.errors import ScriptError, WishError
from voiceguide.files.folders import shipped
from voiceguide.library.programs import Programs, load
from voiceguide.script.library import Library

SCRIPT: Final = """\
voiceguide: 1
title: A breath of air
length: {default: 20s, least: 15s, most: 40s}
steps:
  - say: Hello.
  - rest: ~10s
"""

PROGRAM: Final = """\
voiceguide: 1
title: Two days
summary: A little air.
days:
  - {day: 1, script: air, length: 15s, why: "It's short."}
  - {day: 1, script: air, why: Once more.}
  - {day: 2, script: air, length: 30s, why: "It's longer."}
"""

SHIPPED: Final = Programs([shipped("scripts") / "programs"], Library([shipped("scripts")]))


@pytest.fixture
def scripts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person's own scripts: one, and a program of it."""
    monkeypatch.setenv("VOICEGUIDE_DATA", str(tmp_path))
    monkeypatch.setenv("VOICEGUIDE_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "scripts"
    (folder / "programs").mkdir(parents=True)
    (folder / "air.yaml").write_text(SCRIPT)
    (folder / "programs" / "two-days.yaml").write_text(PROGRAM)
    return folder


def read(folder: Path) -> Programs:
    return Programs([folder / "programs"], Library([folder]))


def run(*words: str) -> str:
    result = CliRunner().invoke(main, ["program", *words])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize("name", SHIPPED.names())
def test_shipped_programs_can_be_had(name: str) -> None:
    """Every script of every program that ships is there and can be as long as the program has it."""
    assert SHIPPED.load(name).sittings


def test_the_programs_there_are() -> None:
    """The four programs ship; a week has seven days, and thawing twenty-eight."""
    assert {"first-week", "thaw", "steady", "when-it-is-too-much"} <= set(SHIPPED.names())
    assert (SHIPPED.load("first-week").days, SHIPPED.load("thaw").days) == (7, 28)
    week = [sitting.length for sitting in SHIPPED.load("first-week").sittings]
    assert all(length is not None and frames(180) <= length <= frames(600) for length in week)


def test_a_program_is_days_scripts_lengths_and_reasons(scripts: Path) -> None:
    """A program has its sittings in order; a day can have two, and a length can be left to the script."""
    program = read(scripts).load("two-days")
    assert [(sitting.day, sitting.length) for sitting in program.sittings] == [
        (1, frames(15)),
        (1, None),
        (2, frames(30)),
    ]
    assert program.days == 2
    assert program.sittings[0].where.line == 5


@pytest.mark.parametrize(
    ("old", "new", "field", "what"),
    [
        ("script: air, length: 15s", "script: aire", "days[0].script", 'did you mean "air"?'),
        ("length: 15s", "length: 50s", "days[0].length", "from 0:15 to 0:40, and not 0:50"),
        ("length: 15s", "length: soon", "days[0].length", "is not a duration"),
        ("day: 2", "day: 0", "days[2].day", "from 1 to 366"),
        ("day: 2", "day: two", "days[2].day", "from 1 to 366"),
        ("{day: 1, script: air, why", "{day: 3, script: air, why", "days[2].day", "put it before"),
        ('why: "It\'s short."', "because: x", "days[0].because", "unknown key"),
        ("summary: A little air.\n", "", "summary", "missing"),
        ("days:", "day:", "days", "a list belongs here"),
    ],
)
def test_what_is_wrong_is_told(old: str, new: str, field: str, what: str, scripts: Path) -> None:
    """Whatever is wrong with a program is told with its place."""
    path = scripts / "programs" / "two-days.yaml"
    path.write_text(PROGRAM.replace(old, new))
    with pytest.raises(ScriptError) as refused:
        load(path, Library([scripts]))
    assert [what in problem.what for problem in refused.value.problems if problem.field == field] == [True]


def test_an_unknown_program_is_told_with_the_nearest(scripts: Path) -> None:
    """A program that is not there is refused with those near it."""
    with pytest.raises(WishError, match="did you mean two-days"):
        read(scripts).load("two-day")


def test_programs_are_listed_and_shown(scripts: Path) -> None:
    """Without a name all programs are listed, one's own too; with one, its days are."""
    assert "two-days" in run()
    assert "first-week" in run()
    assert "It's longer." in run("two-days")


def test_a_broken_program_hides_no_other(scripts: Path, caplog: pytest.LogCaptureFixture) -> None:
    """One that cannot be read is left out of the list, with a sentence that says where."""
    (scripts / "programs" / "broken.yaml").write_text(PROGRAM.replace("day: 2", "day: none"))
    (scripts / "programs" / "empty.yaml").write_text("")
    listed = run()
    assert "two-days" in listed
    assert "first-week" in listed
    assert "broken.yaml:7:" in caplog.text
    assert CliRunner().invoke(main, ["program", "broken"]).exit_code == 2


def test_a_program_goes_on_without_what_cannot_be_played(
    scripts: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Listed, shown and rendered, it has its other sittings; what is left out is said, with its place."""
    broken = scripts / "stuck.yaml"
    exact = SCRIPT.replace("rest: ~10s", "rest: 10s")
    broken.write_text(exact.replace("20s, least: 15s, most: 40s", "2m, least: 2m, most: 2m"))
    program = scripts / "programs" / "two-days.yaml"
    program.write_text(PROGRAM.replace("script: air, why", "script: stuck, why"))
    assert "two-days" in run()
    shown = run("two-days")
    assert "It's longer." in shown
    assert "Once more." not in shown
    assert "two-days.yaml:6:" in caplog.text
    target = tmp_path / "made"
    run("two-days", "--render", str(target), "--voice", "hum")
    assert sorted(path.name for path in target.glob("*.mp3")) == ["01-air.mp3", "02-air.mp3"]


@pytest.mark.parametrize("name", ["file", "file/deeper", "n" * 300])
def test_a_folder_that_cannot_be_made_is_told(name: str, scripts: Path, tmp_path: Path) -> None:
    """What stands in the way of the folder is one sentence that names it."""
    (tmp_path / "file").write_text("")
    result = CliRunner().invoke(main, ["program", "two-days", "--render", str(tmp_path / name)])
    assert result.exit_code in (1, 2)
    assert name in result.output
    assert "mistake of the program" not in result.output


def test_a_program_counts_no_days() -> None:
    """Nothing a program shows speaks of missed days or streaks."""
    shown = " ".join(run(name) for name in SHIPPED.names()).lower()
    assert not any(word in shown for word in ("missed", "streak", "behind", "catch up"))


def test_a_program_is_rendered_once(scripts: Path, tmp_path: Path) -> None:
    """Each sitting is a file; one already made the same is kept, one that would differ is made again."""
    target = tmp_path / "made"
    first = run("two-days", "--render", str(target), "--voice", "hum")
    names = ["01-air.mp3", "01-air-2.mp3", "02-air.mp3"]
    assert sorted(path.name for path in target.glob("*.mp3")) == sorted(names)
    assert "there already" not in first
    before = (target / "02-air.mp3").stat().st_mtime_ns
    assert run("two-days", "--render", str(target), "--voice", "hum").count("there already") == 3
    assert (target / "02-air.mp3").stat().st_mtime_ns == before
    again = run("two-days", "--render", str(target), "--voice", "hum/high")
    assert "there already" not in again


def test_audiobooks_of_a_program_are_a_series(scripts: Path, tmp_path: Path) -> None:
    """As M4B each sitting is a book, read by the voice that spoke it, and the part of a series by its day."""
    run("two-days", "--render", str(tmp_path / "made"), "--voice", "hum", "--format", "m4b")
    books: dict[str, Any] = {path.name: mutagen.File(path) for path in (tmp_path / "made").glob("*.m4b")}
    assert sorted(books) == ["01-air-2.m4b", "01-air.m4b", "02-air.m4b"]
    parts = [books[name]["----:com.apple.iTunes:series-part"] for name in sorted(books)]
    assert parts == [[b"1"], [b"1"], [b"2"]]
    for book in books.values():
        assert book["----:com.apple.iTunes:series"] == [b"Two days"]
        assert book["\xa9alb"] == book["\xa9nam"]
        assert book["\xa9wrt"] == ["hum/low"]
