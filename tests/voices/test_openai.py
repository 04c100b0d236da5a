"""The engine `openai`, against real servers on loopback: one that speaks, and others that do not."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.voices import speaking
from tests.voices.speaking import KEY, VARIABLE, House, Redirects, Speech, told
from voiceguide.errors import EngineError
from voiceguide.plan.wishes import Wishes
from voiceguide.script.model import PACES
from voiceguide.session import Studio
from voiceguide.store import FolderStore, MemoryStore
from voiceguide.voices import registry
from voiceguide.voices.engines.openai import OpenAIEngine
from voiceguide.voices.guard import Guarded, prove

SLOW = PACES["slow"]
SCRIPT = """\
voiceguide: 1
title: Chair
language: en
length: auto
steps:
  - say: Notice your feet. Both of them.
  - rest: 2s
  - say: Let the chair do some of the work.
"""


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The person's own folders, and the key where it belongs."""
    monkeypatch.setenv("VOICEGUIDE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("VOICEGUIDE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv(VARIABLE, KEY)
    return tmp_path / "data"


@pytest.fixture
def house(data: Path) -> Iterator[House]:
    """A server that speaks, named in the settings."""
    with speaking.speaking() as house:
        told(data, house.url, f"  key: {VARIABLE}\n")
        yield house


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "chair.yaml"
    path.write_text(SCRIPT)
    return path


def test_what_is_asked_is_what_openai_documents(house: House) -> None:
    """A sentence is one POST to /audio/speech, with model, voice, words, format, speed and the key."""
    OpenAIEngine().speak("Notice your feet.", "wren", SLOW)
    path, headers, wish = house.asked[-1]
    assert path == "/v1/audio/speech"
    assert headers["Authorization"] == f"Bearer {KEY}"
    assert headers["Content-Type"] == "application/json"
    assert {**wish, "speed": 1} == {
        "model": "hum-1",
        "input": "Notice your feet.",
        "voice": "wren",
        "response_format": "wav",
        "speed": 1,
    }
    assert 0.25 <= wish["speed"] <= 4.0


def test_without_a_key_none_is_sent(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the settings name no variable, the request has no Authorization, whatever the environment has."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with speaking.speaking() as house:
        told(data, house.url)
        OpenAIEngine().speak("Feet.", "robin", SLOW)
    assert not any("Authorization" in headers for _, headers, _ in house.asked)


def test_looking_sends_nothing(house: House) -> None:
    """Version, state, voices and estimates ask no server."""
    engine = Guarded(OpenAIEngine(), "openai")
    assert engine.status().ready
    assert [voice.name for voice in engine.voices()] == ["robin", "wren"]
    prove(engine)
    assert not house.asked


@pytest.mark.parametrize("kind", [speaking.Streams, speaking.Flac])
def test_an_answer_in_another_form_is_the_same_sound(data: Path, house: House, kind: type[Speech]) -> None:
    """A WAV that is streamed without its length, and another format, are heard as the plain WAV is."""
    plain = OpenAIEngine().speak("Notice your feet.", "robin", SLOW)
    with speaking.speaking(kind) as other:
        told(data, other.url)
        other_form = OpenAIEngine().speak("Notice your feet.", "robin", SLOW)
    assert np.allclose(other_form, plain, atol=1 / 16_384)  # both have 16 bits, and round in their own ways


WRONG = {
    speaking.Floods: "it gave more than 24 MiB",
    speaking.Hour: "answered without speech: it gave more than 60 s of sound",
    speaking.Hangs: r"gave no whole answer in 0\.5 s",
    speaking.Drips: r"gave no whole answer in 0\.5 s",
    speaking.Breaks: "gave an answer that is not whole",
    speaking.Unauthorized: r"does not take the key \(status 401\)",
    speaking.Fails: r"refuses to speak \(status 500\)",
    speaking.Html: "answered without speech: its sound cannot be read",
    speaking.Garbles: "gave an answer that is not whole",
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_server_that_goes_wrong_is_one_sentence(data: Path, kind: type[Speech]) -> None:
    """Whatever a server does instead of speaking is an `EngineError` of one line, without the key."""
    with speaking.speaking(kind) as house:
        told(data, house.url, f"  key: {VARIABLE}\n")
        patient = 0.5 if kind in (speaking.Hangs, speaking.Drips) else 30.0
        with pytest.raises(EngineError, match=WRONG[kind]) as caught:
            OpenAIEngine(patient).speak("Feet.", "robin", SLOW)
    assert "\n" not in str(caught.value)
    assert KEY not in repr(caught.getrepr(chain=True, funcargs=False))


def test_no_redirect_is_followed(data: Path, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is sent elsewhere does not go there: the key and the words stay with the server that was named."""
    monkeypatch.setattr(Redirects, "elsewhere", house.url)
    with speaking.speaking(Redirects) as gate:
        told(data, gate.url, f"  key: {VARIABLE}\n")
        with pytest.raises(EngineError, match=r"points elsewhere \(status 307\), and is not followed"):
            OpenAIEngine().speak("Feet.", "robin", SLOW)
    assert len(gate.asked) == 1
    assert not house.asked


def test_a_server_that_is_not_there_is_one_sentence(data: Path) -> None:
    """A port that nobody listens on is named, with why."""
    with speaking.speaking() as house:
        pass
    told(data, house.url)
    with pytest.raises(EngineError, match=r"^127\.0\.0\.1:\d+ cannot be reached: Connection refused$"):
        OpenAIEngine().speak("Feet.", "robin", SLOW)


@pytest.mark.parametrize("key", ["", "  ", "two\nlines", "schlüssel"])
def test_a_key_that_cannot_be_sent_is_not_shown(
    house: House, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    """Without a key that a header can hold the engine is not ready, and says so without it."""
    monkeypatch.setenv(VARIABLE, key)
    why = "there is no key in the environment variable that engines.yaml names"
    status = OpenAIEngine().status()
    assert (status.ready, status.why) == (False, why)
    with pytest.raises(EngineError, match=f"^{why}$"):
        OpenAIEngine().speak("Feet.", "robin", SLOW)
    assert not house.asked


def test_the_version_is_whom_the_samples_come_from(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another model or another server is another version; another key is not, and no key is in it."""
    told(data, "https://one.example/v1", f"  key: {VARIABLE}\n")
    first = OpenAIEngine().version
    monkeypatch.setenv(VARIABLE, "another")
    assert OpenAIEngine().version == first
    path = told(data, "https://two.example/v1")
    second = OpenAIEngine().version
    path.write_text(path.read_text().replace("hum-1", "hum-2"))
    assert len({first, second, OpenAIEngine().version}) == 3
    assert KEY not in first


def test_settings_are_those_it_began_with(data: Path, house: House) -> None:
    """An engine that has told its version goes on with the settings of then: clips are kept under them."""
    engine = OpenAIEngine()
    before = engine.version
    told(data, "http://127.0.0.1:9/v1")
    assert engine.speak("Feet.", "robin", SLOW).size
    assert engine.version == before


BAD = {
    "opnai: {}": '2:1: opnai: unknown key; did you mean "openai"?',
    "hum: {}": "1:1: openai: nothing is said of openai here",
    "openai: [": "3:1: what was opened in line",
    "openai: {url: 'http://a.b', model: m, voices: [a], modle: m}": "2:52: openai.modle: unknown key",
    "openai: {url: ftp://a.b, model: m, voices: [a]}": "2:15: openai.url: this is no address",
    "openai: {url: 'http://me:sesame@a.b', model: m, voices: [a]}": "2:15: openai.url: this is no addr",
    "openai: {url: 'http://a.b/?key=sesame', model: m, voices: [a]}": "2:15: openai.url: this is no addr",
    "openai: {url: 'http://a.b:99999', model: m, voices: [a]}": "2:15: openai.url: this is no address",
    "openai: {model: m, voices: [a]}": "2:9: openai.url: url is missing",
    "openai: {url: 'http://a.b', voices: [a]}": "2:9: openai.model: model is missing",
    "openai: {url: 'http://a.b', model: m, voices: []}": "2:47: openai.voices: a list belongs here",
    "openai: {url: 'http://a.b', model: m, voices: ['a b']}": "2:48: openai.voices: a voice is called",
    "openai: {url: 'http://a.b', model: m, voices: [a, a]}": "2:47: openai.voices: each voice is named",
    "openai: {url: 'http://a.b', model: m, voices: {a: English}}": "2:51: openai.voices: the language",
    "openai: {url: 'http://a.b', model: m, voices: [a], key: sk-sesame}": "2:57: openai.key: the name of",
    "openai: !!python/name:os.system {}": "2:9: !!python/name:os.system is read as a YAML tag",
}


@pytest.mark.parametrize("text", BAD)
def test_settings_are_reported_as_scripts_are(data: Path, text: str) -> None:
    """What is wrong with `engines.yaml` has its line and column, one sentence, and nothing of a key."""
    data.mkdir()
    path = data / "engines.yaml"
    path.write_text(f"voiceguide: 1\n{text}\n")
    status = OpenAIEngine().status()
    assert not status.ready
    assert status.why.startswith(f"{path}:{BAD[text]}")
    assert "sesame" not in status.why
    assert "\n" not in status.why


def test_the_example_of_the_manual_is_in_order(data: Path) -> None:
    """What docs/operations.md says to write names a server, a model and voices."""
    page = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
    (example,) = [each for each in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL) if "openai:" in each]
    data.mkdir()
    (data / "engines.yaml").write_text(example)
    engine = OpenAIEngine()
    assert [voice.name for voice in engine.voices()] == ["alloy", "nova"]
    assert engine.version == "1 tts-1 at https://api.openai.com/v1"


def test_without_settings_it_is_off() -> None:
    """Where nobody has said which server speaks, the engine is not ready and says where to say it."""
    status = OpenAIEngine().status()
    assert not status.ready
    assert status.why.startswith("it is off until ")
    assert status.why.endswith("engines.yaml says what it needs")


def test_voices_may_have_a_language(data: Path) -> None:
    """Voices in a list speak any language; those with a language after them, that one."""
    path = told(data, "https://a.example")
    assert {voice.language for voice in OpenAIEngine().voices()} == {"mul"}
    path.write_text(path.read_text().replace("[robin, wren]", "{robin: de-DE, wren: en-GB}"))
    assert [voice.language for voice in OpenAIEngine().voices()] == ["de-DE", "en-GB"]


def test_a_session_is_spoken_by_it_where_it_is_named(house: House, script: Path) -> None:
    """Named, it speaks the session, in processes of its own; not named, its server hears nothing."""
    with Studio(store=MemoryStore(), jobs=1) as studio:
        for wish in (None, "auto", "hum"):
            assert all(each.engine.local for each in studio.cast(wish, "en"))
        session = studio.session(script, Wishes(voice="openai/wren"))
        assert session.voice == "openai/wren"
        assert sum(len(block) for block in session.blocks()) == session.length
        assert not session.clips.stood_in
    assert {wish["voice"] for _, _, wish in house.asked} == {"wren"}


def test_where_it_fails_a_local_voice_stands_in(
    data: Path, script: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The session goes on with a voice of this computer, one line says so, and the key is nowhere."""
    with (
        caplog.at_level(logging.DEBUG),
        speaking.speaking(speaking.Unauthorized) as house,
        Studio(store=FolderStore(tmp_path / "cache"), jobs=1) as studio,
    ):
        told(data, house.url, f"  key: {VARIABLE}\n")
        session = studio.session(script, Wishes(voice="openai"))
        assert sum(len(block) for block in session.blocks()) == session.length
        assert all(each.engine.local for each in session.clips.cast[1:])
    assert session.clips.stood_in
    warned = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(warned) == 1
    assert "openai could not speak" in warned[0]
    assert KEY not in caplog.text
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert kept
    assert not any(KEY.encode() in path.read_bytes() or KEY in str(path) for path in kept)


def test_what_was_spoken_is_not_asked_for_again(house: House, script: Path) -> None:
    """A line that is kept needs no server the next time."""
    store = MemoryStore()
    for _ in range(2):
        with Studio(store=store, jobs=1) as studio:
            session = studio.session(script, Wishes(voice="openai/robin"))
            heard = np.concatenate(list(session.blocks()))
        asked, house.asked[:] = len(house.asked), []
    assert asked == 0
    assert np.abs(heard).max() > 0


def test_the_registry_has_it_only_where_it_may_be(house: House) -> None:
    """Among those that are allowed it is listed and chosen; elsewhere it is refused, and no list names it."""
    assert registry.choose("openai")[0] == "openai"
    assert registry.choose("openai/robin", ("openai",))[1:] == registry.choose()
    assert "openai" not in registry.choose()
    rows = {row.engine: row for row in registry.listing()}
    assert (rows["openai"].local, rows["hum"].local) == (False, True)
    assert "openai" in [row.engine for row in registry.listing(("openai",))]
    assert "openai" not in [row.engine for row in registry.listing(())]
    with pytest.raises(EngineError, match=r"started it with --allow-engine openai$"):
        registry.choose("openai/robin", ())
    with pytest.raises(EngineError) as caught:
        registry.choose("opena", ())
    assert "openai" not in str(caught.value)
