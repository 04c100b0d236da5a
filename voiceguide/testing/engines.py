"""The contract of `Engine`: a test for each of its promises, for plug-ins and our own engines alike.

A test module needs only a fixture ``engine`` and a class ``TestMine(EngineContract)``. pytest is imported
only to skip a test, so that this module can be imported without it.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, NoReturn

import numpy as np

from voiceguide.audio import Mono
from voiceguide.errors import EngineError
from voiceguide.script.model import PACES
from voiceguide.testing.lines import ENGLISH, LINES
from voiceguide.voices.clips import finish
from voiceguide.voices.engine import Engine, Voice
from voiceguide.voices.guard import Guarded, prove
from voiceguide.voices.languages import main
from voiceguide.voices.process.group import environment

if TYPE_CHECKING:
    import pytest

SLOW, MEDIUM = PACES["slow"], PACES["medium"]
LINE: Final = "Notice your feet. Both of them, on the floor."

_LUFS: Final = -19.0
_A_FIFTH: Final = 0.2
_NAME: Final = r"[A-Za-z0-9_.+-]+"
_TAG: Final = r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*"
_HEAVY: Final = (
    "huggingface_hub", "jax", "onnxruntime", "phonemizer", "piper", "py_nanotts", "scipy", "soxr",
    "tensorflow", "torch", "transformers",
)  # fmt: skip
"""Packages that take long to import, so an engine may import them only to speak."""

_WATCHED: Final = """
import importlib, sys
seen = []
def watch(event, args):
    if event == "socket.getaddrinfo" and args[0] not in (None, "localhost", "127.0.0.1", "::1"):
        seen.append(str(args[0]))
    if event == "socket.connect" and isinstance(args[1], tuple) and args[1][0] not in ("127.0.0.1", "::1"):
        seen.append(str(args[1][0]))
sys.addaudithook(watch)
module, _, kind = sys.argv[1].partition(":")
engine = getattr(importlib.import_module(module), kind)()
"""
_LOOK: Final = """
from voiceguide.errors import EngineError
engine.status()
for look in (lambda: engine.version, engine.voices, lambda: engine.estimate("Hello.", "any", 105)):
    try:
        look()
    except EngineError:
        pass
