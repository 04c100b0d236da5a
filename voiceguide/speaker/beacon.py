"""Announces the speaker on the local network by mDNS, as printers do."""

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
"""The wait for an answer: a multicast one may be delayed by a second (RFC 6762, section 6)."""

_MOST_ALIKE: Final = 10

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@contextmanager
def beacon(port: int, addresses: Sequence[str], *, asks_token: bool) -> Iterator[str]:
    """Announce the speaker at *port* of *addresses* while the block runs; yield the name announced.

    The name is "" if nothing is announced, for lack of the package or of a network.
    """
    with contextlib.ExitStack() as until_over:
        yield _announce(port, addresses, asks_token, until_over)


def reachable(host: str) -> list[str]:
    """Return the addresses at which other machines reach a server on *host*; none on loopback.

    A name means all of its addresses; "::" means all IPv6 addresses and no others.
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
    """Return the addresses of the host *name*."""
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
        until_over.callback(network.close)  # which also withdraws the announcement
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
    """Return *name* if no other service has it, else the first free name with a number.

    Registering checks this too, but has the answer sent to this computer's port for mDNS only. If two
    programs share that port, the system may deliver the answer to the other one.
    """
    from zeroconf import DNSQuestionType

    for free in (name, *(f"{name} ({number})" for number in range(2, _MOST_ALIKE))):
        if network.get_service_info(TYPE, f"{free}.{TYPE}", _ANSWER_MS, DNSQuestionType.QM) is None:
            return free
    return name
