"""Timing in turns, and printing a ratio against its bound."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """A figure and the most it may be (or the least, where `at_least`)."""

    name: str
    value: float
    bound: float
    detail: str
    at_least: bool = False

    @property
    def kept(self) -> bool:
        return self.value >= self.bound if self.at_least else self.value <= self.bound

    def __str__(self) -> str:
        sign = ">=" if self.at_least else "<="
        verdict = "ok  " if self.kept else "MISS"
        return f"{verdict} {self.value:7.3f} {sign} {self.bound:<5} {self.name} ({self.detail})"


def seconds(work: Callable[[], object]) -> float:
    """Return how long *work* takes by the clock on the wall."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def in_turn(
    ours: Callable[[], float], theirs: Callable[[], float], times: int = 3
) -> tuple[float, float, float]:
    """Return the median of the ratios ours / theirs, measured one after the other, and the median of each."""
    pairs = [(ours(), theirs()) for _ in range(times)]
    ratio = statistics.median(one / other for one, other in pairs)
    return ratio, statistics.median(one for one, _ in pairs), statistics.median(other for _, other in pairs)


def run(command: Sequence[str], **environment: str) -> float:
    """Run *command* quietly and return its wall time in seconds."""
    import os

    return seconds(
        lambda: subprocess.run(
            command,
            check=True,
            env={**os.environ, **environment},
            capture_output=True,
            stdin=subprocess.DEVNULL,
        )
    )


def peak_memory(code: str, **environment: str) -> int:
    """Return the most memory, in KiB, that a fresh interpreter running *code* holds (its children apart).

    Not what getrusage(2) says: its ru_maxrss begins with what the process that started this one held.
    """
    import os

    tail = (
        "\nfrom pathlib import Path"
        "\nstatus = Path('/proc/self/status').read_text().splitlines()"
        "\nprint(next(line.split()[1] for line in status if line.startswith('VmHWM')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code + tail],
        check=True,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )
    return int(done.stdout.split()[-1])


def children_cpu() -> float:
    """Return the processor seconds of all ended children."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
