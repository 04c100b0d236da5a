"""Several devices of one listener, over real HTTP and with real files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.listeners.processes import files
from tests.listeners.samples import DAY, NOW, Clock
from tests.server.web.conftest import Site
from tests.waiting import until
from voiceguide.listeners import ListenerFolder


class Device:
    """A client with a name and a clock of its own, on one connection."""

    def __init__(self, port: int, name: str, clock: Callable[[], int]) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=30)
        self.name = name
        self.clock = clock

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Return the answer to a request, which has to be found good."""
        data = None if body is None else json.dumps(body)
        self._connection.request(method, path, data, {"Content-Type": "application/json"})
        with self._connection.getresponse() as answer:
            found = answer.read()
            assert answer.status == 200, found
            return json.loads(found)

    def get(self, path: str) -> Any:
        return self.ask("GET", path)

    def put(self, path: str, at: int | None = None, **body: Any) -> bool:
        """Put *body*, stamped with this device's time; return whether it holds."""
        stamp = {"at": self.clock() if at is None else at, "device": self.name}
        return bool(self.ask("PUT", path, body | stamp)["holds"])

    def delete(self, path: str) -> bool:
        return bool(self.ask("DELETE", path, {"at": self.clock(), "device": self.name})["holds"])

    def close(self) -> None:
        self._connection.close()


def note(text: str) -> dict[str, str]:
    return {"id": "n", "text": text}


@pytest.fixture
def clock() -> Clock:
    """The server's."""
    return Clock()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def site(site_of: Callable[..., Site], data: Path, clock: Clock) -> Site:
    return site_of(listeners=ListenerFolder(data, clock=clock))


@pytest.fixture
def phone(site: Site) -> Iterator[Device]:
    with closing(Device(site.port, "phone", Clock())) as made:
        yield made


@pytest.fixture
def laptop(site: Site) -> Iterator[Device]:
    with closing(Device(site.port, "laptop", Clock())) as made:
        yield made


def test_two_at_once(site: Site, phone: Device, laptop: Device) -> None:
    """Of two devices that write at once, the later write of each key holds, by time and then by device."""
    chance = Random(1)
    keys = [f"k{number}" for number in range(5)]
    planned = {
        device: [(chance.choice(keys), NOW - chance.randrange(50)) for _ in range(100)]
        for device in (phone, laptop)
    }

    def work(device: Device) -> None:
        for key, at in planned[device]:
            record = {"name": key, "value": f"{device.name} {at}"}
            device.put(f"/api/me/setting/{key}/", at, record=record)
            assert device.get(f"/api/me/setting/{key}/")["at"] >= at

    with ThreadPoolExecutor(2) as both:
        list(both.map(work, planned))
    kept = {each["key"]: each["record"]["value"] for each in phone.get("/api/me/setting")["records"]}
    for key in keys:
        made = [(at, device.name) for device, writes in planned.items() for own, at in writes if own == key]
        at, name = max(made)
        assert kept[f"{key}/"] == f"{name} {at}"


def test_two_listen_at_once(phone: Device, laptop: Device) -> None:
    """Two devices that play the same exercise both write places; the last one is where it goes on."""

    def listen(device: Device) -> list[bool]:
        ahead = 7 if device is laptop else 0
        return [
            device.put("/api/me/places/chair", NOW - 100 + second, seconds=second + ahead, query="length=2m")
            for second in range(20, 40)
        ]

    with ThreadPoolExecutor(2) as both:
        held = list(both.map(listen, (phone, laptop)))
    (place,) = laptop.get("/api/me/places")["places"]
    assert (place["seconds"], place["device"]) == (39.0, "phone")
    assert held[0][-1]


class TestClocksThatJump:
    def test_a_device_that_was_ahead(self, clock: Clock, phone: Device, laptop: Device) -> None:
        """A phone whose clock was a day ahead for a while keeps no other device from writing."""
        assert phone.put("/api/me/note/n", NOW + DAY, record=note("ahead"))
        clock.now = NOW + 2
        assert laptop.put("/api/me/note/n", NOW + 1, record=note("in time"))
        assert phone.get("/api/me/note/n")["record"]["text"] == "in time"
        assert phone.put("/api/me/note/n", NOW + 2, record=note("set back"))
        assert laptop.get("/api/me/note/n")["record"]["text"] == "set back"

    def test_a_server_that_was_ahead(self, clock: Clock, phone: Device, laptop: Device) -> None:
        """Once the server's clock is set back, what was written while it was ahead counts as of before."""
        clock.now = NOW + DAY
        assert phone.put("/api/me/note/n", NOW + DAY, record=note("ahead"))
        clock.now = NOW + 1
        assert laptop.put("/api/me/note/n", NOW + 1, record=note("set back"))
        assert phone.get("/api/me/note/n")["record"]["text"] == "set back"

    def test_a_server_that_was_behind(self, clock: Clock, phone: Device, laptop: Device) -> None:
        """While the server's clock is behind, devices that are in time still write over one another."""
        clock.now = NOW - DAY
        assert phone.put("/api/me/note/n", NOW, record=note("first"))
        clock.now = NOW
        assert laptop.put("/api/me/note/n", NOW, record=note("second"))
        assert phone.get("/api/me/note/n")["record"]["text"] == "second"


