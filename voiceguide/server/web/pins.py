"""Asks for PINs: slowly for who guesses, and never many at once."""

from __future__ import annotations

import ipaddress
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from werkzeug.exceptions import TooManyRequests

from voiceguide.errors import BusyError
from voiceguide.listeners.pin import Pin, new_pin
from voiceguide.server.slowing import Slowing

AT_ONCE: Final = 2
"""PINs that are hashed at once; each takes 16 MiB and some hundredths of a second of a processor."""

_PATIENCE: Final = 10.0
"""In seconds."""


class PinDesk:
    """Where PINs are shown."""

    def __init__(self, slowing: Slowing | None = None) -> None:
        self._slowing = slowing or Slowing()
        self._seats = threading.BoundedSemaphore(AT_ONCE)

    def right(self, listener: str, pin: Pin, given: str, place: str) -> bool:
        """Return whether *given* is the *pin* of *listener*; it comes from the address *place*.

        Raises:
            TooManyRequests: if wrong ones came before, for this listener or from there. Says how long.
            BusyError: if too many ask at once.
        """
        names = f"listener {listener}", f"place {_network(place)}"
        wait = self._slowing.begin(*names)
        if wait:
            raise TooManyRequests(f"too many wrong PINs; try again in {wait} seconds", retry_after=wait)
        with self._seated():
            right = pin.right(given)
        if right:
            self._slowing.right(*names)
        return right

    def made(self, text: str) -> Pin:
        """Return the PIN *text*, to be kept.

        Raises:
            LimitError: if it is too short or too long.
            BusyError: if too many ask at once.
        """
        with self._seated():
            return new_pin(text)

    @contextmanager
    def _seated(self) -> Iterator[None]:
        if not self._seats.acquire(timeout=_PATIENCE):
            raise BusyError("too many PINs are being asked for; try again in 10 seconds", 10)
        try:
            yield
        finally:
            self._seats.release()


def _network(place: str) -> str:
    """Return the address *place*; of IPv6 its network, as a machine there has many."""
    try:
        found = ipaddress.ip_address(place.partition("%")[0])
    except ValueError:
        return place
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else str(found)
