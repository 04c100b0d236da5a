"""Scripts by name, and all that is wrong with a file."""

from __future__ import annotations

import logging
import os
import re
from pathlib import Path

import pytest

from tests.script.folder import BLOCK, put, with_steps
from voiceguide.errors import ScriptError, WishError
from voiceguide.files import folders
from voiceguide.script.check import check
from voiceguide.script.library import Library, Unusable

FINE = with_steps("- rest: 3s")


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """Two folders, the first the listener's own."""
    put(tmp_path / "own", FINE.replace("A test", "Mine"), "body-scan")
    put(tmp_path / "shipped", FINE, "body-scan")
    put(tmp_path / "shipped", FINE, "evening/wind-down")
    put(tmp_path / "shipped", BLOCK, "blocks/opening")
    put(tmp_path / "shipped", "days: []\n", "programs/first-week")
    put(tmp_path / "shipped", "cat: kat\n", "lexicon")
    put(tmp_path / "shipped", "en: []\n", "support")
    return Library([tmp_path / "own", tmp_path / "shipped", tmp_path / "absent"])


def test_only_scripts_have_names(library: Library) -> None:
    """Blocks, programs, the lexicon and support lines are no scripts; a folder is part of a name."""
    assert library.names() == ("body-scan", "evening/wind-down")


def test_scripts_are_called_what_they_are_found_by(library: Library, tmp_path: Path) -> None:
    """Two files of one name in different folders are two scripts, each found by its own."""
    put(tmp_path / "own", FINE.replace("A test", "Evening"), "evening/body-scan")
    found = {script.name: script for script in library.scripts()}
    assert tuple(found) == library.names() == ("body-scan", "evening/body-scan", "evening/wind-down")
    assert all(library.find(name) == script.path for name, script in found.items())


def test_an_earlier_folder_comes_first(library: Library, tmp_path: Path) -> None:
    """A script of the listener's own hides one of the same name that ships."""
    assert library.find("body-scan") == tmp_path / "own" / "body-scan.yaml"
    assert [script.title for script in library.scripts()] == ["Mine", "A test"]


def test_a_name_that_is_no_text_hides_no_other(
    library: Library, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A file whose name is no UTF-8 is logged and left out: no address and no page could have it."""
    try:
        Path(os.fsdecode(os.fsencode(tmp_path / "own") + b"/caf\xe9.yaml")).write_text(FINE)
    except OSError:
        pytest.skip("every name is text on this file system")
    with caplog.at_level(logging.WARNING):
        assert [script.name for script in library.scripts()] == ["body-scan", "evening/wind-down"]
    (said,) = caplog.messages
    assert "rename it" in said
    assert said.isascii()


@pytest.mark.parametrize("name", ["body-scan.yaml", "blocks/opening.yaml", "sounds/birds.wav"])
def test_the_stamp_changes_with_any_file(library: Library, tmp_path: Path, name: str) -> None:
    """A script's own sound is part of it, as its blocks are."""
    path = tmp_path / "shipped" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"one")
    before = library.stamp()
    assert library.stamp() == before
    path.write_bytes(b"another")
    assert library.stamp() != before


def test_a_path_is_found_too(library: Library, tmp_path: Path) -> None:
    """A file that is there is found by its path."""
    path = put(tmp_path, FINE, "elsewhere")
    assert library.find(str(path)) == path


@pytest.mark.parametrize("name", ["bodyscan", "wind-down", "body-scan.yaml"])
def test_an_unknown_name_gets_the_nearest(library: Library, name: str) -> None:
    """A name that is not there is answered with those like it."""
    with pytest.raises(WishError, match=r"did you mean .*(body-scan|evening/wind-down)"):
        library.find(name)


@pytest.mark.parametrize("name", ["", "xyzzy", "a\0b", "x" * 5000])
def test_any_name_is_refused_with_a_sentence(library: Library, name: str) -> None:
    """No name, however odd, gives anything but a sentence."""
    with pytest.raises(WishError, match="there is no script"):
        library.find(name)


def test_a_broken_script_hides_no_other(
    library: Library, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A script that cannot be read is logged and left out; the others are there."""
    put(tmp_path / "own", "title: x\n", "broken")
    with caplog.at_level(logging.WARNING):
        assert [script.name for script in library.scripts()] == ["body-scan", "evening/wind-down"]
    assert "broken.yaml" in caplog.text


def test_a_link_to_itself_hides_no_other(library: Library, tmp_path: Path) -> None:
    """A file that leads nowhere but to itself is left out with its reason, and the others are there."""
    link = tmp_path / "own" / "loop.yaml"
    link.symlink_to(link.name)
    found = {each.name: each for each in library.found()}
    assert set(found) == {"body-scan", "evening/wind-down", "loop"}
    loop = found["loop"]
    assert isinstance(loop, Unusable)
    assert "symbolic links" in str(loop.problems[0])


def test_what_a_broken_script_hides_can_be_had(library: Library, tmp_path: Path) -> None:
    """Where one's own cannot be read there is the one that ships; where no other is, its errors are told."""
    path = put(tmp_path / "own", "title: x\n", "body-scan")
    assert library.usable("body-scan").path == tmp_path / "shipped" / "body-scan.yaml"
    put(tmp_path / "shipped", "title: y\n", "body-scan")
    with pytest.raises(ScriptError, match=re.escape(str(path))):
        library.usable("body-scan")
    with pytest.raises(WishError):
        library.usable("nothing")


def test_check_tells_errors_and_warnings(tmp_path: Path) -> None:
    """All problems come at once, warnings with them."""
    path = put(tmp_path, FINE.replace("{eyes}", "open").replace("3s", "x"))
    assert [problem.severity for problem in check(path)] == ["warning", "error"]
    assert check(put(tmp_path, FINE)) == ()


@pytest.mark.parametrize("name", ["missing.yaml", "", "a\0b", "x" * 5000])
def test_check_of_nothing_is_a_problem(tmp_path: Path, name: str) -> None:
    """A file that is not there is told with a sentence."""
    assert len(check(tmp_path / name)) == 1


def test_a_block_is_checked_as_one(tmp_path: Path) -> None:
    """A file in a folder of blocks is read as a block, which may name options of any script that uses it."""
    put(tmp_path, BLOCK, "blocks/other")
    block = "voiceguide: 1\nvalues: {place: a, spare: b}\nsteps:\n  - use: blocks/other\n"
    block += "  - say: '{place} {eyes}.'\n"
    path = put(tmp_path, block + "    if: {position: seated}\n", "blocks/mine")
    assert [(found.severity, found.field) for found in check(path)] == [("warning", "values.spare")]
    path = put(tmp_path, block + "  - rest: x\n", "blocks/mine")
    assert [found.severity for found in check(path)] == ["warning", "error"]


def shipped() -> list[Path]:
    """Return all scripts and blocks that ship."""
    folder = folders.shipped("scripts")
    return [path for path in sorted(folder.rglob("*.yaml")) if path.parent.name in (folder.name, "blocks")]


@pytest.mark.parametrize("path", shipped(), ids=lambda path: path.stem)
def test_what_ships_is_right(path: Path) -> None:
    """Every script and block that ships loads without a problem or a warning."""
    if path.stem not in ("lexicon", "support") or path.parent.name == "blocks":
        assert [str(problem) for problem in check(path)] == []
