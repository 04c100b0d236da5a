"""The speaker's addresses, asked without a network; and its events, over a real one."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection, HTTPResponse
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.site import served
from tests.speaker.conftest import House
from tests.waiting import until
from voiceguide.audio import frames
from voiceguide.playback import COMMANDS
from voiceguide.server.web.access import HEADERS
from voiceguide.speaker.state import MOST_FOLLOWERS

TOKEN = "a-long-token"


@pytest.fixture
def client(house: House) -> FlaskClient:
    return house.client()


def post(client: FlaskClient, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
    answer = client.post(path, json={} if body is None else body, headers=headers)
    assert "Traceback" not in answer.get_data(as_text=True)
    return answer.status_code, answer.get_json()


def test_play_pause_and_stop_by_asking(house: House, client: FlaskClient) -> None:
    """A session is asked for with the wishes of the page's addresses, and obeys from then on."""
    status, told = post(client, "/play", {"script": "chair", "length": "2m", "eyes": "closed", "level": -20})
    assert (status, told["title"], told["length"]) == (202, "Back to the chair", 120.0)
    house.until_playing("chair")
    now = client.get("/now").get_json()
    assert (now["status"], now["script"], now["length"]) == ("playing", "chair", 120.0)
    assert post(client, "/pause")[0] == 200
    house.until(lambda: house.status == "paused")
    assert post(client, "/resume")[0] == 200
    house.until(lambda: house.status == "playing")
    house.until(lambda: "With your eyes closed" in client.get("/now").get_json()["words"], 40.0)
    assert post(client, "/ground-me")[0] == 200
    house.until(lambda: house.status == "grounding")
    assert client.get("/now").get_json()["choices"] == ["next", "finish"]
    assert post(client, "/stop")[0] == 200
    house.until(lambda: house.status == "idle")
    assert client.get("/now").get_json()["title"] == ""


def test_resume_alone_goes_on_as_it_was(house: House, client: FlaskClient) -> None:
    """A session that is asked for by its name and to be taken up is the one left last, with what it was."""
    post(client, "/play", {"script": "chair", "length": "4m", "eyes": "closed"})
    house.until_playing("chair")
    house.until(lambda: house.speaker.state.seen(house.ticking()).now.position > frames(25.0), 60.0)
    post(client, "/stop")
    house.until(lambda: house.status == "idle")
    status, told = post(client, "/play", {"script": "chair", "resume": True})
    assert (status, told["length"]) == (202, 240.0)
    house.until_playing("chair")
    assert client.get("/now").get_json()["position"] > 8.0
    assert post(client, "/play", {"script": "chair", "length": "2m", "resume": True})[1]["length"] == 120.0


def test_every_command_of_the_player_can_be_asked_for(house: House, client: FlaskClient) -> None:
    """All the commands that keys have are there by name; others are refused with the list."""
    post(client, "/play", {"script": "chair", "length": "5m"})
    house.until_playing("chair")
    for name in COMMANDS:
        if name != "stop":
            assert post(client, "/command", {"command": name})[0] == 200, name
            house.until(lambda: house.status in ("playing", "paused", "grounding", "choosing"))
    status, told = post(client, "/command", {"command": "explode"})
    assert status == 400
    assert "stay" in told["error"]


def test_the_answer_is_of_afterwards(house: House, client: FlaskClient) -> None:
    """Who asks for a pause is told that it is paused, and so on."""
    post(client, "/play", {"script": "chair", "length": "2m"})
    house.until_playing("chair")
    assert post(client, "/pause")[1]["status"] == "paused"
    assert post(client, "/resume")[1]["status"] == "playing"
    assert post(client, "/ground-me")[1]["status"] == "grounding"
    assert post(client, "/resume")[1]["status"] == "playing"
    house.speaker.add(house.item("days"))
    post(client, "/stop")
    house.until(lambda: house.status == "idle")
    assert post(client, "/resume")[1]["script"] == "days"


