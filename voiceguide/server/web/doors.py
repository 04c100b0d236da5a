"""The doors: by each a listener can come in, and who has come in by one is the visitor.

the browser's cookie            who listens there now, among those whose links were opened there
``?token=`` and Bearer          the server's token, or a token link
``?sig=``                       a signed address, of what players play
Basic                           an app password, on feeds and what is in them
none                            the nameless listener, where the server asks for no token
"""

from __future__ import annotations

import binascii
import hmac
from base64 import b64decode
from collections.abc import Callable, Iterable
from typing import Final

from flask import g, request
from msgspec import Struct

from voiceguide.listeners.ids import NAMELESS
from voiceguide.listeners.passwords import AppPassword, Door, hash_of
from voiceguide.listeners.pin import NO_PIN, Pin
from voiceguide.listeners.rights import Right
from voiceguide.listeners.roster import Listener, same_name
from voiceguide.server import browser
from voiceguide.server.browser import Browser
from voiceguide.server.links import link_of, looks_like_a_link, pin_of, token_of
from voiceguide.server.signing import PURPOSES, Claims, Pairs, Purpose, Signer
from voiceguide.server.tokens import Tokens
from voiceguide.server.web.who import NOBODY, OWNER, Visitor

COOKIE: Final = "voiceguide"

SAFE: Final = frozenset(["GET", "HEAD", "OPTIONS"])
"""Methods that change nothing, and that another site may ask for."""

SHARED: Final = ("/audio/", "/cover/", "/feed.xml", "/program/", "/voice/")
"""Addresses for players and podcast apps, which a signature admits."""

_LISTEN: Final = frozenset([Right.LISTEN])


class Choice(Struct, frozen=True):
    """A listener who can be chosen in this browser; `guarded`: with their PIN."""

    id: str
    name: str
    guarded: bool
    current: bool


class Opened(Struct, frozen=True):
    """Whose token link was opened, and what it lives and dies with."""

    id: str
    link: str
    guarded: bool


