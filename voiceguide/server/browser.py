"""What a browser's cookie says: who listens there now, and whose links were opened there."""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from voiceguide.server.signing import Claims, Purpose, Signer

MOST: Final = 16
"""Listeners that one browser remembers."""

_PATH: Final = "/"
_KNOWN: Final = re.compile(r"([a-z0-9]{1,40})\.([A-Za-z0-9_-]{1,40})")


class Known(Struct, frozen=True):
    """A listener whose link was opened in this browser, and what that link lives and dies with."""

    id: str
    link: str


class Browser(Struct, frozen=True):
    """The listener `current` ("" for nobody yet), the PIN with which they came, and who is `known` here."""

    current: str = ""
    pin: str = ""
    known: tuple[Known, ...] = ()

    def link(self, listener: str) -> str | None:
        """Return the link of *listener* that was opened here; None if none was."""
        return next((each.link for each in self.known if each.id == listener), None)

    def knowing(self, listener: str, link: str) -> Browser:
        """Return this browser after *link* of *listener* was opened in it."""
        others = [each for each in self.known if each.id != listener]
        return replace(self, known=(*others[-(MOST - 1) :], Known(listener, link)))


def written(browser: Browser, signer: Signer) -> str:
    """Return the cookie of *browser*."""
    claims = Claims(Purpose.BROWSER, browser.current, browser.pin)
    signature = signer.sign(claims, _PATH, [(each.id, each.link) for each in browser.known])
    return ":".join((signature, *(f"{each.id}.{each.link}" for each in browser.known)))


def read(cookie: str, signer: Signer) -> Browser | None:
    """Return what *cookie* says; None if it is none of ours, or too old."""
    signature, *rest = cookie.split(":", MOST + 1)
    found = [match for each in rest if (match := _KNOWN.fullmatch(each))]
    pairs = [(match[1], match[2]) for match in found]
    claims = signer.verified(signature, [Purpose.BROWSER], _PATH, pairs)
    if claims is None or len(found) != len(rest):
        return None
    return Browser(claims.listener, claims.credential, tuple(Known(*pair) for pair in pairs))
