from __future__ import annotations

import ctypes
import subprocess
import sys

import pytest

BLOCKS = """
import sys
import numpy as np
from voiceguide.cli.heap import give_back

def held():
    return int(open("/proc/self/statm").read().split()[1])

if sys.argv[1] == "given back":
    give_back()
del_me = np.ones(4_000_000)  # freed, it teaches glibc to take such blocks from its arenas
del del_me
before = held()
large, small = [], []
for _ in range(100):
    large.append(np.ones(200_000, np.float32))
    small.append(bytes(5000))
most = held() - before
large.clear()
print((held() - before) / most)
"""


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "mallopt"), reason="the C library is not glibc")
def test_blocks_of_sound_go_back_to_the_system() -> None:
    """What is let go of among small things that stay is the system's again; left alone, glibc keeps it."""

    def kept(how: str) -> float:
        command = [sys.executable, "-c", BLOCKS, how]
        return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    assert kept("given back") < 0.1
    assert kept("left alone") > 0.5