class Doors:
    """The doors of one application.

    *tokens* has the server's token; *listeners* returns those with a name. *signer* signs what is handed out.
    """

    def __init__(
        self, tokens: Tokens, signer: Signer, listeners: Callable[[], Iterable[Listener]] = tuple
    ) -> None:
        self.tokens = tokens
        self.signer = signer
        self._listeners = listeners

    @property
    def open(self) -> bool:
        """Whether the server asks for no token."""
        return self.tokens.token is None

    def admitted(self) -> Visitor:
        """Return who sends the request; `NOBODY` if nothing in it admits them."""
        signed = self.signed()
        if signed is not None:
            return signed
        kind, shown = authorization()
        if kind == "bearer" and (found := self._bearer(shown)) is not None:
            return found
        if kind == "basic" and (found := self._basic(shown)) is not None:
            return found
        if self.browser() is None and self.open:
            return self.owner()
        return self.listening()

    def listening(self) -> Visitor:
        """Return who listens in this browser by its cookie; nobody if their link or PIN is another by now."""
        there = self.browser() or Browser()
        if there.current == NAMELESS:
            return self.owner() if self.open or there.link(NAMELESS) == self.tokens.mark else NOBODY
        found = self._named(there.current) if there.current else None
        if found is None or there.link(found.id) != link_of(found) or there.pin != pin_of(found):
            return NOBODY
        return visitor_of(found)

    def signed(self) -> Visitor | None:
        """Return for whom the address of the request is signed; None if it is not, or no longer."""
        if "signed" not in g:
            g.signed = self._signed() if _may_be_signed() else None
        found: Visitor | None = g.signed
        return found

    def opened(self, token: str) -> Opened | None:
        """Return whose *token* it is: the server's own, or that of a link; None if it is nobody's."""
        if self.tokens.right(token):
            return Opened(NAMELESS, self.tokens.mark, False)
        claims = self.signer.verified(token, [Purpose.DEVICE], "/")
        found = self._named(claims.listener) if claims is not None else None
        if claims is None or found is None or claims.credential != link_of(found):
            return None
        return Opened(found.id, link_of(found), found.pin is not None)

    def token(self, listener: Listener) -> str:
        """Return the token of the link of *listener*, as it is now."""
        return token_of(listener, self.signer)

    def browser(self) -> Browser | None:
        """Return what the browser's cookie says; None if it has none that is valid."""
        if "browser" not in g:
            given = request.cookies.get(COOKIE, "")
            g.browser = browser.read(given, self.signer) if given else None
            if g.browser is None and self.tokens.earlier_cookie(given):
                g.browser = Browser(NAMELESS).knowing(NAMELESS, self.tokens.mark)
        found: Browser | None = g.browser
        return found

    def owner(self, may: frozenset[Right] = OWNER.may) -> Visitor:
        """Return the nameless listener, with the rights *may*."""
        return Visitor(OWNER.id, OWNER.name, may, credential=self.tokens.mark)

    def choices(self) -> tuple[Choice, ...]:
        """Return who can be chosen in this browser: all where no token is asked, else who is known there."""
        there = self.browser() or Browser(NAMELESS if self.open else "")
        found = [Choice(NAMELESS, "", False, there.current == NAMELESS)] if self._knows(there, None) else []
        for each in self._listeners():
            if self._knows(there, each):
                found.append(Choice(each.id, each.name, each.pin is not None, there.current == each.id))
        return tuple(found)

    def choice(self, listener: str) -> Choice | None:
        """Return the listener with this id if they can be chosen here."""
        return next((each for each in self.choices() if each.id == listener), None)

    def pin(self, listener: str) -> Pin:
        """Return the PIN of the listener with this id; one that nothing matches if there is none."""
        found = self._named(listener)
        return NO_PIN if found is None or found.pin is None else found.pin

    def chosen(self, listener: str) -> Browser:
        """Return this browser once the listener with this id listens there; for "", nobody does."""
        there = self.browser() or Browser()
        if listener == NAMELESS:
            return Browser(NAMELESS, "", there.known).knowing(NAMELESS, self.tokens.mark)
        found = self._named(listener)
        if found is None:
            return Browser("", "", there.known)
        return Browser(listener, pin_of(found), there.known).knowing(listener, link_of(found))

    def _knows(self, there: Browser, listener: Listener | None) -> bool:
        if self.open:
            return True
        if listener is None:
            return there.link(NAMELESS) == self.tokens.mark
        return there.link(listener.id) == link_of(listener)

    def _bearer(self, shown: str) -> Visitor | None:
        """Return whose token is *shown*. A link's is not enough for who has a PIN."""
        found = self.opened(shown)
        if found is None:
            return NOBODY if looks_like_a_link(shown) else None
        if found.id == NAMELESS:
            return self.owner()
        listener = self._named(found.id)
        return NOBODY if listener is None or found.guarded else visitor_of(listener)

    def _basic(self, shown: str) -> Visitor | None:
        """Return whose app password for feeds is *shown*, on the addresses of feeds."""
        if request.method not in SAFE or not is_of_a_feed(request.path):
            return None
        try:
            name, _, secret = b64decode(shown, validate=True).decode().rpartition(":")
        except (binascii.Error, ValueError):
            return None
        hashed, found = hash_of(secret), None
        # All of them are compared, so that it takes as long for a name that nobody has.
        for listener in self._listeners():
            for each in listener.passwords:
                if hmac.compare_digest(each.hashed, hashed) and each.door == Door.FEED:
                    found = listener, each
        return _by_password(*found) if found is not None and same_name(found[0].name, name) else None

    def _signed(self) -> Visitor | None:
        given = request.args.getlist("sig")
        if len(given) != 1:
            return None
        if self.tokens.earlier_signature(request.path, given[0]):
            return self.owner(_LISTEN)
        pairs: Pairs = [pair for pair in request.args.items(multi=True) if pair[0] != "sig"]
        claims = self.signer.verified(given[0], (Purpose.MEDIA, Purpose.FEED), request.path, pairs)
        return None if claims is None else self._claimed(claims)

    def _claimed(self, claims: Claims) -> Visitor | None:
        """Return for whom *claims* are, if what they live and die with is alive."""
        if claims.listener == NAMELESS:
            right = not self.open and claims.credential == self.tokens.mark
            return self.owner(_LISTEN) if right else None
        listener = self._named(claims.listener)
        if listener is None:
            return None
        if claims.purpose is Purpose.FEED:
            rows = (each for each in listener.passwords if each.door == Door.FEED)
            row = next((each for each in rows if each.id == claims.credential), None)
            return None if row is None else _by_password(listener, row)
        if claims.credential != link_of(listener):
            return None
        return Visitor(listener.id, listener.name, _LISTEN, listener.pin is not None, claims.credential)

    def _named(self, listener: str) -> Listener | None:
        return next((each for each in self._listeners() if each.id == listener), None)


def visitor_of(listener: Listener) -> Visitor:
    """Return *listener* as a visitor with all the rights they have."""
    return Visitor(listener.id, listener.name, listener.may, listener.pin is not None, link_of(listener))


def _by_password(listener: Listener, password: AppPassword) -> Visitor:
    return Visitor(
        listener.id, listener.name, _LISTEN, listener.pin is not None, password.id, by_password=True
    )


def is_of_a_feed(path: str) -> bool:
    """Return whether *path* is that of a feed, or can be in one."""
    return PURPOSES[Purpose.FEED].paths.fullmatch(path) is not None


def _may_be_signed() -> bool:
    return request.method in SAFE and request.path.startswith(SHARED)


def authorization() -> tuple[str, str]:
    """Return the kind of the request's Authorization header, in small letters, and what it shows."""
    # Parsed here: Flask decodes what follows "Basic", and fails if it cannot.
    kind, _, shown = request.headers.get("Authorization", "").partition(" ")
    return kind.lower(), shown.strip()
