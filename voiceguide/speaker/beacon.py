"""Tells the network at home that a speaker is here, by mDNS, as printers do."""

from __future__ import annotations

import contextlib
import ipaddress
import logging
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from zeroconf import Zeroconf

log = logging.getLogger("voiceguide")

TYPE: Final = "_voiceguide._tcp.local."

_ANSWER_MS: Final = 1500
"""An answer to many may be kept back for a second after the one before (RFC 6762, section 6)."""

_MOST_ALIKE: Final = 10

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@contextmanager
def beacon(port: int, addresses: Sequence[str], *, asks_token: bool) -> Iterator[str]:
    """Announce the speaker at *port* of *addresses* while the block runs; give the name that it goes by.

    The name is "" where it is not announced: without the package, or without a network.
    """
    with contextlib.ExitStack() as until_over:
        yield _announce(port, addresses, asks_token, until_over)


def reachable(host: str) -> list[str]:
    """Return the addresses at which others reach who listens on *host*; none on loopback.

    A name stands for all its addresses; "::" stands for those of IPv6 only.
    """
    try:
        import ifaddr
    except ImportError:
        return []
    try:
        given = [ipaddress.ip_address(host)]
    except ValueError:
        given = _named(host)
    own = [
        ipaddress.ip_address(ip.ip if isinstance(ip.ip, str) else ip.ip[0])
        for adapter in ifaddr.get_adapters()
        for ip in adapter.ips
    ]
    found = []
    for each in given:
        found += [ip for ip in own if ip.version == each.version] if each.is_unspecified else [each]
    return [str(each) for each in dict.fromkeys(found) if not each.is_loopback]


def _named(name: str) -> list[Address]:
    """Return the addresses that *name* stands for."""
    try:
        answers = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [ipaddress.ip_address(answer[4][0]) for answer in answers]


def _announce(port: int, addresses: Sequence[str], asks_token: bool, until_over: contextlib.ExitStack) -> str:
    try:
        from zeroconf import Error, ServiceInfo, Zeroconf
    except ImportError:
        return ""
    if not addresses:
        return ""
    host = socket.gethostname().partition(".")[0] or "voiceguide"
    try:
        network = Zeroconf(interfaces=list(addresses))
        until_over.callback(network.close)  # which also takes back what was told
        info = ServiceInfo(
            TYPE,
            f"{_free_name(network, f'voiceguide on {host}')}.{TYPE}",
            port=port,
            parsed_addresses=list(addresses),
            server=f"{host}.local.",
            properties={
                "path": "/",
                "version": version("voiceguide"),
                "token": "yes" if asks_token else "no",
            },
        )
        network.register_service(info, allow_name_change=True)
    except (OSError, ValueError, RuntimeError, Error) as error:
        log.debug("not announced: %s", error)
        return ""
    return info.name.removesuffix(f".{TYPE}")


def _free_name(network: Zeroconf, name: str) -> str:
    """Return *name* if nobody answers to it, else the first name with a number that is free.

    Registering looks too, but has the answer sent to this computer's port for mDNS alone: of two programs
    there, which the system takes for one, the other may be given it.
    """
    from zeroconf import DNSQuestionType

    for free in (name, *(f"{name} ({number})" for number in range(2, _MOST_ALIKE))):
        if network.get_service_info(TYPE, f"{free}.{TYPE}", _ANSWER_MS, DNSQuestionType.QM) is None:
            return free
    return name
