"""Names of exercises in addresses, for who has a PIN: letters that mean something to them alone.

A browser keeps addresses in its history and suggests them; ``/session/~6AsVdPqk2mXw`` tells nobody what was
heard, and for another listener there is nothing at that address.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from urllib.parse import parse_qsl, urlencode

from msgspec import Struct

from voiceguide.server.signing import Signer

_SIGN: Final = "~"
_PROGRAM: Final = "program"
"""The parameter that has the name of a program, a dot, and a day."""


class Veil(Struct, frozen=True):
    """Veils names in addresses of *listener*."""

    signer: Signer
    listener: str

    def over(self, name: str) -> str:
        """Return what stands for *name*."""
        return _SIGN + self.signer.alias(self.listener, name)

    def lifted(self, text: str, names: Iterable[str]) -> str:
        """Return the one of *names* that *text* stands for; *text* itself if it stands for none."""
        if not text.startswith(_SIGN):
            return text
        return next((name for name in names if self.over(name) == text), text)

    def over_query(self, query: str) -> str:
        """Return *query* with the name of its program veiled."""
        return urlencode([self.over_pair(*pair) for pair in parse_qsl(query, keep_blank_values=True)])

    def over_pair(self, name: str, text: str) -> tuple[str, str]:
        """Return a parameter of a query with the name of its program veiled."""
        program, dot, day = text.rpartition(".")
        if name != _PROGRAM or not program or veiled(text):
            return name, text
        return name, self.over(program) + dot + day

    def lifted_pair(self, name: str, text: str, programs: Iterable[str]) -> tuple[str, str]:
        """Return a parameter of a query as it was before `over_pair`."""
        if name != _PROGRAM or not veiled(text):
            return name, text
        program, dot, day = text.rpartition(".")
        return name, self.lifted(program, programs) + dot + day


def veiled(text: str) -> bool:
    """Return whether *text* may be a veiled name."""
    return text.startswith(_SIGN)
