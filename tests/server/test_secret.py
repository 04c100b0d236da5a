"""The token that is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from voiceguide.server.secret import keep_token, kept_token


def test_a_token_is_kept(tmp_path: Path) -> None:
    """It is made once, in a file that only its owner can read, and is the same from then on."""
    path = tmp_path / "data" / "serve.env"
    made = kept_token(path)
    assert len(made) > 16
    assert kept_token(path) == made
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    assert kept_token(path) == made
    assert path.stat().st_mode & 0o777 == 0o600


def test_another_can_be_made(tmp_path: Path) -> None:
    """A new token takes the place of the old, which is nowhere any more."""
    path = tmp_path / "serve.env"
    old = kept_token(path)
    new = kept_token(path, new=True)
    assert new != old == old.strip()
    assert kept_token(path) == new
    assert old not in path.read_text()


@pytest.mark.parametrize("token", ["plain", 'm"i\\n$e `x`', "two\nlines", "ünï"])
def test_a_token_of_ones_own_is_read_back(token: str, tmp_path: Path) -> None:
    """However odd a token is, what is read is what was kept."""
    keep_token(tmp_path / "serve.env", token)
    assert kept_token(tmp_path / "serve.env") == token


@pytest.mark.parametrize("text", ["", "VOICEGUIDE_TOKEN=", 'VOICEGUIDE_TOKEN=""', "nonsense", "\xff\xfe"])
def test_a_damaged_file_is_made_anew(text: str, tmp_path: Path) -> None:
    """A file without a token is as if it were not there: nobody is let in by an empty one."""
    path = tmp_path / "serve.env"
    path.write_text(text, encoding="latin-1")
    assert len(kept_token(path)) > 16
