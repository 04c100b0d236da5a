"""Found on the network at home, as printers are: with a real browser of zeroconf, on loopback alone."""

from __future__ import annotations

import gc
import socket
import struct
import threading
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from tests.waiting import until
from voiceguide.speaker.beacon import TYPE, beacon, reachable

pytest.importorskip("zeroconf", reason="zeroconf is not installed; pip install 'voiceguide[speaker]'")

from zeroconf import ServiceBrowser, ServiceListener, Zeroconf

pytestmark = pytest.mark.slow

LOOPBACK = "127.0.0.1"


def multicast_works() -> bool:
    """Return whether this machine hears on loopback what it says there to many."""
    group = "224.0.0.251"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear:
        ear.settimeout(1.0)
        ear.bind(("", 0))
        try:
            joined = struct.pack("4s4s", socket.inet_aton(group), socket.inet_aton(LOOPBACK))
            ear.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, joined)
            ear.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(LOOPBACK))
            ear.sendto(b"hello", (group, ear.getsockname()[1]))
            return ear.recv(16) == b"hello"
        except OSError:
            return False


class Seen(ServiceListener):
    """What a browser sees."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def add_service(self, zc: Zeroconf, type_: str, name: str) -> None:
        self.names.add(name)

    def remove_service(self, zc: Zeroconf, type_: str, name: str) -> None:
        self.names.discard(name)

    def update_service(self, zc: Zeroconf, type_: str, name: str) -> None:
        pass


@pytest.fixture
def browser() -> Iterator[tuple[Zeroconf, Seen]]:
    if not multicast_works():
        pytest.skip("there is no multicast on loopback here")
    network, seen = Zeroconf(interfaces=[LOOPBACK]), Seen()
    ServiceBrowser(network, TYPE, seen)
    yield network, seen
    network.close()


def test_a_browser_finds_the_speaker_while_it_is_there(browser: tuple[Zeroconf, Seen]) -> None:
    """Its address, port and whether it asks for a token are found; when it ends it says goodbye."""
    network, seen = browser
    with beacon(8766, [LOOPBACK], asks_token=True) as name:
        assert name.startswith("voiceguide on ")
        found = f"{name}.{TYPE}"
        until(lambda: found in seen.names)
        info = network.get_service_info(TYPE, found, timeout=5000)
        assert info is not None
        assert info.parsed_addresses() == [LOOPBACK]
        assert info.port == 8766
        assert info.decoded_properties["token"] == "yes"
    until(lambda: found not in seen.names)


@pytest.mark.slow
def test_two_speakers_have_two_names(browser: tuple[Zeroconf, Seen]) -> None:
    """A second one on the same machine takes another name and leaves the first its own."""
    _, seen = browser
    with beacon(8766, [LOOPBACK], asks_token=True) as one, beacon(8767, [LOOPBACK], asks_token=True) as two:
        assert one
        assert two
        assert one != two
        until(lambda: {f"{one}.{TYPE}", f"{two}.{TYPE}"} <= seen.names)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # a socket of zeroconf's own
def test_no_network_no_harm() -> None:
    """Without an address, or with one that is not this machine's, nothing is announced and nothing fails."""
    before = threading.active_count()
    for addresses in ([], ["192.0.2.1"], ["not an address"]):
        with beacon(8766, addresses, asks_token=False) as name:
            assert name == ""
        gc.collect()
    until(lambda: threading.active_count() <= before)


def test_nothing_is_announced_of_loopback() -> None:
    """Who listens for this computer only has no address for others."""
    for host in ("127.0.0.1", "127.0.0.9", "::1", "localhost", "no such host"):
        assert reachable(host) == []
    assert reachable("192.0.2.7") == ["192.0.2.7"]
    assert all(not each.startswith("127.") for each in reachable("0.0.0.0"))


def test_what_is_announced_is_what_is_listened_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """All addresses of IPv4 or of IPv6, or those of a name: never those where nobody listens."""
    ips = ["127.0.0.1", "192.0.2.7", ("::1", 0, 0), ("2001:db8::7", 0, 0), ("fe80::7", 0, 2)]
    adapter = SimpleNamespace(ips=[SimpleNamespace(ip=ip) for ip in ips])
    monkeypatch.setattr("ifaddr.get_adapters", lambda: [adapter])
    assert reachable("0.0.0.0") == ["192.0.2.7"]
    assert reachable("::") == ["2001:db8::7", "fe80::7"]
    assert reachable("2001:db8::7") == ["2001:db8::7"]
    answers = [(0, 0, 0, "", (ip, 0)) for ip in ("192.0.2.7", "127.0.1.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_options: answers)
    assert reachable("house.example") == ["192.0.2.7"]
