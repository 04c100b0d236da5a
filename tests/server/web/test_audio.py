from __future__ import annotations

import json
import re
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote

import mutagen.mp3
import numpy as np
import pytest
import soundfile
from flask.testing import FlaskClient

from tests.server.scripts import CHAIR
from tests.server.web.conftest import MakeApp, Site
from tests.sessions import ToneEngine
from tests.waiting import until
from voiceguide.audio import RATE, Mono
from voiceguide.errors import EngineError
from voiceguide.script.model import Pace
from voiceguide.server.limits import Limits
from voiceguide.server.web import state_of

PATH = "/audio/chair.mp3"


def test_head_tells_size_and_type_and_costs_nothing(client: FlaskClient) -> None:
    """HEAD answers with the exact length of a session that nobody has spoken, and begins nothing."""
    for ending, media_type, size in (("mp3", "audio/mpeg", 900_000), ("wav", "audio/wav", 11_520_000)):
        answer = client.head(f"/audio/chair.{ending}")
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == media_type
        assert int(answer.headers["Content-Length"]) >= size
        assert answer.headers["Accept-Ranges"] == "bytes"
        assert answer.data == b""
    assert state_of(client.application).service.jobs.begun == 0


@pytest.mark.parametrize("ending", ["vtt", "chapters.json", "json", "txt", "svg", "opus"])
def test_head_claims_no_size_that_nobody_knows(site: Site, ending: str) -> None:
    """What is as long as it comes to be says no length before it is made, as GET says none, and not zero."""
    told = site.get(f"/audio/chair.{ending}", "HEAD").headers
    whole = site.get(f"/audio/chair.{ending}")
    assert whole.body
    assert told.get("content-length") == whole.headers.get("content-length")
    assert told["content-type"] == whole.headers["content-type"]


