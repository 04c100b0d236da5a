from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from voiceguide.errors import SinkError
from voiceguide.export.file import size_text, whole, write_whole


def test_file_appears_whole(tmp_path: Path) -> None:
    """Nothing is at the path until the block has ended; then all of it is, and nothing else."""
    path = tmp_path / "out.mp3"
    with whole(path) as part:
        part.write_bytes(b"sound")
        assert not path.exists()
    assert path.read_bytes() == b"sound"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("failure", [RuntimeError, KeyboardInterrupt, SystemExit, GeneratorExit])
def test_failure_leaves_what_was_there(tmp_path: Path, failure: type[BaseException]) -> None:
    """On any exception the folder is as it was before."""
    path = tmp_path / "out.mp3"
    path.write_bytes(b"before")

    def fail() -> None:
        with whole(path) as part:
            part.write_bytes(b"half")
            raise failure

    with pytest.raises(failure):
        fail()
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_is_followed(tmp_path: Path) -> None:
    """Writing through a symbolic link replaces what it points to, not the link."""
    (tmp_path / "real.mp3").write_bytes(b"old")
    link = tmp_path / "link.mp3"
    link.symlink_to("real.mp3")
    write_whole(link, b"new")
    assert link.is_symlink()
    assert (tmp_path / "real.mp3").read_bytes() == b"new"


def test_permissions_are_the_usual_ones(tmp_path: Path) -> None:
    """The file gets the permissions that any new file of the user gets."""
    (tmp_path / "plain").write_bytes(b"")
    write_whole(tmp_path / "ours", b"")
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_long_names_are_possible(tmp_path: Path) -> None:
    """A name as long as the file system allows can be written."""
    path = tmp_path / ("n" * 251 + ".mp3")
    write_whole(path, b"x")
    assert path.exists()


def test_missing_folder(tmp_path: Path) -> None:
    """A folder that is not there is named."""
    with pytest.raises(SinkError, match="there is no folder"):
        write_whole(tmp_path / "no" / "out.mp3", b"")


def test_folder_in_the_way(tmp_path: Path) -> None:
    """A folder at the path is named."""
    with pytest.raises(SinkError, match="is a folder"):
        write_whole(tmp_path, b"")


@pytest.mark.skipif(os.name != "posix", reason="no /dev/null")
def test_devices_are_refused() -> None:
    """A device is not replaced by a file."""
    with pytest.raises(SinkError, match="not an ordinary file"):
        write_whole(Path("/dev/null"), b"")


@pytest.fixture
def nobody() -> Iterator[None]:
    """Whoever runs this may not write where they have no right to: root may, and is somebody else for it."""
    was = os.geteuid()
    if was == 0:
        os.seteuid(65_534)
    yield
    os.seteuid(was)


@pytest.mark.skipif(os.name != "posix", reason="folders have no mode here")
def test_no_permission(nobody: None) -> None:
    """A folder that may not be written is refused in one sentence."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o500)
        with pytest.raises(SinkError, match="no permission"):
            write_whole(Path(folder) / "out.mp3", b"")


def test_too_large_for_the_disk_is_refused_first(tmp_path: Path) -> None:
    """A file that cannot fit is refused before any work, with both figures."""
    began = False
    with (
        pytest.raises(SinkError, match=r"needs 1000\.0 TB, and the disk has .* left"),
        whole(tmp_path / "night.wav", 10**15),
    ):
        began = True
    assert not began


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, r"the disk is full \(it needs at least 9\.6 kB\)"),
        (errno.EACCES, "no permission"),
        (errno.EROFS, "no permission"),
        (errno.EIO, "cannot be written: broken"),
    ],
)
def test_system_errors_become_one_sentence(tmp_path: Path, number: int, said: str) -> None:
    """What the system says while writing becomes a sentence that names the file, and nothing is left."""
    path = tmp_path / "out.mp3"
    with pytest.raises(SinkError, match=f"out.mp3.*{said}"), whole(path, 9600):
        raise OSError(number, "broken")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 bytes"), (999, "999 bytes"), (9_600_000, "9.6 MB"), (5_529_600_000, "5.5 GB")]
)
def test_sizes_are_read_by_people(count: int, text: str) -> None:
    """Sizes have one decimal and a unit."""
    assert size_text(count) == text
