"""Who may listen: one token for everybody, carried by a cookie, or by a signature in an address."""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import quote, urlencode

from msgspec import Struct

COOKIE = "voiceguide"


class Tokens(Struct, frozen=True):
    """Checks and signs with *token*; None lets everybody in and signs nothing."""

    token: str | None

    def right(self, given: str) -> bool:
        """Return whether *given* is the token."""
        return self.token is not None and hmac.compare_digest(given.encode(), self.token.encode())

    def cookie(self) -> str:
        """Return what the cookie holds: not the token itself, so that it cannot be read off there."""
        return self._mark("cookie")

    def admits(self, cookie: str, path: str, signature: str) -> bool:
        """Return whether who shows *cookie*, or asks for *path* with *signature*, may come in."""
        if self.token is None:
            return True
        return hmac.compare_digest(cookie.encode(), self.cookie().encode()) or hmac.compare_digest(
            signature.encode(), self._mark(path).encode()
        )

    def address(self, path: str, query: str = "") -> str:
        """Return the address of *path*, which players without a cookie can follow too."""
        signed = urlencode({"sig": self._mark(path)}) if self.token is not None else ""
        asked = "&".join(each for each in (query, signed) if each)
        return quote(path) + (f"?{asked}" if asked else "")

    def _mark(self, what: str) -> str:
        assert self.token is not None
        return hmac.new(self.token.encode(), what.encode(), hashlib.sha256).hexdigest()[:32]
