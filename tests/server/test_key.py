"""The key of the server."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from voiceguide.server.key import kept


def test_it_stays_until_another_is_asked_for(tmp_path: Path) -> None:
    """A key is made once, for its owner alone to read, and another only when it is asked for."""
    path = tmp_path / "data" / "serve.key"
    first = kept(path)
    assert (len(first), kept(path)) == (32, first)
    path.chmod(0o644)
    kept(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    second = kept(path, new=True)
    assert second not in (first, bytes(32))
    assert kept(path) == second


@pytest.mark.parametrize("content", [b"", b"short", bytes(33)])
def test_a_damaged_key_is_none(tmp_path: Path, content: bytes) -> None:
    """A file that is not a whole key is replaced: a short one would be easy to guess."""
    path = tmp_path / "serve.key"
    path.write_bytes(content)
    assert len(kept(path)) == 32
    assert kept(path) == path.read_bytes()


def test_two_that_begin_at_once_have_the_same(tmp_path: Path) -> None:
    """A server and a command that both need the first key get the same one."""
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(kept, [tmp_path / "serve.key"] * 16))) == 1
