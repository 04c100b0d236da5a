from __future__ import annotations

import os
import pty
import re
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import click
import numpy as np
import pytest

from tests.cli.conftest import Run
from tests.playback.conftest import SCRIPT, begin, studio, write
from tests.playback.stages import Begin, Stage
from tests.playback.test_outputs import begin_of, written
from voiceguide.audio import Frames, frames
from voiceguide.cli.play import Device, Latency, Time, _farewell, _watch
from voiceguide.listeners import NAMELESS, Bookmark, ListenerFolder, Place, Put, Roster, WriteStamp, now_ms
from voiceguide.plan.wishes import Wishes, again
from voiceguide.playback import Now
from voiceguide.playback.stage import PAUSE
from voiceguide.session import Session, Studio

__all__ = ["begin", "studio", "write"]  # fixtures of the player's tests: the player here is the real one


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        (Time(), "2:30", frames(150.0)),
        (Time(), "1:00:05", frames(3605.0)),
        (Time(), "2m30s", frames(150.0)),
        (Time(), "0:00", Frames(0)),
        (Latency(), "0.3", 0.3),
        (Latency(), "low", "low"),
        (Device(), "3", 3),
        (Device(), "USB Headset", "USB Headset"),
    ],
)
def test_what_options_mean(kind: click.ParamType[Any], written: str, value: object) -> None:
    """Times, devices and latencies are understood as they are written."""
    assert kind.convert(written, None, None) == value


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--start", "1:2:3:4", "1:2:3:4"),
        ("--start", "soon", "soon"),
        ("--start", "-5", "-5"),
        ("--latency", "5", "0.01 to 2"),
        ("--latency", "nan", "0.01 to 2"),
        ("--volume", "101", "101"),
        ("--volume", "-1", "-1"),
        ("--sleep", "later", "later"),
        ("--into", "heard.mp3", "no WAV file"),
    ],
)
def test_what_options_refuse(run: Run, option: str, value: str, said: str) -> None:
    """What makes no sense is refused before anything is played, with what was written in the answer."""
    result = run("play", "ground-now", "--voice", "hum", option, value)
    assert result.exit_code == 2
    assert said in result.output


def test_a_device_that_is_not_there(run: Run) -> None:
    """Without the device, or any, it says so in one line and what to do instead, with status 3."""
    result = run("play", "ground-now", "--voice", "hum", "--device", "no such device")
    assert result.exit_code == 3
    assert len(result.output.strip().splitlines()) == 1
    assert "`voiceguide serve` or `render`" in result.output


def test_a_file_that_cannot_be(run: Run) -> None:
    """Where the file cannot be written, one sentence says so before anything is played."""
    result = run("play", "ground-now", "--voice", "hum", "--into", "nowhere/heard.wav")
    assert result.exit_code == 1
    assert re.fullmatch(
        "voiceguide: nowhere/heard.wav: there is no folder .*; make it first\n", result.output
    )


@pytest.mark.slow  # it plays as fast as it is heard
def test_a_session_goes_into_a_file(run: Run, studio: Studio, tmp_path: Path) -> None:
    """Without any device a session plays into a WAV: what is written is what is rendered, and no longer."""
    path = tmp_path / "chair.yaml"
    first = SCRIPT[: SCRIPT.index("  - section: The chair")]
    path.write_text(first.replace("default: 2m, least: 40s", "default: 20s, least: 20s"))
    assert run("render", str(path), "--voice", "hum", "-o", "spoken.wav").exit_code == 0
    result = run("play", str(path), "--voice", "hum", "--plain", "--into", "heard.wav")
    assert result.exit_code == 0
    assert result.output.splitlines()[-1] == "Take your time."
    heard = written(Path("heard.wav"))
    session = studio.session(path, Wishes(voice="hum"))
    start = begin_of(session, heard)
    assert not heard[start + session.length :].any()
    sound = session.block(Frames(0), session.length)
    assert np.allclose(heard[start + PAUSE :][: len(sound) - PAUSE], sound[PAUSE:], atol=2 / 32768)


def test_resume_alone_goes_on_as_it_was(run: Run, studio: Studio, tmp_path: Path) -> None:
    """The last session of an exercise is taken up with its own length, voice and options, and it says so."""
    path = tmp_path / "chair.yaml"
    path.write_text(SCRIPT)
    session = studio.session(path, Wishes(length=frames(300.0), ambience="stream", seed="some day"))
    leave(tmp_path / "data" / "listeners", session)
    gone = ("--device", "no such device")
    alone = run("play", str(path), "--resume", *gone).output
    assert "Going on with Back to the chair as it was (length 5m, voice hum/low, ambience stream)." in alone
    assert "begins at its start" not in alone
    other = run("play", str(path), "--resume", "--voice", "hum", "--length", "3m", *gone).output
    assert "Going on" not in other + run("play", str(path), "--voice", "hum", *gone).output
    assert "begins at its start" not in other
    renamed = path.rename(tmp_path / "stool.yaml")
    assert "as it was (length 5m," in run("play", str(renamed), "--resume", *gone).output
    renamed.write_text(SCRIPT.replace("Notice", "Feel"))
    edited = run("play", str(renamed), "--resume", "--voice", "hum", *gone).output
    assert "Back to the chair was not left anywhere; it begins at its start." in edited


def test_each_listener_goes_on_where_they_were(run: Run, studio: Studio, tmp_path: Path) -> None:
    """A listener finds their own place, and nobody else's; one who is not known is refused."""
    path = tmp_path / "chair.yaml"
    path.write_text(SCRIPT)
    run("listeners", "add", "Anna")
    data = tmp_path / "data" / "listeners"
    leave(data, studio.session(path, Wishes(length=frames(300.0))), Roster(data).find("anna").id)
    words = ("play", str(path), "--resume", "--device", "no such device", "--private")
    assert "Going on with Back to the chair" in run(*words, "--listener", "anna").output
    assert "Going on" not in run(*words).output
    unknown = run(*words, "--listener", "bert")
    assert unknown.exit_code == 2
    assert unknown.output.startswith('there is no listener "bert"; ')