def test_bytes_are_the_same_before_and_after_it_is_made(site: Site) -> None:
    """Ranges of an unmade session, the whole as it is made, and ranges of the file are one and the same."""
    size = int(site.get(PATH, "HEAD").headers["content-length"])
    middle = site.get(PATH, Range=f"bytes={size // 2}-{size // 2 + 999}")
    whole = site.get(PATH)
    assert middle.status == 206
    assert middle.headers["content-range"] == f"bytes {size // 2}-{size // 2 + 999}/{size}"
    assert len(whole.body) == size == int(whole.headers["content-length"])
    assert middle.body == whole.body[size // 2 : size // 2 + 1000]
    until(lambda: site.service.jobs.under_way() == 0)
    assert site.get(PATH).body == whole.body
    for asked, expected in (
        ("bytes=-500", whole.body[-500:]),
        (f"bytes={size - 10}-", whole.body[-10:]),
        ("bytes=5-5", whole.body[5:6]),
    ):
        assert site.get(PATH, Range=asked).body == expected
    assert site.service.jobs.begun == 1


def test_tags_hold_from_before_it_is_made(site: Site) -> None:
    """ETag and Last-Modified stay as they are when the session is made; they answer 304 and If-Range."""
    before = site.get(PATH, "HEAD").headers
    tag = before["etag"]
    assert not tag.startswith("W/")
    assert "private" in before["cache-control"]
    site.get(PATH)
    until(lambda: site.service.jobs.under_way() == 0)
    after = site.get(PATH, "HEAD").headers
    assert (after["etag"], after["last-modified"]) == (tag, before["last-modified"])
    assert site.get(PATH, If_None_Match=tag).status == 304
    assert site.get(PATH, Range="bytes=0-9", If_Range=tag).status == 206
    assert site.get(PATH, Range="bytes=0-9", If_Range='"other"').status == 200
    assert site.get(PATH, Range="bytes=0-9", If_Range=before["last-modified"]).status == 200


def test_a_range_beyond_the_end_is_416(client: FlaskClient) -> None:
    """The refusal tells how long the file is."""
    size = client.head(PATH).headers["Content-Length"]
    answer = client.get(PATH, headers={"Range": "bytes=99999999-"})
    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{size}"


def test_wishes_make_another_session(client: FlaskClient) -> None:
    """Another wish is another tag; the same wish in other words is the same."""

    def tag(query: str) -> str:
        return client.head(f"{PATH}?{query}").headers["ETag"]

    assert tag("length=2m") == tag("length=120") == tag("eyes=open&length=1m60s".replace("1m60s", "2m"))
    assert len({tag("length=2m"), tag("eyes=closed"), tag("bitrate=192"), tag("loudness=podcast")}) == 4


@pytest.mark.parametrize(
    ("ending", "media_type", "start"),
    [
        ("m4a", "audio/mp4", b"ftyp"),
        ("m4b", "audio/mp4", b"ftyp"),
        ("opus", "audio/ogg; codecs=opus", b"OggS"),
        ("flac", "audio/flac", b"fLaC"),
    ],
)
def test_other_formats_answer_ranges_once_finished(
    site: Site, ending: str, media_type: str, start: bytes
) -> None:
    """Before they are made they promise nothing; afterwards they are files like any other."""
    path = f"/audio/chair.{ending}"
    before = site.get(path, "HEAD")
    assert before.headers["content-type"] == media_type
    assert before.headers["accept-ranges"] == "none"
    assert "content-length" not in before.headers
    assert start in site.get(path).body[:12]
    until(lambda: site.service.jobs.under_way() == 0)
    whole = site.get(path)
    assert whole.headers["accept-ranges"] == "bytes"
    part = site.get(path, Range="bytes=10-19")
    assert (part.status, part.body) == (206, whole.body[10:20])


def test_a_download_is_named_well(site: Site) -> None:
    """download=1 names the file after the exercise and its length."""
    response = site.get(f"{PATH}?download=1&length=4m", "HEAD")
    assert response.headers["content-disposition"] == (
        "attachment; filename=\"chair-4.00.mp3\"; filename*=UTF-8''Back%20to%20the%20chair%20%284.00%29.mp3"
    )


def test_a_download_is_made_to_its_end(site: Site) -> None:
    """Who asks for a file to keep and leaves at once finds it later, and meanwhile how far it is."""
    connection = HTTPConnection("127.0.0.1", site.port)
    connection.request("GET", f"{PATH}?download=1&length=4m")
    state = "/api/state/chair.mp3?length=4m&download=1"
    until(lambda: json.loads(site.get(state).body)["state"] in ("making", "ready"))
    connection.close()
    until(lambda: json.loads(site.get(state).body)["state"] == "ready")


def test_a_downloaded_mp3_has_chapters_and_cover(site: Site, tmp_path: Path) -> None:
    """The file to keep has what a stream cannot have; its sound is the stream's, and its tag another."""
    stream, kept = site.get(f"{PATH}?length=2m"), site.get(f"{PATH}?length=2m&download=1")
    path = tmp_path / "chair.mp3"
    path.write_bytes(kept.body)
    tags: Any = mutagen.mp3.MP3(path)
    titles = [frame.sub_frames["TIT2"].text[0] for frame in tags.tags.getall("CHAP")]
    told = json.loads(site.get("/audio/chair.chapters.json?length=2m").body)["chapters"]
    assert titles == [chapter["title"] for chapter in told]
    starts = [frame.start_time / 1000 for frame in tags.tags.getall("CHAP")]
    assert starts == pytest.approx([chapter["startTime"] for chapter in told], abs=0.001)
    assert tags.tags.getall("APIC")[0].mime == "image/jpeg"
    assert round(tags.info.length, 1) == 120.0
    assert kept.body[-1_500_000:] == stream.body[-1_500_000:]
    assert kept.headers["etag"] != stream.headers["etag"]
    assert site.get(f"{PATH}?length=2m&download=1", If_None_Match=kept.headers["etag"]).status == 304
    assert site.get(f"{PATH}?length=2m").body == stream.body


def test_side_files_are_those_of_the_session(site: Site) -> None:
    """Captions, chapters, manifest, transcript and picture have their types and a tag."""
    for ending, media_type, start in (
        (".vtt", "text/vtt; charset=utf-8", b"WEBVTT"),
        (".chapters.json", "application/json+chapters", b"{"),
        (".json", "application/json", b"{"),
        (".txt", "text/plain; charset=utf-8", b"Back to the chair"),
        (".svg", "image/svg+xml", b"<svg"),
    ):
        answer = site.get(f"/audio/chair{ending}")
        assert answer.status == 200
        assert answer.headers["content-type"] == media_type
        assert start in answer.body[:60]
        assert site.get(f"/audio/chair{ending}", If_None_Match=answer.headers["etag"]).status == 304


def test_too_much_at_once_is_503_with_a_time(site_of: Callable[..., Site]) -> None:
    """A full server answers with when to come back."""
    site = site_of(limits=Limits(listeners=1, linger=0.05, retry=9, ahead=2.0))
    connection, response = site.open("/audio/chair.wav?length=5m")
    response.read(10)
    refused = site.get("/audio/chair.mp3?length=2m")
    assert refused.status == 503
    assert refused.headers["retry-after"] == "9"
    assert b"try again in 9 seconds" in refused.body
    response.close()
    connection.close()
    until(lambda: site.get("/audio/chair.mp3?length=2m", Range="bytes=0-9").status == 206)


def test_behind_nginx_finished_files_are_handed_over(app_of: MakeApp) -> None:
    """With --accel nginx a finished file is named to nginx, which sends it; an unmade one is sent here."""
    app = app_of(accel="nginx")
    client = app.test_client()
    whole = client.get(PATH)
    assert "X-Accel-Redirect" not in whole.headers
    service = state_of(app).service
    until(lambda: service.jobs.under_way() == 0)
    handed = client.get(PATH, headers={"Range": "bytes=0-9"})
    assert handed.status_code == 200
    assert handed.data == b""
    inside = handed.headers["X-Accel-Redirect"].removeprefix("/sessions/")
    assert (service.cache.folder / inside).read_bytes() == whole.data
    assert handed.headers["ETag"] == whole.headers["ETag"]


class Mute(ToneEngine):
    """Has lost its voice."""

    def speak(self, text: str, voice: str, pace: Pace) -> Mono:
        raise EngineError("it has lost its voice")


def test_when_nobody_can_speak_side_files_say_so(app_of: MakeApp) -> None:
    """A failure of every voice is one sentence, not a traceback."""
    answer = app_of(Mute()).test_client().get("/audio/chair.vtt")
    assert answer.status_code == 503
    assert "no voice could speak" in answer.get_json()["error"]


@pytest.mark.parametrize("name", ["łódź", "静か", 'a "chair"; b', "\u00e9t\u00e9 100%"])
def test_a_download_can_be_called_anything(site_of: Callable[..., Site], scripts: Path, name: str) -> None:
    """Whatever letters a file's name has, the header has plain ones and, encoded, those of the title."""
    (scripts / f"{name}.yaml").write_text(CHAIR.replace("Back to the chair", "Krzesło"))
    answer = site_of().get(f"/audio/{quote(name)}.mp3?download=1", "HEAD")
    assert answer.status == 200
    plain, encoded = answer.headers["content-disposition"].removeprefix("attachment; ").split("; ")
    assert re.fullmatch(r'filename="[A-Za-z0-9._-]+-1[.]00[.]mp3"', plain)
    assert encoded == "filename*=UTF-8''Krzes%C5%82o%20%281.00%29.mp3"


def test_a_sound_of_ones_own_can_be_edited(scripts: Path, client: FlaskClient) -> None:
    """A session asked for after its sound was edited has the new one: nobody starts the server anew."""
    (scripts / "birds.yaml").write_text(CHAIR.replace("steps:\n", "steps:\n  - sound: birds.wav\n", 1))
    whole: list[tuple[str, bytes]] = []
    for frequency in (440.0, 880.0):
        tone = 0.1 * np.sin(2 * np.pi * frequency / RATE * np.arange(RATE))
        soundfile.write(scripts / "birds.wav", tone, RATE)
        until(lambda: client.head("/audio/birds.wav").headers["ETag"] not in [tag for tag, _ in whole])
        answer = client.get("/audio/birds.wav")
        whole.append((answer.headers["ETag"], answer.data))
    assert len(whole[0][1]) == len(whole[1][1])
    assert whole[0][1] != whole[1][1]


def test_what_can_never_be_kept_is_refused_for_good(app_of: MakeApp) -> None:
    """A session larger than all that may be kept is refused, and nobody is told to come again."""
    client = app_of(limits=Limits(disk=1_500_000)).test_client()
    answer = client.get("/audio/chair.wav?download=1")
    assert answer.status_code == 503
    assert "larger than all that may be kept" in answer.get_json()["error"]
    assert "Retry-After" not in answer.headers
