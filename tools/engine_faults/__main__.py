"""``python -m tools.engine_faults [WORD ...]``."""

from __future__ import annotations

import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools.engine_faults.faults import FAULTS
from tools.engine_faults.trial import Outcome, plain, tried


def main(words: list[str]) -> int:
    """Try every fault, print a table, and return 1 if anything was wrong."""
    chosen = [name for name in FAULTS if not words or any(word in name for word in words)]
    tries = [(name, alone) for name in chosen for alone in (True, False) if alone or not FAULTS[name].alone]
    with tempfile.TemporaryDirectory() as place, ThreadPoolExecutor(4) as pool:
        expected = plain(Path(place, "plain"))

        def trial(number: int) -> Outcome:
            name, alone = tries[number]
            return tried(FAULTS[name], Path(place, str(number)), isolated=alone, expected=expected)

        outcomes = []
        for (name, alone), outcome in zip(tries, pool.map(trial, range(len(tries))), strict=True):
            where = "its own" if alone else "ours"
            print(f"{name:28} {where:8} {outcome.seconds:6.1f} s  {outcome.status:3}  ", end="")
            print(outcome.wrong.upper() or "as it should", f"| {outcome.said[:150]}", flush=True)
            outcomes.append(outcome)
    failed = sum(bool(outcome.wrong) for outcome in outcomes)
    print(f"{len(chosen)} kinds of fault, {len(tries)} sessions, {failed} not as they should be")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
