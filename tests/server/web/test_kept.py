"""What pages show of who asks for them, and the forms of their own page."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.server.web.conftest import MakeApp
from tests.server.web.household import PAGE, Household
from voiceguide.listeners import (
    NAMELESS,
    Bookmark,
    CheckInAnswer,
    Favourite,
    ListenerFolder,
    ListenerStore,
    Listening,
    MemoryListenerStores,
    Note,
    Put,
    Setting,
    WriteStamp,
    now_ms,
)
from voiceguide.server.query import read_query
from voiceguide.server.web import state_of
from voiceguide.server.web.kept import LATELY_MS, MOST_LEFT
from voiceguide.session.ground import GROUND

NOW = now_ms()


@pytest.fixture
def stores() -> MemoryListenerStores:
    return MemoryListenerStores()


@pytest.fixture
def store(stores: MemoryListenerStores) -> ListenerStore:
    return stores.of(NAMELESS)


@pytest.fixture
def client(app_of: MakeApp, stores: MemoryListenerStores) -> FlaskClient:
    return app_of(listeners=stores).test_client()


def leave(client: FlaskClient, store: ListenerStore, script: str, seconds: float, at: int = NOW) -> None:
    """Leave *script* there, as it is without wishes."""
    made = state_of(client.application).service.places.bookmark(script, read_query([]), seconds)
    assert made is not None
    store.write(Put(made, WriteStamp(at, "phone")))


def offered(client: FlaskClient) -> list[str]:
    """Return what the home page offers to go on with."""
    return re.findall(r"Go on: <span[^>]*>([^<]+)</span>", unescape(client.get("/", headers=PAGE).text))


def test_what_was_left_is_on_the_home_page(scripts: Path, client: FlaskClient, store: ListenerStore) -> None:
    """The latest three are offered, the last one first; a search shows what it found."""
    text = (scripts / "chair.yaml").read_text()
    (scripts / "stool.yaml").write_text(re.sub(r"(?m)^title: .*", "title: A stool", text))
    assert not offered(client)
    there = state_of(client.application).service.catalogue.scripts()
    names = [each.name for each in there if each.name != GROUND]
    assert len(names) > MOST_LEFT
    for place, name in enumerate(names):
        leave(client, store, name, 20, NOW + place)
    titles = {each.name: each.title for each in there}
    assert offered(client) == [titles[name] for name in reversed(names[-MOST_LEFT:])]
    assert "Go on:" not in client.get("/?q=chair", headers=PAGE).text


def test_what_was_left_long_ago_is_not(client: FlaskClient, store: ListenerStore) -> None:
    """After a month it is with what is kept only."""
    leave(client, store, "chair", 20, NOW - LATELY_MS - 1000)
    assert not offered(client)
    assert "Left in the middle" in client.get("/me", headers=PAGE).text


def test_a_session_says_where_it_goes_on(client: FlaskClient, store: ListenerStore) -> None:
    """The page has the second, for its script and as a link without one; it has none by default."""
    assert 'data-left=""' in client.get("/session/chair", headers=PAGE).text
    leave(client, store, "chair", 40)
    page = client.get("/session/chair?length=3m", headers=PAGE).text
    found = re.search(r'data-left="([\d.]+)"', page)
    assert found is not None
    assert float(found[1]) > 10
    assert f"#t={found[1]}" in page


def test_the_way_to_the_ground_begins_anew(client: FlaskClient, store: ListenerStore) -> None:
    """Who needs the ground gets it from its start, and is not asked to go on with it."""
    leave(client, store, GROUND, 20)
    assert 'data-left=""' in client.get(f"/session/{GROUND}", headers=PAGE).text
    assert not offered(client)


def test_what_is_to_be_as_usual_stays_so(client: FlaskClient, store: ListenerStore) -> None:
    """An empty value in the address goes before a setting, and is kept for the next change."""
    store.write(Put(Setting("length", "2m", "chair"), WriteStamp(NOW, "phone")))

    def query(address: str) -> str:
        found = re.search(r'id="wishes"[^>]*data-query="([^"]*)"', client.get(address, headers=PAGE).text)
        assert found is not None
        return found[1].replace("&amp;", "&")

    assert query("/session/chair") == "length=2m"
    assert query("/session/chair?length=") == "length="
    assert query("/session/chair?length=3m&level=") == "length=3m"


def test_notes_and_answers_are_off(client: FlaskClient, store: ListenerStore) -> None:
    """The page asks for neither until its listener wants to be asked, and no more once they do not."""

    def asked() -> list[str]:
        page = client.get("/session/chair", headers=PAGE).text
        return [each for each in ("data-moment", 'id="note"') if each in page]

    assert not asked()
    client.post("/me/asks", data={"notes": "on"})
    assert asked() == ['id="note"']
    client.post("/me/asks", data={"check-ins": "on"})
    assert asked() == ["data-moment"]
    client.post("/me/asks")
    assert not asked()


def test_what_is_kept_can_be_removed(client: FlaskClient, store: ListenerStore) -> None:
    """The page shows history, notes and answers, each with a button that removes it."""
    stamp = WriteStamp(NOW, "phone")
    store.write(
        Put(Listening("h", "chair", NOW, 62_000), stamp),
        Put(Listening("g", "gone-since", NOW - 1, 62_000), stamp),
        Put(Note("n", "lighter <b>", "chair"), stamp),
        Put(CheckInAnswer("c", "strength", 7, "chair", "before"), stamp),
        Put(Favourite("chair"), stamp),
    )
    page = client.get("/me", headers=PAGE).text
    assert all(each in page for each in ("gone-since", "lighter &lt;b&gt;", "7 of 10 before"))
    for kind, key in re.findall(
        r'name="kind" value="([^"]+)"><input type="hidden" name="key" value="([^"]+)"', page
    ):
        assert client.post("/me/remove", data={"kind": kind, "key": key}).status_code == 303
    assert not store.everything()
    assert client.post("/me/remove", data={"kind": "nonsense", "key": "n"}).status_code == 404


def test_forgetting_is_a_form(client: FlaskClient, store: ListenerStore) -> None:
    """*Forget everything* needs no script, and has the browser empty its storage; not for another site."""
    leave(client, store, "chair", 40)
    assert client.post("/me/forget", headers={"Origin": "http://elsewhere.example"}).status_code == 403
    assert store.all(Bookmark)
    answer = client.post("/me/forget")
    assert (answer.status_code, answer.headers["Clear-Site-Data"]) == (303, '"storage"')
    assert not store.everything()


def test_a_page_of_one_listener_writes_nothing_for_another(home: Household) -> None:
    """Where another was chosen in the browser since, what an older page sends is refused."""
    client = home.browser(home.anna, home.carla)
    client.post(f"/as/{home.carla}")
    body = {"record": {"script": "chair"}, "at": NOW, "device": "test"}
    for who, status in ((home.anna, 403), (home.carla, 200)):
        answer = client.put("/api/me/favourite/chair", json=body, headers={"Voiceguide-Listener": who})
        assert answer.status_code == status
    assert not state_of(home.app).listeners.of(home.anna).all(Favourite)


def test_nothing_is_shown_to_nobody(home: Household) -> None:
    """Who has not come in sees no page of what is kept, and the page that asks names nobody."""
    stranger = home.app.test_client()
    for path in ("/me", "/"):
        page = stranger.get(path, headers=PAGE)
        assert page.status_code in (303, 401)
        assert "data-listener" not in page.text
    assert stranger.post("/me/forget", headers=PAGE).status_code in (303, 401)


def test_pages_come_without_records_that_cannot_be_read(app_of: MakeApp, tmp_path: Path) -> None:
    """Home and sessions are there, if the records cannot be read; the page of what is kept says so."""
    (tmp_path / "listeners").write_text("a file where the folder belongs")
    client = app_of(listeners=ListenerFolder(tmp_path / "listeners")).test_client()
    for path, status in (("/", 200), ("/session/chair", 200), ("/me", 503)):
        assert client.get(path, headers=PAGE).status_code == status, path
