"""The token link of a listener, and which link and PIN they have."""

from __future__ import annotations

from voiceguide.listeners.roster import Listener
from voiceguide.server.signing import Claims, Purpose, Signer


def link_of(listener: Listener) -> str:
    """Return which link of *listener* is the right one."""
    return str(listener.links)


def token_of(listener: Listener, signer: Signer) -> str:
    """Return the token of the link of *listener*, as it is now."""
    return signer.sign(Claims(Purpose.DEVICE, listener.id, link_of(listener)), "/")


def pin_of(listener: Listener) -> str:
    """Return which PIN *listener* has; "" for none."""
    return "" if listener.pin is None else listener.pin.mark


def looks_like_a_link(token: str) -> bool:
    """Return whether *token* was once that of a link."""
    return token.startswith(f"1{Purpose.DEVICE}.")
