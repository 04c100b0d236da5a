"""Requests with credentials that let nobody in: wrong, expired, revoked, swapped, truncated.

``python -m tests.server.web.fuzzed 50000`` sends so many over HTTP to a server of its own.
"""

from __future__ import annotations

import sys
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from msgspec.structs import replace

from tests.server.scripts import library
from tests.server.web.household import PIN, TOKEN, Household, household
from tests.server.web.signing import earlier, lasting, media
from tests.site import served
from voiceguide.listeners import Roster, granting
from voiceguide.listeners.passwords import Door
from voiceguide.script.library import Library
from voiceguide.server import browser
from voiceguide.server.browser import Browser
from voiceguide.server.links import link_of, pin_of, token_of
from voiceguide.server.signing import DAY, Signer
from voiceguide.server.web import create_app, state_of
from voiceguide.server.web.doors import COOKIE, is_of_a_feed
from voiceguide.server.web.who import Visitor
from voiceguide.session import Studio
from voiceguide.store import MemoryStore
from voiceguide.voices.engines.hum import HumEngine

KEY: Final = bytes(range(32))
DOORS: Final = ("token", "bearer", "cookie", "sig", "basic")
PATHS: Final = (
    "/", "/session/chair", "/read/chair", "/api/me", "/api/me/note", "/api/scripts", "/api/state/chair",
    "/audio/chair.mp3", "/audio/chair.mp3?length=2m", "/audio/chair.vtt", "/cover/chair.jpg?size=256",
    "/feed.xml", "/feed.xml?length=2m", "/voice/hum/low.mp3", "/me", "/listeners", "/program/x/feed.xml",
)  # fmt: skip
LETTERS: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:~"


@dataclass(frozen=True)
class Request:
    """A request that nobody may be let in by, and what is wrong with it."""

    wrong: str
    method: str
    path: str
    headers: dict[str, str]
    body: str = ""


@dataclass(frozen=True)
class Credentials:
    """Texts by door. `right` opens that door somewhere (signatures: at `addresses`), `dead` opens nothing."""

    right: dict[str, tuple[str, ...]]
    dead: dict[str, tuple[str, ...]]
    addresses: tuple[str, ...]

    def opens(self, door: str, text: str, path: str) -> bool:
        """Return whether *text* at *door* is right for *path* after all."""
        if door == "sig":
            return any(_same_address(each, _with(path, "sig", text)) for each in self.addresses)
        if door == "basic":
            name, _, secret = text.rpartition(":")
            text = f"{name.strip().casefold()}:{secret}"
            return is_of_a_feed(urlsplit(path).path) and text in self.right["basic"]
        return text in self.right["token" if door == "bearer" else door]


def credentials(home: Household) -> Credentials:
    """Return credentials of *home*: some right, some expired, revoked, or made with another key."""
    doors, roster = home.doors, home.roster
    anna, bert, dora = home.named(home.anna), home.named(home.bert), roster.add("Dora")
    past, other = Signer(KEY, lambda: 15_000.0 * DAY), Signer(bytes(32))
    (kept, phone), (gone, tablet) = home.password(home.anna), home.password(home.anna, "tablet")
    _, car = home.password(home.anna, "car", Door.SUBSONIC)
    own = Visitor(anna.id, "", frozenset(), credential=link_of(anna))
    by_phone, by_tablet = (
        Visitor(anna.id, "", frozenset(), credential=each.id, by_password=True) for each in (kept, gone)
    )
    there = Browser(anna.id).knowing(anna.id, link_of(anna)).knowing(bert.id, link_of(bert))
    let_in = (there, Browser(bert.id, pin_of(bert), there.known))
    before = (Browser("", "", there.known), Browser(bert.id, "0123456789ab", there.known))

    def signed(signer: Signer) -> tuple[str, ...]:
        usual, doors.signer = doors.signer, signer
        made = (
            media(home.app, "/audio/chair.mp3", "length=2m", own),
            media(home.app, "/cover/chair.jpg", "size=256", own),
            lasting(home.app, "/feed.xml", "", by_phone),
            lasting(home.app, "/audio/chair.mp3", "", by_phone),
            lasting(home.app, "/feed.xml"),
        )
        doors.signer = usual
        return made

    dead = [*(each for each in signed(past) if "=1m" in each), *signed(other)]
    dead.append(lasting(home.app, "/feed.xml", "", by_tablet))
    right = (*signed(doors.signer), earlier(TOKEN, "/audio/chair.mp3"))
    dead_tokens = (
        token_of(dora, doors.signer),
        token_of(anna, other),
        token_of(replace(anna, links=1), doors.signer),
        home.token(home.bert),  # who has a PIN
    )
    roster.remove(dora)
    granting.remove_password(roster, anna.id, gone.id)
    return Credentials(
        {
            "token": (TOKEN, home.token(home.anna), home.token(home.carla)),
            "cookie": tuple(browser.written(each, doors.signer) for each in let_in),
            "sig": tuple(each.partition("sig=")[2] for each in right),
            "basic": (f"anna:{phone}",),
        },
        {
            "token": dead_tokens,
            "cookie": (
                *(browser.written(each, signer) for signer in (past, other) for each in let_in),
                *(browser.written(each, doors.signer) for each in before),
            ),
            "sig": tuple(each.partition("sig=")[2] for each in dead),
            "basic": (f"Anna:{car}", f"Anna:{tablet}", f"Bert:{phone}", f"{phone}:", f":{phone}"),
        },
        right,
    )