def test_an_exercise_is_renamed_while_a_place_points_to_it(
    scripts: Path, clock: Clock, phone: Device, laptop: Device
) -> None:
    """The place that the phone has left is found on the laptop under the new name, and forgotten there."""
    assert phone.put("/api/me/places/chair", seconds=30, query="length=2m")
    before = phone.get("/api/me/places/chair?length=2m")["seconds"]
    (scripts / "chair.yaml").rename(scripts / "seat.yaml")
    until(lambda: [each["script"] for each in laptop.get("/api/me/places")["places"]] == ["seat"])
    assert laptop.get("/api/me/places/seat?length=2m")["seconds"] == pytest.approx(before, abs=3.0)
    clock.now = NOW + 1
    laptop.clock = clock
    assert laptop.delete("/api/me/places/seat")
    assert phone.get("/api/me/places")["places"] == []


class TestOfflineForAWeek:
    def test_its_writes_arrive_late(self, phone: Device, laptop: Device) -> None:
        """What a phone wrote during a week counts as of then: what has changed since stays."""
        week = NOW - 7 * DAY
        assert laptop.put("/api/me/note/n", week + DAY, record=note("laptop, on day 1"))
        assert laptop.put("/api/me/favourite/days", week + 3 * DAY, record={"script": "days"})
        laptop.clock = lambda: NOW - DAY
        assert laptop.delete("/api/me/favourite/days")
        writes = [
            {"kind": "note", "key": "n", "record": note("phone, on day 0"), "at": week},
            {"kind": "favourite", "key": "days", "record": {"script": "days"}, "at": week + 5 * DAY},
            {"kind": "favourite", "key": "chair", "record": {"script": "chair"}, "at": week + 2 * DAY},
            *(
                {"kind": "heard", "key": f"h{day}", "at": week + day * DAY}
                | {"record": {"id": f"h{day}", "script": "chair", "began": week + day * DAY, "heard": 60_000}}
                for day in range(7)
            ),
        ]
        shuffled = Random(1).sample(writes, len(writes))
        body = {"writes": [each | {"device": "phone"} for each in shuffled]}
        first = phone.ask("POST", "/api/me/writes", body)["writes"]
        assert [each["holds"] for each in first] == [each["key"] not in ("n", "days") for each in shuffled]
        assert phone.ask("POST", "/api/me/writes", body)["writes"] == first  # the answer was lost: once more
        assert laptop.get("/api/me/note/n")["record"]["text"] == "laptop, on day 1"
        assert [each["key"] for each in laptop.get("/api/me/favourite")["records"]] == ["chair"]
        assert [each["key"] for each in laptop.get("/api/me/heard")["records"]] == [
            f"h{day}" for day in reversed(range(7))
        ]

    def test_all_was_forgotten_meanwhile(self, clock: Clock, phone: Device, laptop: Device) -> None:
        """What was written before everything was forgotten does not come back with the phone."""
        laptop.ask("POST", "/api/me/forget", {})
        assert not phone.put("/api/me/note/n", NOW - DAY, record=note("late"))
        assert not phone.put("/api/me/places/chair", NOW - DAY, seconds=30)
        assert not any(phone.get("/api/me")["counts"].values())
        clock.now = NOW + 1
        assert phone.put("/api/me/note/n", NOW + 1, record=note("new"))


SECRET = "nobody is to read this"


class TestWhatIsLeft:
    def test_who_only_listens_leaves_nothing(self, site: Site, data: Path, laptop: Device) -> None:
        """A session that is heard without any write is not among the records: there is no file."""
        site.get("/session/chair?length=2m")
        site.get("/audio/chair.mp3?length=2m")
        for path in ("", "/places", "/heard", "/setting", "/export.json"):
            laptop.get(f"/api/me{path}")
        assert not data.exists()

    def test_not_beside_what_was_left_before(self, site: Site, data: Path, laptop: Device) -> None:
        """Nor does it change what is there already: place, history and settings stay to the byte."""
        laptop.put("/api/me/places/chair", seconds=30, query="length=2m")
        laptop.get("/api/me")
        before = files(data)
        site.get("/session/days")
        site.get("/audio/days.mp3")
        assert laptop.get("/api/me/places/chair?length=3m")["seconds"] > 0
        laptop.get("/api/me/places")
        assert files(data) == before

    def test_forgetting_empties_the_files(self, data: Path, phone: Device, laptop: Device) -> None:
        """Of what is forgotten no byte is left in any file, while other devices stay connected."""
        phone.put("/api/me/note/n", record=note(SECRET))
        phone.put("/api/me/places/chair", seconds=30)
        laptop.get("/api/me/note/n")
        assert any(SECRET.encode() in content for content in files(data).values())
        laptop.ask("POST", "/api/me/forget", {})
        for content in files(data).values():
            assert SECRET.encode() not in content
            assert b"chair" not in content
        assert phone.get("/api/me/places")["places"] == []
