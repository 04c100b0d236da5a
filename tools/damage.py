"""``python -m tools.damage [--count N] [--seed N]``: files of the cache spoilt in every way, and asked for.

`voiceguide serve` makes sessions in every format. Half of the damage is done while it runs, to files that it
has looked at, half while it does not. Whatever it answers then has to be what a whole file has: never a byte
of a spoilt one.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from http.client import HTTPConnection
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final

from tools.nonsense import running
from voiceguide.files import clear
from voiceguide.server import seal

ADDRESSES: Final = tuple(
    f"/audio/ground-now.{ending}?voice=hum&length={length}&download=1"
    for length in ("60s", "75s")
    for ending in ("mp3", "wav", "m4a", "m4b", "opus", "flac", "vtt", "json", "txt", "svg")
)
_ROUNDS: Final = 10


def flipped(path: Path, chance: Random) -> None:
    """Turn one bit, and leave the times as they were."""
    data, told = bytearray(path.read_bytes()), path.stat()
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)
    os.utime(path, ns=(told.st_atime_ns, told.st_mtime_ns))


def truncated(path: Path, chance: Random) -> None:
    os.truncate(path, chance.randrange(path.stat().st_size))


def emptied(path: Path, _chance: Random) -> None:
    os.truncate(path, 0)


def grown(path: Path, chance: Random) -> None:
    with path.open("ab") as file:
        file.write(chance.randbytes(chance.choice((1, 5000))))


def copied(path: Path, chance: Random) -> None:
    """Put a whole file under another's name."""
    path.write_bytes(_another(path, chance).read_bytes())


def swapped(path: Path, chance: Random) -> None:
    other, between = _another(path, chance), path.with_name("between")
    path.rename(between)
    other.rename(path)
    between.rename(other)


def folder(path: Path, _chance: Random) -> None:
    path.unlink()
    path.mkdir()
    (path / "inside").write_bytes(b"x")


def unreadable(path: Path, chance: Random) -> None:
    flipped(path, chance)  # for root, who reads it all the same
    path.chmod(0)


def dangling(path: Path, _chance: Random) -> None:
    path.unlink()
    path.symlink_to("nowhere")


def linked(path: Path, chance: Random) -> None:
    other = _another(path, chance)
    path.unlink()
    path.symlink_to(other)


def pipe(path: Path, _chance: Random) -> None:
    path.unlink()
    os.mkfifo(path)


KINDS: Final[tuple[Callable[[Path, Random], None], ...]] = (
    flipped, truncated, emptied, grown, copied, swapped, folder, unreadable, dangling, linked, pipe,
)  # fmt: skip


def files(cache: Path) -> list[Path]:
    """Return what is kept below *cache*, and is a file with something in it."""
    found = [*cache.glob("sessions/??/*"), *cache.glob("clips/??/*")]
    return sorted(each for each in found if each.is_file() and not each.is_symlink() and each.stat().st_size)


def _another(path: Path, chance: Random) -> Path:
    others = [each for each in files(path.parent.parent.parent) if each != path]
    alike = [each for each in others if each.suffix == path.suffix]
    return chance.choice(alike or others)


def spoil(cache: Path, count: int, chance: Random, kinds: Counter[str]) -> None:
    """Do *count* damages to what is kept below *cache*, of every kind in turn."""
    for _ in range(count):
        kind = KINDS[kinds.total() % len(KINDS)]
        kind(chance.choice(files(cache)), chance)
        kinds[kind.__name__] += 1


def whole(cache: Path) -> set[str]:
    """Return the hashes of what is kept and is what its seal says."""
    found = set()
    for path in files(cache):
        if path.parent.parent.name == "sessions" and os.access(path, os.R_OK):
            with path.open("rb") as file:
                if seal.holds(path.name, file):
                    found.add(hashlib.sha256(path.read_bytes()).hexdigest())
    return found


def asked(port: int, cache: Path, good: dict[str, set[str]]) -> list[str]:
    """Return the addresses that answer neither what they did before nor what is whole in *cache* now."""
    wrong = []
    for address in ADDRESSES:
        connection = HTTPConnection("127.0.0.1", port, timeout=600)
        connection.request("GET", address)
        response = connection.getresponse()
        told = hashlib.sha256(response.read()).hexdigest()
        connection.close()
        known = good.setdefault(address, set())
        if response.status != 200 or (known and told not in known and told not in whole(cache)):
            wrong.append(f"{address} ({response.status})")
        known.add(told)
    return wrong


def main(words: Sequence[str] | None = None) -> int:
    """Print how many damages of each kind were done, and what of it was served; return 1 if anything was."""
    parser = argparse.ArgumentParser(prog="python -m tools.damage", description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(words)
    chance = Random(given.seed)  # noqa: S311
    kinds: Counter[str] = Counter()
    good: dict[str, set[str]] = {}
    served = []
    with TemporaryDirectory() as name:
        cache = Path(name) / "cache"
        each = max(1, given.count // _ROUNDS // 2)
        while kinds.total() < given.count:
            with running(Path(name), "serve") as (port, _, log):
                served += asked(port, cache, good)
                for _ in range(each):
                    spoil(cache, 1, chance, kinds)
                    served += asked(port, cache, good)
                if "Traceback" in log.read_text():
                    served.append("a traceback in the log")
            spoil(cache, each, chance, kinds)
        with running(Path(name), "serve") as (port, _, _):
            served += asked(port, cache, good)
        clear(cache)
    print(dict(kinds))
    print(f"{kinds.total()} damaged, {len(served)} served", *served, sep="\n")
    return 1 if served else 0


if __name__ == "__main__":
    sys.exit(main())