def requests(home: Household, count: int, seed: int) -> Iterator[Request]:
    """Yield *count* requests with nothing in them that lets anybody into *home*."""
    chance, there = Random(seed), credentials(home)
    known = browser.written(Browser().knowing(home.bert, "0"), home.doors.signer)
    while count:
        if chance.random() < 0.02:
            given = "".join(chance.choices("0123456789", k=4))
            if given != PIN:
                headers = {"Cookie": f"{COOKIE}={known}", "Content-Type": "application/x-www-form-urlencoded"}
                yield Request("pin", "POST", f"/as/{home.bert}", headers, f"pin={given}")
                count -= 1
            continue
        door, path = chance.choice(DOORS), chance.choice(PATHS)
        wrong, text = _wrong(chance, there, door)
        if not there.opens(door, text, path):
            method = chance.choice(("GET", "GET", "GET", "HEAD", "POST", "PUT", "DELETE"))
            yield shown(f"{wrong} at {door}", door, text, path, method)
            count -= 1


def _wrong(chance: Random, there: Credentials, door: str) -> tuple[str, str]:
    """Return a text that is mostly wrong at *door*, and how it came to be."""
    pool = {each: (*there.right[each], *there.dead[each]) for each in there.right}
    own = pool["token" if door == "bearer" else door]
    how = chance.choice(("dead", "swapped", "truncated", "changed", "longer", "mixed", "random"))
    text = chance.choice(own)
    match how:
        case "dead":
            text = chance.choice(there.dead["token" if door == "bearer" else door])
        case "swapped":
            text = chance.choice(pool[chance.choice(sorted(pool))])
        case "truncated":
            cut = chance.randrange(len(text))
            text = chance.choice((text[:cut], text[cut:], text[: -1 - cut % 3]))
        case "changed":
            at = chance.randrange(len(text))
            text = text[:at] + chance.choice(LETTERS) + text[at + 1 :]
        case "longer":
            at = chance.randrange(len(text) + 1)
            text = text[:at] + "".join(chance.choices(LETTERS, k=chance.randrange(1, 30))) + text[at:]
        case "mixed":
            one, other = text.split("."), chance.choice(pool[chance.choice(sorted(pool))]).split(".")
            text = ".".join(chance.choice(pair) for pair in zip(one, other, strict=False)) or "."
        case _:
            text = "".join(chance.choices(LETTERS, k=chance.randrange(80)))
    return how, text


def shown(wrong: str, door: str, text: str, path: str, method: str = "GET") -> Request:
    """Return a request that shows *text* at *door*."""
    headers = {"Accept": "text/html"}
    if door in ("token", "sig"):
        path = _with(path, door, text)
    elif door == "cookie":
        headers["Cookie"] = f"{COOKIE}={text}"
    else:
        shown = b64encode(text.encode()).decode() if door == "basic" else text
        headers["Authorization"] = f"{door.title()} {shown}"
    body = '{"record": {"text": "x"}, "at": 1, "device": "d"}' if method in ("POST", "PUT") else ""
    if body:
        headers["Content-Type"] = "application/json"
    return Request(wrong, method, path, headers, body)


def let_in(status: int, headers: dict[str, str]) -> bool:
    """Return whether an answer lets anybody in: it is one, or leads to more than the question who it is."""
    return (
        status < 300
        or status == 304
        or (status < 400 and urlsplit(headers.get("location", "")).path != "/as")
    )


def _with(path: str, name: str, text: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}{urlencode({name: text})}"


def _same_address(right: str, given: str) -> bool:
    one, other = urlsplit(right), urlsplit(given)
    pairs = sorted(parse_qsl(one.query)), sorted(parse_qsl(other.query))
    if one.path == other.path and len(dict(pairs[0])["sig"]) == 32:  # an earlier one, for any query
        return dict(pairs[0])["sig"] == dict(pairs[1]).get("sig")
    return one.path == other.path and pairs[0] == pairs[1]


def send(port: int, given: Iterator[Request]) -> tuple[Counter[str], list[Request]]:
    """Send *given* to the server on *port*; return how often each was answered how, and who was let in."""
    answers: Counter[str] = Counter()
    inside = []
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        for each in given:
            connection.request(each.method, each.path, each.body or None, each.headers)
            response = connection.getresponse()
            response.read()
            answers[f"{response.status} {each.wrong}"] += 1
            if let_in(response.status, {name.lower(): value for name, value in response.getheaders()}):
                inside.append(each)
    return answers, inside


def main(count: int) -> int:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        studio = stack.enter_context(
            Studio(
                store=MemoryStore(),
                jobs=1,
                engines=(HumEngine(),),
                library=Library([_filled(folder / "scripts")]),
            )
        )
        roster = Roster(folder / "listeners")
        app = create_app(studio, token=TOKEN, folder=folder / "cache", roster=roster, key=KEY)
        home = household(app, roster)
        host = stack.enter_context(served(app, state_of(app).close))
        answers, inside = send(host.port, requests(home, count, seed=count))
    for answer, times in sorted(answers.items()):
        print(f"{times:7}  {answer}")
    print(f"{len(inside)} of {sum(answers.values())} were let in")
    for each in inside[:10]:
        print(each)
    return 1 if inside else 0


def _filled(folder: Path) -> Path:
    library(folder)
    return folder


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
