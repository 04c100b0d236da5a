from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.plugins import installed
from voiceguide.errors import EngineError, EngineMissing
from voiceguide.voices.engine import Status
from voiceguide.voices.engines.hum import HumEngine
from voiceguide.voices.registry import VoiceWish, auto_order, choose, listing, load, names, speaker_of, wanted

PLUGIN = """
from voiceguide.voices.engines.hum import HumEngine
from voiceguide.errors import EngineMissing
from voiceguide.voices.engine import Status, Voice

class Fine(HumEngine):
    name = "{name}"
    def voices(self):
        return (Voice("robin", "en"), Voice("wren", "en", ready=False, mend="pip install wren"))

class Away(HumEngine):
    def status(self):
        return Status(ready=False, why="its model is not here", mend="pip install away")

class Bare(HumEngine):
    def status(self):
        return Status(ready=False, why="it has no library", mend="pip install bare")
    def voices(self):
        raise EngineMissing("it has no library", "pip install bare")

class Far(HumEngine):
    local = False

class Old(HumEngine):
    def __getattribute__(self, name):
        if name == "local":
            raise AttributeError(name)
        return super().__getattribute__(name)

class Moody(HumEngine):
    def status(self):
        raise OSError("no such disk")
"""

Install = Callable[[str, str], None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Return a function that installs an engine: a module and its entry point, as pip leaves them."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def one(name: str, kind: str) -> None:
        installed(tmp_path, name, PLUGIN.replace("{name}", name), kind)

    return one


def test_the_built_in_engines_are_found() -> None:
    """The built-in engines come through the same door as any other, the best first and hum last."""
    found = names()
    built_in = {"hum", "kokoro", "openai", "pico", "piper", "system"}
    assert [name for name in found if name in built_in] == list(auto_order(built_in))
    assert isinstance(load("hum").within, HumEngine)


@given(st.permutations(["hum", "zither", "kokoro", "bird", "system", "piper", "pico"]))
def test_the_order_is_fixed(found: list[str]) -> None:
    """Kokoro, piper, the system's own voices, pico, eSpeak, then others by name, hum last."""
    for platform in ("darwin", "win32"):
        assert auto_order(found, platform) == ("kokoro", "piper", "system", "pico", "bird", "zither", "hum")
    assert auto_order(found, "linux") == ("kokoro", "piper", "pico", "system", "bird", "zither", "hum")


def test_a_plug_in_is_an_engine(install: Install) -> None:
    """An installed package's entry point is listed and loaded, before hum and after the best of ours."""
    install("bird", "Fine")
    assert names()[-3:] == ("bird", "openai", "hum")
    assert load("bird").name == "bird"


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("Absent", 'engine "bird" cannot be loaded: AttributeError'),
        ("Moody", "its state cannot be read: OSError: no such disk"),
        ("Away", "its model is not here"),
    ],
)
def test_a_broken_plug_in_stops_nothing(install: Install, kind: str, why: str) -> None:
    """One that cannot be loaded, asked or used is listed with its reason, and the others are as they were."""
    before = listing()
    install("bird", kind)
    rows = {row.engine: row for row in listing()}
    assert not rows["bird"].status.ready
    assert rows["bird"].status.why.startswith(why)
    assert [row for row in rows.values() if row.engine != "bird"] == list(before)
    assert "bird" not in choose()


def test_what_mends_an_engine_without_voices_is_said(install: Install) -> None:
    """One that cannot even list its voices is listed with what it lacks and the command that mends it."""
    install("bird", "Bare")
    row = next(row for row in listing() if row.engine == "bird")
    assert row.status == Status(ready=False, why="it has no library", mend="pip install bare")


def test_an_unknown_engine_has_a_suggestion() -> None:
    """A name that is nearly right gets the right one; any other gets all of them."""
    with pytest.raises(EngineError, match=r'^there is no engine "hun"; did you mean "hum"\?$'):
        load("hun")
    with pytest.raises(EngineError, match=r'^there is no engine "trumpet"; there are .*hum$'):
        choose("trumpet/loud")


def test_a_wish_has_two_parts() -> None:
    """Auto leaves engine and voice open; a voice may hold a slash."""
    assert wanted(None) == wanted("auto") == VoiceWish()
    assert wanted("piper") == wanted("piper/") == VoiceWish("piper")
    assert wanted("system/gmw/en-us") == VoiceWish("system", "gmw/en-us")


def test_auto_ends_in_hum() -> None:
    """Hum is always the last resort, and only what is ready comes before it."""
    chain = choose("auto")
    assert chain[-1] == "hum"
    assert chain == tuple(row.engine for row in listing() if row.status.ready)


@pytest.mark.parametrize("spec", ["bird", "bird/robin"])
def test_what_is_asked_for_comes_first(install: Install, spec: str) -> None:
    """The engine asked for is tried first, the others that are ready after it, each once."""
    auto = choose()
    install("bird", "Fine")
    assert choose(spec) == ("bird", *auto)
    assert choose("hum")[0] == "hum"
    assert choose("hum").count("hum") == 1


@pytest.mark.parametrize("kind", ["Far", "Old"])
def test_who_sends_words_away_is_used_only_where_it_is_named(install: Install, kind: str) -> None:
    """One that is not local, or does not say that it is, comes by its name, and stands in for nobody."""
    auto = choose()
    install("bird", kind)
    assert choose() == auto
    assert "bird" not in choose("hum")
    assert choose("bird") == choose("bird", ("bird",)) == ("bird", *auto)
    assert speaker_of("zxx") is None
    with pytest.raises(
        EngineError, match=r'"bird" sends what it says over the network, .* with --allow-engine bird$'
    ):
        choose("bird/low", ())


def test_who_is_not_allowed_is_on_no_list(install: Install) -> None:
    """Where it may not be used, no list has it, and no suggestion for another name does."""
    install("bird", "Far")
    assert "bird" in [row.engine for row in listing()]
    assert "bird" in [row.engine for row in listing(("bird",))]
    assert {row.engine for row in listing(())} == {row.engine for row in listing() if row.local}
    for asked in ("birds", "trumpet"):
        with pytest.raises(EngineError) as caught:
            choose(asked, ())
        assert '"bird"' not in str(caught.value)
        assert " bird," not in str(caught.value)


def test_what_is_asked_for_must_be_ready(install: Install) -> None:
    """An engine or a voice asked for by name is never quietly another; what is missing is said."""
    install("bird", "Fine")
    install("away", "Away")
    with pytest.raises(
        EngineMissing, match=r'"away" is not ready: its model is not here; mend it with: pip'
    ) as gone:
        choose("away")
    assert gone.value.mend == "pip install away"
    with pytest.raises(
        EngineMissing, match=r'voice "bird/wren" is not installed; mend it with: pip install wren'
    ):
        choose("bird/wren")
    with pytest.raises(EngineError, match=r'engine "bird" has no voice "robins"; did you mean "robin"\?'):
        choose("bird/robins")
