"""Doors: whether the time that a refusal takes tells what was wrong.

Each pair of credentials is refused for different reasons, and asked in random turns in one run, so that what
else the machine does falls on both. A figure is the rank test of Mann and Whitney: by how many of its own
standard deviations the one comes out slower than the other. Beside it stands the same figure for a credential
and itself, asked in the same turns: as large as chance makes it.
"""

from __future__ import annotations

import math
import statistics
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final

from flask import Flask
from flask.testing import FlaskClient

from benchmarks.report import Result, seconds
from voiceguide.listeners import Roster, granting
from voiceguide.listeners.passwords import Door
from voiceguide.listeners.pin import new_pin
from voiceguide.server.signing import Claims, Purpose, Signer
from voiceguide.server.web import create_app, state_of
from voiceguide.server.web.pins import PinDesk
from voiceguide.session import Studio

TIMES: Final = 4_000
"""Of each kind; of PINs, which are slow, a fortieth."""

NOISE: Final = 4.0
"""Standard deviations that chance reaches once in some fifteen thousand times."""

LISTENERS: Final = 20
_UNKNOWN: Final = "00c0ffee00c0ffee"
_KEY: Final = bytes(range(32))
_SOUND: Final = "/audio/body-scan.mp3"

Ask = Callable[[], object]


def household(folder: Path) -> tuple[Flask, Roster, str]:
    """Return an application for `LISTENERS`, their names, and the id of one in the middle who has a PIN."""
    roster = Roster(folder)
    for number in range(LISTENERS):
        made = roster.add(f"Listener {number:02}")
        for label in ("phone", "tablet"):
            granting.add_password(roster, made.id, label, Door.FEED)
    found = roster.find(f"Listener {LISTENERS // 2}")
    granting.set_pin(roster, found.id, new_pin("2468"))
    studio = Studio(jobs=1)
    return create_app(studio, token="a-long-token", roster=roster, key=_KEY), roster, found.id


def rank(one: Sequence[float], other: Sequence[float]) -> float:
    """Return by how many standard deviations *one* ranks above *other*."""
    both = sorted([(took, 0) for took in one] + [(took, 1) for took in other])
    ranks = sum(place for place, (_, which) in enumerate(both, 1) if which == 0)
    n, m = len(one), len(other)
    above = ranks - n * (n + 1) / 2
    return (above - n * m / 2) / math.sqrt(n * m * (n + m + 1) / 12)


def compared(name: str, kinds: Sequence[tuple[str, Ask]], times: int) -> Iterator[Result]:
    """Time *kinds* in random turns; yield the first against each other, and beside it against itself."""
    turns = [at for at in range(len(kinds)) for _ in range(times)]
    Random(times).shuffle(turns)
    took: list[list[float]] = [[] for _ in kinds]
    for at in turns:
        took[at].append(seconds(kinds[at][1]))
    first, again, *others = took
    itself = abs(rank(first, again))
    usual = statistics.median(first)
    for (label, _), each in zip(kinds[2:], others, strict=True):
        apart = statistics.median(each) - usual
        detail = (
            f"standard deviations of {times} each; itself {itself:.1f}; "
            f"medians {1e6 * usual:.0f} and {1e6 * apart:+.1f} us"
        )
        yield Result(f"{name}: {kinds[0][0]}, or {label}", abs(rank(first, each)), NOISE, detail)


def signatures(client: FlaskClient, listener: str) -> list[tuple[str, Ask]]:
    """Return requests with signatures that are wrong in different ways."""
    signer = Signer(_KEY)

    def asked(purpose: Purpose, who: str, credential: str, *, right: bool = False) -> Ask:
        made = signer.sign(Claims(purpose, who, credential), _SOUND)
        text = made if right else made[:-4] + ("aaaa" if made[-4:] != "aaaa" else "bbbb")
        return lambda: client.get(f"{_SOUND}?sig={text}")

    usual = asked(Purpose.MEDIA, listener, "0")
    first_letter = signer.sign(Claims(Purpose.MEDIA, listener, "0"), _SOUND)
    said, _, mac = first_letter.rpartition(".")
    early = f"{said}.{'a' if mac[0] != 'a' else 'b'}{mac[1:]}"
    return [
        ("a wrong end of the MAC", usual),
        ("", usual),
        ("a wrong beginning", lambda: client.get(f"{_SOUND}?sig={early}")),
        ("an unknown listener", asked(Purpose.MEDIA, _UNKNOWN, "0")),
        ("an unknown purpose", lambda: client.get(f"{_SOUND}?sig={early.replace('1m', '1z', 1)}")),
    ]


def links(client: FlaskClient, listener: str) -> list[tuple[str, Ask]]:
    """Return requests with token links that are wrong."""

    def asked(who: str) -> Ask:
        made = Signer(_KEY).sign(Claims(Purpose.DEVICE, who, "0"), "/")
        headers = {"Authorization": f"Bearer {made[:-4]}{'aaaa' if made[-4:] != 'aaaa' else 'bbbb'}"}
        return lambda: client.get("/api/me", headers=headers)

    usual = asked(listener)
    return [("a wrong token of a listener", usual), ("", usual), ("of nobody", asked(_UNKNOWN))]


def passwords(client: FlaskClient, name: str) -> list[tuple[str, Ask]]:
    """Return requests with app passwords that are wrong."""

    def asked(who: str) -> Ask:
        headers = {"Authorization": "Basic " + b64encode(f"{who}:{'x' * 24}".encode()).decode()}
        return lambda: client.get("/feed.xml", headers=headers)

    usual = asked(name)
    return [("a wrong password of a listener", usual), ("", usual), ("of nobody", asked("Nobody at 99"))]


def pins(app: Flask, roster: Roster, listener: str) -> list[tuple[str, Ask]]:
    """Return wrong PINs; each is the first, as the others would not be looked at."""
    doors = state_of(app).doors

    def asked(who: str, given: str) -> Ask:
        return lambda: PinDesk().right(who, doors.pin(who), given, "10.0.0.1")

    usual = asked(listener, "1357")
    return [
        ("a wrong PIN of a listener", usual),
        ("", usual),
        ("one that is nearly right", asked(listener, "2467")),
        ("of a listener without one", asked(roster.all()[0].id, "1357")),
        ("of nobody", asked(_UNKNOWN, "1357")),
    ]


def all_results() -> Iterator[Result]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        app, roster, listener = household(folder)
        stack.callback(state_of(app).close)
        client = app.test_client()
        name = roster.of(listener).name
        yield from compared("signed address", signatures(client, listener), TIMES)
        yield from compared("token link", links(client, listener), TIMES)
        yield from compared("app password", passwords(client, name), TIMES)
        yield from compared("PIN", pins(app, roster, listener), TIMES // 40)
