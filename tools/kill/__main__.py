"""``python -m tools.kill [--renders 1000] [--servings 200] [--seed 1]``: kill -9 at any moment, and a table.

Status 1 if a file that has its name was not whole, or if parts were left after the next run.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from pathlib import Path

from tools.kill.nursery import prepare
from tools.kill.renders import Renders, Tally
from tools.kill.servings import Servings


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.kill", description=__doc__)
    parser.add_argument("--renders", type=int, default=1000)
    parser.add_argument("--servings", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    prepare()
    with tempfile.TemporaryDirectory(prefix="kill-") as name:
        tallies = {}
        for kind, make, count in (
            ("renders", Renders, asked.renders),
            ("servings", Servings, asked.servings),
        ):
            chance = random.Random(f"{kind} {asked.seed}")  # noqa: S311
            killing = make(Path(name, kind), chance)
            for number in range(count):
                killing.round()
                if (number + 1) % 50 == 0:
                    _show(kind, killing.tally)
            tallies[kind] = killing.tally
    print("\n== in all")
    for kind, tally in tallies.items():
        _show(kind, tally)
    return int(any(tally.wrong or tally.left for tally in tallies.values()))


def _show(kind: str, tally: Tally) -> None:
    print(
        f"{kind:<9} {tally.rounds:5} rounds {tally.killed:5} killed {len(tally.wrong):4} wrong "
        f"{len(tally.left):4} left  {dict(tally.seen)}",
        flush=True,
    )
    for each in [*tally.wrong[:5], *tally.left[:5]]:
        print(f"    {each}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
