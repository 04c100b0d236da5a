"""A listener's PIN, of which only a slow hash is kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from typing import Annotated, Final

from msgspec import Meta, Struct

from voiceguide.errors import LimitError

SHORTEST: Final = 4
LONGEST: Final = 64
"""Of a PIN, in letters or digits."""

_MEMORY: Final = 128 * 1024 * 1024

_Salt = Annotated[bytes, Meta(min_length=16, max_length=64)]
_Cost = Annotated[int, Meta(ge=1, le=2**16)]


class Pin(Struct, frozen=True):
    """The hash of a PIN by scrypt, with its salt and its cost: `n`, `r` and `p`."""

    salt: _Salt
    hashed: _Salt
    n: _Cost = 2**14
    r: _Cost = 8
    p: _Cost = 1

    def right(self, given: str) -> bool:
        """Return whether *given* is the PIN; it takes as long whatever is given."""
        return hmac.compare_digest(_hash(given, self.salt, self.n, self.r, self.p), self.hashed)

    @property
    def mark(self) -> str:
        """Which PIN this is, without a word about it: another for each that is set."""
        return hashlib.sha256(b"voiceguide pin " + self.salt).hexdigest()[:12]

    def __repr__(self) -> str:
        return "Pin(...)"


NO_PIN: Final = Pin(bytes(16), bytes(32))
"""The PIN of nobody: nothing is right, and asking takes as long."""


def new_pin(text: str) -> Pin:
    """Return the PIN *text*, to be kept.

    Raises:
        LimitError: if it is too short or too long.
    """
    if not SHORTEST <= len(_plain(text)) <= LONGEST:
        raise LimitError(f"a PIN has {SHORTEST} to {LONGEST} digits or letters; choose another")
    salt = secrets.token_bytes(16)
    made = Pin(salt, bytes(32))
    return Pin(salt, _hash(text, salt, made.n, made.r, made.p))


def _hash(text: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    plain = _plain(text[: 2 * LONGEST]).encode(errors="surrogatepass")
    return hashlib.scrypt(plain, salt=salt, n=n, r=r, p=p, maxmem=_MEMORY, dklen=32)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()
