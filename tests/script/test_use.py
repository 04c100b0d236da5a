"""Files that use files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.script.folder import BLOCK, only, put, read, refused, sound, step, with_steps
from voiceguide.audio import frames
from voiceguide.files import folders
from voiceguide.script.model import PlaySound, Say, Section, Use
from voiceguide.script.parse import load


def test_a_block_is_found_beside_the_script_first(tmp_path: Path) -> None:
    """A block of the script's own folder comes before one that ships; those that ship are there for all."""
    shipped = step(tmp_path, "- use: blocks/closing")
    put(tmp_path, BLOCK, "blocks/closing")
    own = step(tmp_path, "- use: blocks/closing")
    assert isinstance(shipped, Use)
    assert isinstance(own, Use)
    assert shipped.steps[0].where.path == str(folders.shipped("scripts") / "blocks" / "closing.yaml")
    assert own.steps[0].where.path == str(tmp_path / "blocks" / "closing.yaml")


def test_a_folder_can_be_named(tmp_path: Path) -> None:
    """The folder to look in first may be another than the script's."""
    put(tmp_path / "shelf", BLOCK, "mine")
    path = put(tmp_path / "desk", with_steps("- use: mine"))
    assert load(path, folder=tmp_path / "shelf").steps
    assert 'no "mine.yaml"' in only(path).what


def test_values_fill_a_block(tmp_path: Path) -> None:
    """A block's values have defaults, which `with` replaces, and the same block may be used with others."""
    block = "voiceguide: 1\nvalues: {place: the chair, what: }\nsteps:\n  - say: Feel {place} and {what}.\n"
    put(tmp_path, block, "feel")
    steps = "- use: feel\n  with: {what: the floor}\n- use: feel\n  with: {place: on, what: '{eyes|no} eyes'}"
    first, second = read(tmp_path, steps).steps[1:]
    assert isinstance(first, Use)
    assert isinstance(second, Use)
    assert dict(first.values) == {"place": "the chair", "what": "the floor"}
    assert dict(second.values) == {"place": "on", "what": "{eyes|no} eyes"}


def test_a_value_without_default_has_to_be_given(tmp_path: Path) -> None:
    """A block's value that has no default and is not given is a problem where the block is used."""
    put(tmp_path, "voiceguide: 1\nvalues: {place: }\nsteps:\n  - say: Feel {place}.\n", "feel")
    problem = only(put(tmp_path, with_steps("- use: feel")))
    assert (problem.line, problem.column) == (9, 10)
    assert "with: {place: some words}" in problem.what


def test_a_value_that_no_one_takes_is_a_warning(tmp_path: Path) -> None:
    """A value given to a block that does not take it is told, with the nearest it does take."""
    put(tmp_path, "voiceguide: 1\nvalues: {place: a}\nsteps:\n  - say: Feel {place}.\n", "feel")
    script = read(tmp_path, "- use: feel\n  with: {palce: the floor}")
    assert [found.what for found in script.warnings] == [
        '"palce" is not a value that feel takes; did you mean "place"?'
    ]


def test_a_text_knows_the_values_of_its_own_block(tmp_path: Path) -> None:
    """A placeholder that is no value of the block and no option of the script is a problem of the block."""
    put(tmp_path, "voiceguide: 1\nvalues: {place: a}\nsteps:\n  - say: '{plaec}, {eyes}, {place}.'\n", "feel")
    problem = only(put(tmp_path, with_steps("- use: feel")))
    assert problem.path == str(tmp_path / "feel.yaml")
    assert 'did you mean "place"?' in problem.what


def test_a_condition_in_a_block_may_name_what_a_script_lacks(tmp_path: Path) -> None:
    """A block serves scripts with and without an option; a slip in one that is there is still told."""
    block = "voiceguide: 1\nsteps:\n  - say: Sit.\n    if: {position: seated}\n"
    put(tmp_path, block, "sit")
    assert step(tmp_path, "- use: sit")
    put(tmp_path, block.replace("position", "eyse"), "sit")
    assert 'did you mean "eyes"?' in only(put(tmp_path, with_steps("- use: sit"))).what


@pytest.mark.parametrize(
    ("files", "circle"),
    [
        ({"a": "script"}, "script -> a -> script"),
        ({"a": "a"}, "a -> a"),
        ({"a": "b", "b": "c", "c": "a"}, "a -> b -> c -> a"),
    ],
)
def test_a_circle_is_named(tmp_path: Path, files: dict[str, str], circle: str) -> None:
    """Files that use each other in a circle are refused with the way round."""
    for name, other in files.items():
        put(tmp_path, f"voiceguide: 1\nsteps:\n  - use: {other}\n", name)
    assert f"in a circle: {circle}" in only(put(tmp_path, with_steps("- use: a"))).what


