from __future__ import annotations

import logging
import os
import sys

import pytest

from voiceguide.cli.quiet import quiet


def test_only_what_native_code_writes_is_kept_away(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """ALSA's lines on standard error go nowhere; Python's arrive, the log's too; afterwards all do."""
    monkeypatch.delenv("VOICEGUIDE_DEBUG", raising=False)
    handler = logging.StreamHandler(sys.stderr)
    logging.getLogger().addHandler(handler)
    try:
        with quiet():
            os.write(2, b"ALSA lib pcm.c: Unknown PCM\n")
            print("ours", file=sys.stderr)
            logging.getLogger("voiceguide").warning("warned")
        os.write(2, b"native again\n")
        logging.getLogger("voiceguide").warning("warned again")
    finally:
        logging.getLogger().removeHandler(handler)
    assert capfd.readouterr().err.splitlines() == ["ours", "warned", "native again", "warned again"]


def test_all_is_heard_when_looking_for_a_mistake(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With VOICEGUIDE_DEBUG nothing is kept away."""
    monkeypatch.setenv("VOICEGUIDE_DEBUG", "1")
    with quiet():
        os.write(2, b"native\n")
    assert capfd.readouterr().err == "native\n"


def test_standard_error_is_given_back_after_a_mistake(capfd: pytest.CaptureFixture[str]) -> None:
    """However the block ends, standard error is as it was."""
    before = sys.stderr
    with pytest.raises(ZeroDivisionError), quiet():
        raise ZeroDivisionError
    assert sys.stderr is before
    os.write(2, b"there\n")
    assert capfd.readouterr().err == "there\n"