def test_the_addresses_are_listed(client: FlaskClient) -> None:
    """Who opens it sees every address once, as it is asked for."""
    addresses = client.get("/").get_json()["addresses"]
    assert {"/now", "/pause", "/resume", "/stop", "/ground-me", "/queue/next"} <= set(addresses)
    assert len(addresses) == len(set(addresses))
    assert not [each for each in addresses if "<" in each]


def test_no_time_at_all_is_refused_in_one_mind(client: FlaskClient) -> None:
    """What to write instead of no time is something that this address takes."""
    told = post(client, "/sleep", {"after": "0"})[1]["error"]
    assert told == '"after" cannot be "0"; write up to 8h, such as 20m, or "off"'


def test_volume_and_sleep(house: House, client: FlaskClient) -> None:
    """Both are told back, and sleep can be taken back."""
    assert post(client, "/volume", {"volume": 40})[1]["volume"] == 40
    assert post(client, "/sleep", {"after": "20m"})[1]["sleep"] == 1200
    assert post(client, "/sleep", {"after": "off"})[1]["sleep"] is None
    assert post(client, "/sleep", {"after": None})[1]["sleep"] is None


def test_the_queue_by_asking(house: House, client: FlaskClient) -> None:
    """Sessions are added, listed, skipped and cleared."""
    post(client, "/play", {"script": "chair"})
    house.until_playing("chair")
    assert post(client, "/queue", {"script": "days"})[0] == 202
    assert post(client, "/queue", {"script": "ground-now", "length": "50s"})[0] == 202
    listed = client.get("/queue").get_json()["queue"]
    assert [each["script"] for each in listed] == ["days", "ground-now"]
    assert listed[1]["asked"] == "length=50s"
    assert post(client, "/queue/next")[0] == 200
    house.until_playing("days")
    assert post(client, "/queue/clear")[1] == {"queue": []}


def test_the_hours_by_asking(house: House, client: FlaskClient) -> None:
    """A session for later is told with its day and hour, listed and forgotten."""
    status, told = post(client, "/schedule", {"at": "21:30", "script": "chair", "length": "2m"})
    assert (status, told["when"], told["title"]) == (202, "2026-11-22T21:30+00:00", "Back to the chair")
    assert post(client, "/schedule", {"at": "20:59", "script": "days"})[1]["when"] == "2026-11-23T20:59+00:00"
    assert [each["script"] for each in client.get("/schedule").get_json()["sessions"]] == ["chair", "days"]
    assert post(client, "/schedule/clear")[1]["sessions"] == []
    assert post(client, "/schedule", {"at": "25:00", "script": "days"})[0] == 400


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/play", {}),
        ("/play", {"script": 7}),
        ("/play", {"script": "no-such"}),
        ("/play", {"script": "../../etc/passwd"}),
        ("/play", {"script": "chair", "length": "9h"}),
        ("/play", {"script": "chair", "length": True}),
        ("/play", {"script": "chair", "nonsense": "1"}),
        ("/play", {"script": "chair", "options": {"eyes": "closed"}}),
        ("/play", {"script": "chair", "resume": "yes"}),
        ("/play", {"script": "chair", "eyes": "\ud800"}),
        ("/play", {"script": "chair", "\ud800": "closed"}),
        ("/play", {"script": "chair", "voice": "x; rm -rf /"}),
        ("/play", {"script": "chair", "level": float("nan")}),
        ("/play", {"script": "chair", **{f"o{number}": "x" for number in range(40)}}),
        ("/play", ["chair"]),
        ("/queue", {"script": "no-such"}),
        ("/pause", {"hard": 1}),
        ("/volume", {"volume": 101}),
        ("/volume", {"volume": "loud"}),
        ("/volume", {"volume": True}),
        ("/volume", {"volume": 10**400}),
        ("/volume", {"volume": float("inf")}),
        ("/volume", {}),
        ("/sleep", {}),
        ("/sleep", {"after": "soon"}),
        ("/sleep", {"after": "20m", "more": 1}),
        ("/command", {"command": ["stay"]}),
        ("/command", {}),
        ("/schedule", {"at": "21:30"}),
        ("/schedule", {"at": 2130, "script": "chair"}),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    house: House, client: FlaskClient, path: str, body: object
) -> None:
    """Wrong wishes are 400 or 404 and a sentence, and nothing begins to play."""
    status, told = post(client, path, body)
    assert status in (400, 404), told
    assert told["error"]
    assert house.status == "idle"
    assert house.card.outputs == []