@pytest.mark.parametrize("deep", [8, 9])
def test_files_may_use_each_other_eight_deep(tmp_path: Path, deep: int) -> None:
    """The eighth file within a file is read; the ninth is refused where it is used."""
    for level in range(1, deep):
        put(tmp_path, f"voiceguide: 1\nsteps:\n  - use: n{level + 1}\n", f"n{level}")
    put(tmp_path, BLOCK, f"n{deep}")
    path = put(tmp_path, with_steps("- use: n1"))
    if deep == 8:
        assert load(path).steps
    else:
        problem = only(path)
        assert problem.path == str(tmp_path / "n8.yaml")
        assert "more than 8 deep" in problem.what


def test_a_bomb_of_files_is_refused(tmp_path: Path) -> None:
    """Files that each use the next many times over are refused without being read to the end."""
    for level in range(7):
        put(tmp_path, "voiceguide: 1\nsteps:\n" + f"  - use: n{level + 1}\n" * 100, f"n{level}")
    put(tmp_path, BLOCK, "n7")
    assert any(
        "more than 20,000 steps" in problem.what
        for problem in refused(put(tmp_path, with_steps("- use: n0")))
    )


def test_deep_files_of_deep_steps_are_refused(tmp_path: Path) -> None:
    """Steps within steps are counted through files, so no depth of files gets past the limit."""
    for level in range(8):
        steps, indent = "", "  "
        for _ in range(8):
            steps += f"{indent}- section: S\n{indent}  steps:\n"
            indent += "    "
        put(tmp_path, f"voiceguide: 1\nsteps:\n{steps}{indent}- use: n{level + 1}\n", f"n{level}")
    put(tmp_path, BLOCK, "n8")
    assert "nested more than 24 deep" in only(put(tmp_path, with_steps("- use: n0"))).what


def test_a_whole_script_is_no_block(tmp_path: Path) -> None:
    """A script that is used as a block is refused with one sentence."""
    put(tmp_path, with_steps("- rest: 3s"), "other")
    problem = only(put(tmp_path, with_steps("- use: other")))
    assert (problem.path, problem.line) == (str(tmp_path / "other.yaml"), 3)
    assert "a block has only" in problem.what


@pytest.mark.parametrize("kind", ["block", "sound"])
def test_a_link_out_of_the_folder_is_refused(tmp_path: Path, kind: str) -> None:
    """A link that leads out of the script's folder is refused, whatever is at its end."""
    home = tmp_path / "home"
    outside = put(tmp_path, BLOCK, "outside") if kind == "block" else sound(tmp_path, "outside.wav")
    path = put(home, with_steps("- use: link" if kind == "block" else "- sound: link.wav"))
    (home / f"link{outside.suffix}").symlink_to(outside)
    assert "leads out of the scripts' folder" in only(path).what


def test_a_sound_has_its_length(tmp_path: Path) -> None:
    """A sound of the author's own is read for its length, at whatever rate it is."""
    sound(tmp_path, "sounds/birds.wav", seconds=2.5, rate=44_100)
    played = step(tmp_path, "- sound: sounds/birds.wav\n  level: -6 dB")
    assert isinstance(played, PlaySound)
    assert (played.path, played.length) == (tmp_path / "sounds" / "birds.wav", frames(2.5))
    assert played.level_db == -6.0


def test_a_sound_without_sound_is_refused(tmp_path: Path) -> None:
    """A sound file of no length is refused."""
    sound(tmp_path, "none.wav", seconds=0.0)
    assert "no sound in it" in only(put(tmp_path, with_steps("- sound: none.wav"))).what


def test_the_digest_covers_what_is_used_and_not_where_it_is(tmp_path: Path) -> None:
    """A change in any file used changes the digest; a move to another folder does not."""
    digests = []
    for place, block, seconds in (
        ("a", "Hello.", 1.0),
        ("b", "Hello.", 1.0),
        ("c", "Hi.", 1.0),
        ("d", "Hello.", 2.0),
    ):
        folder = tmp_path / place
        put(folder, BLOCK.replace("Hello.", block), "blocks/hello")
        sound(folder, "x.wav", seconds)
        digests.append(read(folder, "- use: blocks/hello\n- sound: x.wav").digest)
    assert digests[0] == digests[1]
    assert len(set(digests)) == 3
    assert all(len(digest) == 64 for digest in digests)


def test_a_step_keeps_its_condition_through_use(tmp_path: Path) -> None:
    """A condition on a use is the use's; one on a step inside is the step's."""
    put(tmp_path, "voiceguide: 1\nsteps:\n  - section: A\n    steps:\n      - say: B.\n", "a")
    used = step(tmp_path, "- use: a\n  if: {eyes: open}")
    assert isinstance(used, Use)
    assert used.when is not None
    section = used.steps[0]
    assert isinstance(section, Section)
    assert isinstance(section.steps[0], Say)
    assert section.when is None
