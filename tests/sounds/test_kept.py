from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from voiceguide.errors import AssetError
from voiceguide.sounds.kept import Kept


def test_nobody_waits_for_what_others_load() -> None:
    """While one thing is loaded, another is at hand; who asks for the same one gets it, loaded once."""
    kept: Kept[str, str] = Kept(3)
    begun, let = threading.Event(), threading.Event()
    loads = 0

    def slow() -> str:
        nonlocal loads
        loads += 1
        begun.set()
        assert let.wait(30)
        return "slow"

    with ThreadPoolExecutor(4) as others:
        found = [others.submit(kept.get, "slow", slow) for _ in range(4)]
        assert begun.wait(30)
        assert kept.get("quick", lambda: "quick") == "quick"
        let.set()
        assert [each.result(30) for each in found] == ["slow"] * 4
    assert loads == 1


def test_the_last_used_stay() -> None:
    """Of more than fit, those used last are kept; what cannot be loaded is nobody's, and is tried again."""
    kept: Kept[int, str] = Kept(2)
    for number in (1, 2, 1, 3):
        kept.get(number, lambda: "thing")
    assert [kept.find(number) for number in (1, 2, 3)] == ["thing", None, "thing"]

    def fails() -> str:
        raise AssetError("no")

    for _ in range(2):
        with pytest.raises(AssetError):
            kept.get(9, fails)
    assert kept.get(9, lambda: "there") == "there"