@pytest.mark.parametrize("data", [b"{", b"[" * 4000, b'"chair"', b"\xff\xfe", b"{}" + b" " * 5000])
def test_bodies_that_are_no_json_are_refused(house: House, client: FlaskClient, data: bytes) -> None:
    """Whatever is sent instead of an object, the answer is a sentence."""
    answer = client.post("/play", data=data, content_type="application/json")
    assert answer.status_code in (400, 413)
    assert answer.get_json()["error"]


def test_who_would_rather_have_a_page_is_refused_with_the_sentence(client: FlaskClient) -> None:
    """A speaker has no pages: a browser's Accept gets the sentence too, with names of exercises in it."""
    answer = client.post("/play", json={"script": "none-such"}, headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert '"none-such"' in answer.get_data(as_text=True)


def test_nothing_plays_and_something_is_asked(client: FlaskClient) -> None:
    """Pausing silence is refused kindly; stopping it is fine; the ground is there even so."""
    assert post(client, "/pause") == (
        400,
        {"error": "nothing is playing just now; ask /play for a session first", "status": 400},
    )
    assert post(client, "/stop")[0] == 200
    assert post(client, "/ground-me")[1]["script"] == "ground-now"


def test_browsers_cannot_be_made_to_ask(house: House, client: FlaskClient) -> None:
    """What another page can have a browser send changes nothing: forms, other origins, other names."""
    form = client.post("/play", data={"script": "chair"})
    assert form.status_code == 415
    text = client.post("/play", data='{"script": "chair"}', content_type="text/plain")
    assert text.status_code == 415
    good = {"script": "chair"}
    assert post(client, "/play", good, Origin="https://evil.example")[0] == 403
    assert post(client, "/play", good, Origin="null")[0] == 403
    assert post(client, "/play", good, Host="evil.example")[0] == 421
    assert client.get("/now", headers={"Host": "evil.example:8766"}).status_code == 421
    assert client.get("/events", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.get("/play").status_code == 405
    asking = client.options("/play", headers={"Origin": "https://evil.example"})
    assert not [name for name, _ in asking.headers if name.lower().startswith("access-control")]
    assert house.status == "idle"
    answer = client.get("/now")
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS


def test_the_token_is_asked_for(house: House) -> None:
    """With a token nothing is told or done without it; a program sends it in a header, a person's browser
    gets a cookie."""
    client = house.client(token=TOKEN, hosts=None)
    for path in ("/", "/now", "/events", "/queue", "/schedule"):
        assert client.get(path).status_code == 401, path
    assert post(client, "/play", {"script": "chair"})[0] == 401
    assert post(client, "/play", {"script": "chair"}, Authorization="Bearer wrong")[0] == 401
    assert client.get("/now", headers={"Authorization": "Basic YTpi"}).status_code == 401
    assert client.get("/healthz").status_code == 200
    ours = {"Authorization": f"Bearer {TOKEN}"}
    assert client.get("/now", headers=ours).status_code == 200
    assert client.post("/stop", headers=ours).status_code == 200  # no body, and no type for it
    first = client.get(f"/now?token={TOKEN}")
    assert first.status_code == 303
    assert client.get("/now").status_code == 200


Connect = Callable[..., Any]


@pytest.fixture
def port_of(house: House) -> Iterator[Callable[..., int]]:
    """Serves the house on a port of its own."""

    def make(**options: Any) -> int:
        server = serving.enter_context(served(house.app(**options), house.speaker.news.close))
        return server.port

    with ExitStack() as serving:
        yield make


@contextmanager
def following(port: int) -> Iterator[HTTPResponse]:
    with closing(HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request("GET", "/events")
        yield connection.getresponse()


def event(response: HTTPResponse) -> dict[str, Any]:
    """Return the next state, leaving out heart-beats."""
    while True:
        line = response.readline().decode()
        assert line, "the events have ended"
        if line.startswith("data: "):
            found: dict[str, Any] = json.loads(line.removeprefix("data: "))
            return found


def test_events_tell_what_is_heard(house: House, port_of: Callable[..., int]) -> None:
    """Who follows hears the state at once, and then every change, in order, till the end."""
    with following(port_of()) as response:
        assert response.getheader("Content-Type", "").startswith("text/event-stream")
        assert event(response)["status"] == "idle"
        told: list[dict[str, Any]] = []

        def read() -> None:
            while not told or told[-1]["status"] != "idle":
                told.append(event(response))

        reader = threading.Thread(target=read, daemon=True)
        house.speaker.play(house.item("chair", length="40s"))
        reader.start()
        house.until(lambda: not reader.is_alive(), 60.0)
    words = [each["words"] for each in told]
    assert words.index("Notice your feet.") < words.index("And the floor.") < words.index("That is all.")
    assert {"starting", "playing", "idle"} <= {each["status"] for each in told}
    assert len(told) < 60  # time alone is no news


def test_events_tell_what_now_does(house: House, port_of: Callable[..., int]) -> None:
    """Sleep is told when it is set, taken back and ends; what was asked for a moment ago counts at once."""
    with following(port_of()) as response:
        assert event(response)["sleep"] is None
        house.speaker.sleep(frames(600.0))
        assert event(response)["sleep"] == 600
        house.speaker.sleep(None)
        assert event(response)["sleep"] is None
        house.speaker.sleep(frames(600.0))
        assert event(response)["sleep"] == 600
        house.ticking.now += 601.0
        assert event(response)["sleep"] is None
        house.speaker.play(house.item("chair"))
        house.until_playing("chair")
        with house.speaker._changed:  # so that it cannot begin yet
            house.speaker.play(house.item("days"))
            told = event(response)
            while told["script"] != "days":
                told = event(response)
            assert (told["script"], told["status"]) == ("days", "starting")


def test_a_body_that_is_too_long_is_refused_in_json(port_of: Callable[..., int]) -> None:
    """The server in front leaves it to the speaker to say so."""
    with closing(HTTPConnection("127.0.0.1", port_of(), timeout=20)) as connection:
        connection.request("POST", "/play", b"{}" + b" " * 5000, {"Content-Type": "application/json"})
        response = connection.getresponse()
        assert response.status == 413
        assert json.loads(response.read())["status"] == 413


def test_a_heart_beats_while_nothing_happens(port_of: Callable[..., int]) -> None:
    """Silence is told from absence: something comes at least as often as promised."""
    with following(port_of(heartbeat=0.05)) as response:
        event(response)
        response.readline()
        assert response.readline() == b": still here\n"


def test_followers_are_bounded_and_their_places_come_back(house: House, port_of: Callable[..., int]) -> None:
    """One too many is told when to come again; who has vanished leaves a free place."""
    port = port_of()
    lines: list[socket.socket] = []
    for _ in range(MOST_FOLLOWERS):
        line = socket.create_connection(("127.0.0.1", port), timeout=20)
        line.sendall(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert line.recv(10).startswith(b"HTTP/1.1 2")
        lines.append(line)
    assert house.speaker.news.followers == MOST_FOLLOWERS
    with following(port) as refused:
        assert refused.status == 503
        assert int(refused.getheader("Retry-After", "0")) > 0
    for line in lines:
        line.close()
    until(lambda: house.speaker.news.followers == 0)
    with following(port) as response:
        assert event(response)["status"] == "idle"


def test_a_closed_speaker_lets_its_followers_go(house: House, port_of: Callable[..., int]) -> None:
    """When the speaker ends, so do the events, and nobody waits for ever."""
    with following(port_of()) as response:
        event(response)
        house.speaker.news.close()
        assert response.read() in (b"", b"\n")