print(*seen, *sorted(set(sys.argv[2].split()) & set(sys.modules)))
"""
_SPEAK: Final = """
import hashlib
print(hashlib.sha256(engine.speak(sys.argv[2], sys.argv[3], 105).tobytes()).hexdigest(), *seen)
"""


class EngineLooks:
    """The rules for an engine before it speaks, whether it can speak or not."""

    def test_it_says_what_it_is(self, engine: Engine) -> None:
        """It has a name that can be asked for, and says whether it is isolated and whether it is local."""
        assert not isinstance(engine, type), "this is the class; the fixture returns an engine"
        assert re.fullmatch(_NAME, engine.name), f"nobody can ask for the name {engine.name!r}"
        for said in ("isolated", "local"):
            assert isinstance(getattr(engine, said, None), bool), f"{said} is neither True nor False"

    def test_making_another_is_the_same(self, engine: Engine) -> None:
        """It is made without arguments, and another one has the same version and the same voices."""
        again = type(engine)()
        if not _guarded(engine).status().ready:
            return
        prove(_guarded(engine))
        assert again.version == engine.version, "another has another version"
        assert tuple(again.voices()) == tuple(engine.voices()), "another has other voices"

    def test_looking_loads_and_asks_nothing(self, engine: Engine) -> None:
        """Making it, its version, status, voices and estimates load no model library and connect nowhere."""
        assert _run(_LOOK, engine, " ".join(_HEAVY)) == [], (
            "looking at it loads, or connects to, what is listed"
        )

    def test_its_voices_can_be_asked_for(self, engine: Engine) -> None:
        """Each voice has a unique name that ``--voice`` takes, and a language tag."""
        if not _guarded(engine).status().ready:
            return
        voices = _guarded(engine).voices()
        names = [voice.name for voice in voices]
        assert len(set(names)) == len(names), "two voices have one name"
        for voice in voices:
            assert re.fullmatch(_NAME, voice.name), f"nobody can ask for the voice {voice.name!r}"
            assert re.fullmatch(_TAG, voice.language), f"{voice.language!r} is no language's tag"
        assert any(voice.ready for voice in voices), "it is ready, and none of its voices is"

    def test_its_estimates_are_pure(self, engine: Engine) -> None:
        """The same line has the same estimate; more text takes longer, and a slower pace is no quicker."""
        one, other = _guarded(engine), _guarded(type(engine)())
        voice = _any_voice(engine)
        for line in ENGLISH:
            slow = one.estimate(line, voice, SLOW)
            assert slow > 0, f"“{line}” takes no time"
            assert slow == one.estimate(line, voice, SLOW) == other.estimate(line, voice, SLOW)
            assert slow >= one.estimate(line, voice, MEDIUM), f"“{line}” is slower at a quicker pace"
            assert one.estimate(f"{line} {LINE}", voice, SLOW) > slow, f"“{line}” with more is not longer"

    def test_where_it_cannot_speak_it_says_why(self, engine: Engine) -> None:
        """An engine that is not ready says why, and refuses to speak with a one-line error."""
        status = _guarded(engine).status()
        if not status.ready:
            assert re.fullmatch(".+", status.why), "its state does not say why, in one line"
            _refused(engine, LINE, _any_voice(engine))


class EngineSpeaks:
    """The rules for an engine that can speak. If it cannot, each test is skipped with the reason."""

    lines: Sequence[str] | None = None
    """The lines for the first voice; None: some lines of its own language."""

    def test_lines_are_as_long_as_estimated(self, engine: Engine) -> None:
        """Each line is a sound that can be levelled, and at most a fifth longer or shorter than estimated."""
        first, *others = _voices(engine)
        lines = self.lines or LINES.get(main(first.language), ENGLISH)[::4]
        said = [(first, SLOW, line) for line in lines] + [(first, MEDIUM, line) for line in lines[::4]]
        said += [(voice, SLOW, line) for voice in others for line in LINES[main(voice.language)][1::20]]
        for voice, pace, line in said:
            took = finish(_guarded(engine).speak(line, voice.name, pace), _LUFS).length
            off = _guarded(engine).estimate(line, voice.name, pace) / took - 1.0
            assert abs(off) <= _A_FIFTH, f"{voice.name}: “{line}” is {off:+.0%} off its estimate"

    def test_the_same_line_is_the_same_samples(self, engine: Engine) -> None:
        """A line has the same samples when spoken again after another line, and by another such engine."""
        voice = _voice(engine)
        first = engine.speak(LINE, voice, SLOW)
        engine.speak("Something else altogether.", voice, MEDIUM)
        assert np.array_equal(engine.speak(LINE, voice, SLOW), first), "it depends on what was said before"
        assert np.array_equal(type(engine)().speak(LINE, voice, SLOW), first), "another one says it otherwise"

    def test_another_process_says_the_same(self, engine: Engine) -> None:
        """A line is the same in another process; an engine that says it is local connects nowhere for it."""
        voice = _voice(engine)
        said, *connected = _run(_SPEAK, engine, LINE, voice)
        assert said == _digest(engine.speak(LINE, voice, SLOW)), "another process says it otherwise"
        assert not (engine.local and connected), f"it is said to be local, and connects to {connected}"

    def test_who_is_not_isolated_speaks_from_many_threads(self, engine: Engine) -> None:
        """An engine without a process of its own speaks the same when several threads ask it at once."""
        voice = _voice(engine)
        if engine.isolated:
            return
        alone = [_digest(engine.speak(line, voice, SLOW)) for line in ENGLISH[:8]]
        with ThreadPoolExecutor(4) as pool:
            together = list(pool.map(lambda line: _digest(engine.speak(line, voice, SLOW)), ENGLISH[:8]))
        assert together == alone, "lines spoken side by side are other lines"

    def test_a_lean_is_no_word(self, engine: Engine) -> None:
        """The marks of a lean are not spoken: a line with them is about as long as without."""
        leant, level = (engine.speak(f"You {may} stop.", _voice(engine), SLOW) for may in ("*may*", "may"))
        assert abs(finish(leant, _LUFS).length / finish(level, _LUFS).length - 1.0) <= _A_FIFTH

    def test_voices_differ(self, engine: Engine) -> None:
        """Voices of different languages all speak, and each sounds different."""
        found = [voice.name for voice in _voices(engine)]
        assert len({_digest(engine.speak(LINE, name, SLOW)) for name in found}) == len(found)

    def test_a_voice_that_is_not_there_is_named(self, engine: Engine) -> None:
        """The error for an unknown voice names that voice."""
        _voice(engine)
        assert "nobody" in _refused(engine, LINE, "nobody")

    def test_nothing_to_say_is_no_silence(self, engine: Engine) -> None:
        """Empty text, and punctuation alone, either raise a one-line error or give a sound."""
        for text in ("", "..."):
            try:
                finish(_guarded(engine).speak(text, _voice(engine), SLOW), _LUFS)
            except EngineError as error:
                _one_line(error)

    def test_it_prints_nothing(self, engine: Engine, capfd: pytest.CaptureFixture[str]) -> None:
        """Nothing is written to the terminal."""
        voice = _voice(engine)
        capfd.readouterr()
        engine.speak(LINE, voice, SLOW)
        assert capfd.readouterr() == ("", "")


class EngineContract(EngineLooks, EngineSpeaks):
    """All that an engine promises: see `voiceguide.voices.engine.Engine`."""


def _guarded(engine: Engine) -> Guarded:
    return Guarded(engine, engine.name)


def _voices(engine: Engine) -> tuple[Voice, ...]:
    """Return the first voice, and the first of each other language that there are lines for."""
    guarded = _guarded(engine)
    status = guarded.status()
    if not status.ready:
        _skip(f"{engine.name} cannot speak here: {status.why}")
    ready = [voice for voice in guarded.voices() if voice.ready]
    found = {main(voice.language): voice for voice in reversed(ready)}
    others = [voice for tag, voice in found.items() if tag in LINES and voice != ready[0]]
    return (ready[0], *others)


def _voice(engine: Engine) -> str:
    return _voices(engine)[0].name


def _any_voice(engine: Engine) -> str:
    """Return the name of any voice, or "any" if there is none: estimates need no voice that is ready."""
    try:
        return _guarded(engine).voices()[0].name
    except EngineError:
        return "any"


def _skip(why: str) -> NoReturn:
    import pytest

    pytest.skip(why)


def _refused(engine: Engine, text: str, voice: str) -> str:
    """Return the error message with which *engine* refuses to say *text*."""
    said = ""
    try:
        _guarded(engine).speak(text, voice, SLOW)
    except EngineError as error:
        said = _one_line(error)
    assert said, f"{engine.name}/{voice} says “{text}”, where there is an error to raise"
    return said


def _one_line(error: EngineError) -> str:
    assert re.fullmatch(".+", str(error)), "its error is not one line"
    return str(error)


def _run(what: str, engine: Engine, *words: str) -> list[str]:
    """Return the words printed by a new process that does *what* with an engine of this kind."""
    path = f"{type(engine).__module__}:{type(engine).__qualname__}"
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", _WATCHED + what, path, *words]
        done = subprocess.run(command, capture_output=True, text=True, env=environment(folder), check=False)
    assert done.returncode == 0, f"in another process it fails:\n{done.stderr}"
    return done.stdout.split()


def _digest(sound: Mono) -> str:
    return hashlib.sha256(np.ascontiguousarray(sound).tobytes()).hexdigest()
