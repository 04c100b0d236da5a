"""Parts: what is written whole or not at all, and what is left by writers that were killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from voiceguide.files import PartFile, beside, put, sweep
from voiceguide.files import whole as files

POSIX = pytest.mark.skipif(os.name != "posix", reason="files are locked with flock(2)")

DEAD = f".a.mp3.{'0123456789abcdef'}.voiceguide-part"

WRITE = """
import sys
from pathlib import Path
from voiceguide.files import beside
with beside(Path(sys.argv[1])) as part:
    part.write_bytes(b"half")
    print(part.name, flush=True)
    sys.stdin.read()
"""


def listed(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_put_makes_the_folder_and_the_file(tmp_path: Path) -> None:
    """What is put is there whole, alone, in a folder that is made; a second time in place of the first."""
    path = tmp_path / "new" / "place.json"
    put(path, b"first")
    put(path, b"second")
    assert path.read_bytes() == b"second"
    assert listed(path.parent) == ["place.json"]


@POSIX
def test_private_is_the_owners_alone(tmp_path: Path) -> None:
    """A private file is never to be read by anybody else; any other is as new files of the user are."""
    (tmp_path / "plain").touch()
    with beside(tmp_path / "secret", private=True) as part:
        assert part.stat().st_mode & 0o777 == 0o600
    put(tmp_path / "ours", b"")
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "plain").stat().st_mode


@POSIX
def test_the_next_writer_removes_what_a_killed_one_left(tmp_path: Path) -> None:
    """A part stays while its process lives, whoever else writes there; the first after its end removes it."""
    command = [sys.executable, "-c", WRITE, str(tmp_path / "a.mp3")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        name = writer.stdout.readline().strip()
        put(tmp_path / "b.mp3", b"other")
        assert listed(tmp_path) == [name, "b.mp3"]
        writer.send_signal(signal.SIGKILL)
    assert listed(tmp_path) == [name, "b.mp3"]
    put(tmp_path / "c.mp3", b"next")
    assert listed(tmp_path) == ["b.mp3", "c.mp3"]


def test_only_parts_of_ours_go(tmp_path: Path) -> None:
    """No file of a person is taken for a part, whatever it is called, nor a folder or link of such a name."""
    theirs = [
        "a.mp3.part",
        ".a.mp3.0123abcd.part",
        ".a.mp3.0123456789abcdef.voiceguide-part.bak",
        ".a.mp3.xyz.voiceguide-part",
        "0123456789abcdef.voiceguide-part",
    ]
    for name in theirs:
        (tmp_path / name).touch()
    (tmp_path / DEAD.replace("a.", "folder.")).mkdir()
    (tmp_path / DEAD.replace("a.", "link.")).symlink_to(tmp_path / theirs[0])
    before = listed(tmp_path)
    (tmp_path / DEAD).touch()
    sweep(tmp_path)
    assert listed(tmp_path) == before


def test_without_locks_only_old_parts_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where files cannot be locked, a part goes once nobody has written to it for a day."""
    monkeypatch.setattr(files, "_flock", None)
    living = PartFile(tmp_path, "a.mp3")
    (tmp_path / DEAD).touch()
    os.utime(tmp_path / DEAD, (0.0, time.time() - 25 * 3600))
    sweep(tmp_path)
    assert listed(tmp_path) == [living.path.name]
    living.become(tmp_path / "a.mp3")
    assert listed(tmp_path) == ["a.mp3"]


@POSIX
def test_who_gives_way_is_held_on(tmp_path: Path) -> None:
    """What takes a part's place has its name, is swept by nobody, and who reads the first reads on."""
    first, second = PartFile(tmp_path, "a"), PartFile(tmp_path, "b")
    first.path.write_bytes(b"first")
    second.path.write_bytes(b"second")
    with first.path.open("rb") as reader:
        first.give_way(second)
        second.drop()
        sweep(tmp_path)
        assert (first.path.read_bytes(), reader.read()) == (b"second", b"first")
    first.become(tmp_path / "done")
    assert listed(tmp_path) == ["done"]


@POSIX
def test_writers_that_begin_while_others_sweep_lose_nothing(tmp_path: Path) -> None:
    """However many begin and sweep at once in a folder, each file comes to be, and nothing else stays."""
    many = (
        "import sys\nfrom pathlib import Path\nfrom voiceguide.files import put\n"
        "for number in range(300):\n"
        "    put(Path(sys.argv[1], f'{sys.argv[2]}-{number % 3}'), b'x', synced=False)\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", many, str(tmp_path), str(at)]) for at in range(3)]
    assert [each.wait(60) for each in running] == [0, 0, 0]
    assert listed(tmp_path) == [f"{at}-{number}" for at in range(3) for number in range(3)]


@POSIX
def test_what_takes_a_place_is_not_swept_for_the_one_before(tmp_path: Path) -> None:
    """Whoever sweeps in the moment in which one part takes another's place removes neither."""
    always = "import sys\nfrom pathlib import Path\nfrom voiceguide.files import sweep\nprint(flush=True)\n"
    always += "while True:\n    sweep(Path(sys.argv[1]))\n"
    command = [sys.executable, "-c", always, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as sweeper:
        assert sweeper.stdout is not None
        sweeper.stdout.readline()
        first = PartFile(tmp_path, "a")
        try:
            for _ in range(2000):
                first.give_way(PartFile(tmp_path, "b"))
                assert first.path.exists()
        finally:
            sweeper.kill()


def test_a_dropped_part_leaves_nothing(tmp_path: Path) -> None:
    """Dropping removes it, once, and never what it has become."""
    part = PartFile(tmp_path, "a")
    part.drop()
    part.drop()
    assert listed(tmp_path) == []
    other = PartFile(tmp_path, "a")
    other.become(tmp_path / "kept")
    other.drop()
    assert listed(tmp_path) == ["kept"]
