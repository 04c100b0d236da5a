from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections.abc import Sequence

import pytest

pytestmark = pytest.mark.slow

VOICEGUIDE = [sys.executable, "-m", "voiceguide"]

CLOSED = [some for count in (1, 2, 3) for some in itertools.combinations((0, 1, 2), count)]


def without(closed: Sequence[int], command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run *command* with those standard streams closed, as a shell's ``<&-`` does."""

    def close() -> None:
        for fd in closed:
            os.close(fd)

    return subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, preexec_fn=close, check=False
    )


@pytest.mark.parametrize("closed", CLOSED, ids=str)
def test_what_is_closed_is_open_on_nothing(closed: Sequence[int]) -> None:
    """With some closed, all three are there, where they belong, and no other file takes their place."""
    check = (
        "import os, sys\n"
        "from voiceguide.cli.streams import open_closed\n"
        "open_closed()\n"
        "with open(os.devnull) as other:\n"
        "    assert other.fileno() > 2\n"
        "assert [sys.stdin.fileno(), sys.stdout.fileno(), sys.stderr.fileno()] == [0, 1, 2]\n"
        "assert not sys.stdin.isatty() and sys.stdin.read() == ''\n"
        "print('said', file=sys.stderr)\n"
        "print('said', flush=True)\n"
        "os._exit(42)\n"
    )
    assert without(closed, [sys.executable, "-c", check]).returncode == 42


@pytest.mark.parametrize("closed", [(0,), (1,), (2,), (0, 1, 2)], ids=str)
@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["list"], 0),
        (["plan", "ground-now"], 0),
        (["render", "ground-now", "--voice", "hum", "-o", "a.mp3"], 0),
        (["play", "ground-now", "--voice", "hum", "--device", "no such device"], 3),
        (["render", "no-such-script"], 2),
    ],
    ids=lambda words: words[0] if isinstance(words, list) else "",
)
def test_commands_work_with_closed_streams(words: list[str], status: int, closed: Sequence[int]) -> None:
    """Whichever streams are closed, what is asked for is done, or refused in one sentence."""
    done = without(closed, [*VOICEGUIDE, *words])
    assert done.returncode == status, done.stderr
    assert len(done.stderr.splitlines()) == (1 if status and 2 not in closed else 0)
