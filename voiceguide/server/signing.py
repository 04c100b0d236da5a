"""Signs and verifies what admits without a password: addresses, token links, and the browser's cookie.

A signature has five parts between dots: version and purpose, the listener's id, what it lives and dies with,
when it expires, and a MAC over all of these, the path and every other parameter of the query::

    1f.4c0ffee0.9d2e1a77..Zm9vYmFy...      a feed's, with an app password, for ever
    1m.4c0ffee0.2.20788.c2lnbmF0...        sound's, with the second token link, until day 20788
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import time
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Final

from msgspec import Struct

DAY: Final = 86_400
"""In seconds."""

_VERSION: Final = "1"
_FORM: Final = re.compile(
    r"1([a-z])\.([a-z0-9]{0,40})\.([A-Za-z0-9_-]{0,40})\.([0-9]{0,9})\.([A-Za-z0-9_-]{22})"
)
_MAC_BYTES: Final = 16


class Purpose(StrEnum):
    """What a signature is for, as it is written in one."""

    MEDIA = "m"
    FEED = "f"
    DEVICE = "d"
    BROWSER = "b"


class Terms(Struct, frozen=True):
    """How long a signature lasts, in whole days (None: for ever), and a pattern of the paths it is for."""

    days: int | None
    paths: re.Pattern[str]


PURPOSES: Final = {
    # What pages hand to players.
    Purpose.MEDIA: Terms(1, re.compile(r"/(audio|cover|voice)/.+", re.DOTALL)),
    # A feed and what is in it: a subscription outlives every day, and ends with its app password.
    Purpose.FEED: Terms(
        None, re.compile(r"/feed\.xml|/program/[^/]+/feed\.xml|/(audio|cover)/.+", re.DOTALL)
    ),
    # The token link of a listener, on whatever page it is opened.
    Purpose.DEVICE: Terms(None, re.compile(r"/")),
    # The cookie; its parameters are the listeners whose links were opened in this browser.
    Purpose.BROWSER: Terms(400, re.compile(r"/")),
}
"""The table of purposes. MEDIA is rounded up to whole days, so that caches know an address again."""


class Claims(Struct, frozen=True):
    """What a signature says: for whom it is, and with which `credential` it ends."""

    purpose: Purpose
    listener: str
    credential: str


Pairs = Iterable[tuple[str, str]]
"""Parameters of a query, by name, in any order."""


class Signer:
    """Signs and verifies with *key*, 32 random bytes; *now* returns seconds since 1970."""

    def __init__(self, key: bytes, now: Callable[[], float] = time.time) -> None:
        self._key = key
        self._now = now

    def sign(self, claims: Claims, path: str, pairs: Pairs = ()) -> str:
        """Return the signature of *path* with *pairs*, for the value of ``sig``."""
        terms = PURPOSES[claims.purpose]
        assert terms.paths.fullmatch(path), path
        # The day after which it is refused: between `days` and a day more from now.
        until = "" if terms.days is None else str(int(self._now() // DAY) + terms.days + 1)
        said = f"{_VERSION}{claims.purpose}.{claims.listener}.{claims.credential}.{until}"
        return f"{said}.{self._mac(said, path, pairs)}"

    def verified(self, text: str, purposes: Iterable[Purpose], path: str, pairs: Pairs = ()) -> Claims | None:
        """Return what the signature *text* of *path* with *pairs* says.

        None if it is none, is for none of these *purposes*, has expired, or is for another path or query.
        """
        found = _FORM.fullmatch(text)
        letter, listener, credential, until, mac = found.groups() if found else ("", "", "", "", "")
        right = hmac.compare_digest(self._mac(text.rpartition(".")[0], path, pairs).encode(), mac.encode())
        purpose = next((each for each in purposes if each == letter), None)
        if not right or purpose is None:
            return None
        terms = PURPOSES[purpose]
        lasts = terms.days is None if until == "" else int(until) > self._now() // DAY
        if not lasts or not terms.paths.fullmatch(path):
            return None
        return Claims(purpose, listener, credential)

    def alias(self, listener: str, name: str) -> str:
        """Return letters that stand for *name* to *listener*, and to others for nothing."""
        return _letters(self._hmac("alias", listener, name)[:9])

    def _mac(self, said: str, path: str, pairs: Pairs) -> str:
        flat = (part for pair in sorted(pairs) for part in pair)
        return _letters(self._hmac("sign", said, path, *flat)[:_MAC_BYTES])

    def _hmac(self, *parts: str) -> bytes:
        """Return the MAC of *parts*, each with its length, so that no two lists are written alike."""
        made = hmac.new(self._key, digestmod=hashlib.sha256)
        for part in parts:
            data = part.encode(errors="surrogatepass")
            made.update(len(data).to_bytes(8, "big") + data)
        return made.digest()


def _letters(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
