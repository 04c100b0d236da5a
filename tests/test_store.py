from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest

from tools.damage import KINDS
from voiceguide.errors import StoreError
from voiceguide.store import FolderStore, MemoryStore, Store


@pytest.fixture(params=["memory", "folder"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return MemoryStore() if request.param == "memory" else FolderStore(tmp_path)


def test_what_is_put_can_be_got(store: Store) -> None:
    """A name gives what was put under it, and None where nothing was."""
    store.put("clips/abc123", b"sound")
    assert store.get("clips/abc123") == b"sound"
    assert store.get("clips/abc124") is None


def test_the_first_put_stays(store: Store) -> None:
    """Putting under a name again changes nothing: two makers of one clip never mix theirs."""
    store.put("a1", b"first")
    store.put("a1", b"second")
    assert store.get("a1") == b"first"


@pytest.mark.parametrize(
    "name", ["../up", "/etc/passwd", "a/b/c", "", "a b", ".hidden", "a/../b", "a\\b", "x" * 200]
)
def test_names_cannot_be_paths(store: Store, name: str) -> None:
    """A name that could leave the folder is refused, whoever asks."""
    with pytest.raises(ValueError, match="not a store name"):
        store.get(name)


@pytest.mark.parametrize("damage", [lambda data: data[:-1], lambda data: b"x" + data[1:], lambda data: b""])
def test_a_damaged_file_is_absent_and_can_be_put_again(
    tmp_path: Path, damage: object, caplog: pytest.LogCaptureFixture
) -> None:
    """A torn or changed file is not given out, which is told once; a new put mends it."""
    store = FolderStore(tmp_path)
    store.put("clips/abc", b"sound")
    (kept,) = (path for path in tmp_path.rglob("*") if path.is_file())
    kept.write_bytes(damage(kept.read_bytes()))  # type: ignore[operator]
    assert store.get("clips/abc") is None
    assert store.get("clips/never") is None
    assert [record.getMessage() for record in caplog.records] == [
        f"a spoken line in {tmp_path} was damaged, or of an earlier version; it is made anew"
    ]
    store.put("clips/abc", b"sound")
    assert store.get("clips/abc") == b"sound"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.__name__))
def test_nothing_but_what_was_put_there_is_got(tmp_path: Path, kind: Callable[[Path, Random], None]) -> None:
    """A clip that is whole but another's is as absent as one that is damaged or no file; a put mends it."""
    store = FolderStore(tmp_path)
    store.put("clips/abc", b"sound")
    store.put("clips/xyz", b"other")
    kind(tmp_path / "clips" / "ab" / "abc", Random(1))
    assert store.get("clips/abc") is None
    store.put("clips/abc", b"sound")
    assert store.get("clips/abc") == b"sound"


def test_nothing_half_written_is_left(tmp_path: Path) -> None:
    """After a put there is the one file and no temporary one."""
    FolderStore(tmp_path).put("clips/abc", b"sound" * 1000)
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_a_store_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    """A folder that cannot be made is a StoreError that names it and the way out."""
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    with pytest.raises(StoreError, match=r"file cannot be written.*VOICEGUIDE_CACHE"):
        FolderStore(blocked).put("a1", b"sound")


def test_with_a_limit_the_least_used_leave(tmp_path: Path) -> None:
    """A bounded store lets go of what was not asked for longest, and of nothing under another first name."""
    store = FolderStore(tmp_path, limit=1000)
    store.put("other/a0", bytes(900))
    for number in range(3):
        store.put(f"clips/a{number}", bytes(250))
        os.utime(tmp_path / "clips" / f"a{number}" / f"a{number}", (1000 * (number + 1), 1000))
    assert store.get("clips/a0") is not None
    store.put("clips/a3", bytes(250))
    assert [number for number in range(4) if store.get(f"clips/a{number}") is not None] == [0, 2, 3]
    assert store.get("other/a0") is not None


HOLD = """
import sys
from pathlib import Path
from voiceguide.store import FolderStore
with FolderStore(Path(sys.argv[1])).claim("clips/abc"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.mark.skipif(os.name != "posix", reason="files are locked with flock(2)")
def test_a_claim_ends_with_its_process(tmp_path: Path) -> None:
    """While one process makes something another waits, and goes on at once when the first is killed."""

    killed = threading.Event()

    def made() -> bool:
        with FolderStore(tmp_path).claim("clips/abc"):
            return killed.is_set()

    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with (
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder,
        ThreadPoolExecutor(1) as pool,
    ):
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        waiting = pool.submit(made)
        killed.set()
        holder.kill()
        assert waiting.result(20.0)


def test_a_claim_that_cannot_be_made_stops_nobody(tmp_path: Path) -> None:
    """Where the folder cannot be written, things are made all the same."""
    (tmp_path / "file").write_bytes(b"")
    with FolderStore(tmp_path / "file" / "cache").claim("clips/abc"):
        pass