def leave(data: Path, session: Session, listener: str = NAMELESS) -> None:
    """Leave *session* a minute in, before its first line."""
    script = session.script
    wishes = again(script, session.asked, session.voice)
    left = Bookmark(script.name, script.digest, Place(frames(60.0), ""), session.place_key, wishes)
    with closing(ListenerFolder(data)) as stores:
        stores.of(listener).write(Put(left, WriteStamp(now_ms(), "laptop")))


def test_a_late_sound_is_told_at_the_end() -> None:
    """Who heard gaps learns of the option that helps; nobody else does."""
    assert "--latency" not in _farewell(0, 0.15)
    assert "3 times; --latency 0.3 " in _farewell(3, 0.15)
    assert "once; --latency 1.2 " in _farewell(1, 0.6)
    assert _farewell(1, None).endswith("late once.)")


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """A pseudo-terminal for standard input; what is called with a text types it."""
    far, near = pty.openpty()
    with os.fdopen(near, "r") as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)

        def press(text: str) -> None:
            os.write(far, text.encode())

        yield press
    os.close(far)


class Listener:
    """Somebody at the keyboard: presses a key, listens until it has done its work, and presses the next."""

    def __init__(self, stage: Stage, press: Callable[[str], None]) -> None:
        self.stage = stage
        self.done: list[str] = []
        self.failure: BaseException | None = None
        self._press = press
        self._thread = threading.Thread(target=self._play, daemon=True)

    def __enter__(self) -> Listener:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join(60.0)
        assert self.failure is None
        assert not self._thread.is_alive()

    def _play(self) -> None:
        try:
            self.stage.pull(8.0)
            for key, works in KEYS_AND_WORKS:
                before = self.stage.player.now
                self._press(key)
                self._until(lambda now: works(before, now))  # noqa: B023
                self.done.append(key)
            self._until(lambda now: self.stage.player.wait(0.0))
        except BaseException as failure:
            self.failure = failure
        finally:
            self.stage.player.close()

    def _until(self, true: Callable[[Now], bool]) -> None:
        for _ in range(600):
            if true(self.stage.player.now):
                return
            self.stage.pull(0.1)
        raise AssertionError(f"the key after {self.done} does nothing; {self.stage.player.now}")


KEYS_AND_WORKS: tuple[tuple[str, Callable[[Now, Now], bool]], ...] = (
    (" ", lambda before, now: now.status == "paused"),
    (" ", lambda before, now: now.status == "playing"),
    ("\x1b[C", lambda before, now: now.words != before.words),
    ("\x1b[D", lambda before, now: now.position < before.position),
    ("\x1b[B", lambda before, now: now.volume < before.volume),
    ("\x1b[A", lambda before, now: now.volume > before.volume),
    ("s", lambda before, now: now.length == before.length + frames(30.0)),
    ("n", lambda before, now: now.chapter == "The chair"),
    ("b", lambda before, now: now.chapter == ""),
    ("\x1b[6~", lambda before, now: now.chapter == "The chair"),
    ("3", lambda before, now: now.chapter == "Coming back"),
    ("2", lambda before, now: now.chapter == "Breath"),
    (",", lambda before, now: now.position < before.position - frames(10.0)),
    (".", lambda before, now: now.position > before.position + frames(10.0)),
    ("-", lambda before, now: now.length < before.length),
    ("+", lambda before, now: now.length > before.length),
    ("c", lambda before, now: "Ambience: stream." in now.note),
    ("g", lambda before, now: now.status == "grounding"),
    ("n", lambda before, now: now.status == "playing"),
    ("q", lambda before, now: now.chapter == "Coming back"),
    ("Q", lambda before, now: now.status in ("stopping", "ended")),
)


def test_every_key_through_a_terminal(
    begin: Begin, terminal: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    """Keys typed at a real terminal do what they say, one after the other; the last one ends it softly."""
    stage = begin()
    with Listener(stage, terminal) as listener:
        _watch(stage.player, "Back to the chair", plain=True)
    assert listener.done == [key for key, _ in KEYS_AND_WORKS]
    assert stage.player.failure is None
    seen = capsys.readouterr().out
    for words in ("The chair, ", "(paused)", "(on the ground)", "(Ambience: stream.)"):
        assert words in seen


@pytest.mark.parametrize("key", ["a", "A", "v", "V", "?"])
def test_keys_that_only_the_ear_can_tell(begin: Begin, terminal: Callable[[str], None], key: str) -> None:
    """Levels and the spoken keys change what the card is given."""
    chosen: dict[str, Callable[[Stage], bool]] = {
        "a": lambda stage: stage.player._director.adjustments.bed.level_db > -20.0,
        "A": lambda stage: stage.player._director.adjustments.bed.level_db < -20.0,
        "v": lambda stage: stage.player._director.adjustments.voice_db > 0.0,
        "V": lambda stage: stage.player._director.adjustments.voice_db < 0.0,
        "?": lambda stage: "Space: pause" in stage.player.now.words,
    }
    stage = begin()

    def listen() -> None:
        stage.pull(3.0)
        terminal(key)
        for _ in range(100):
            if chosen[key](stage):
                done.append(key)
                break
            stage.pull(0.1)
        stage.player.close()

    done: list[str] = []
    ear = threading.Thread(target=listen, daemon=True)
    ear.start()
    _watch(stage.player, "", plain=True)
    ear.join(60.0)
    assert done == [key]
