"""The token of the server, and the signatures that were made with it before listeners had credentials."""

from __future__ import annotations

import hashlib
import hmac

from msgspec import Struct


class Tokens(Struct, frozen=True):
    """Checks against *token*; None: the server asks for none, and nothing is right."""

    token: str | None

    def right(self, given: str) -> bool:
        """Return whether *given* is the token."""
        return self.token is not None and _same(given, self.token)

    @property
    def mark(self) -> str:
        """Which token this is, without a word about it; "-" for none."""
        return "-" if self.token is None else self._mark("credential")[:12]

    def earlier_cookie(self, value: str) -> bool:
        """Return whether *value* is the cookie of versions that knew one listener."""
        return self.token is not None and _same(value, self._mark("cookie"))

    def earlier_signature(self, path: str, given: str) -> bool:
        """Return whether *given* is the signature of *path* of versions that knew one listener.

        It is for any query.
        """
        return self.token is not None and _same(given, self._mark(path))

    def _mark(self, what: str) -> str:
        assert self.token is not None
        made = hmac.new(self.token.encode(), what.encode(errors="surrogatepass"), hashlib.sha256)
        return made.hexdigest()[:32]

    def __repr__(self) -> str:
        return "Tokens(...)"


def _same(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode(errors="surrogatepass"), right.encode(errors="surrogatepass"))
