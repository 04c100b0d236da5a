from __future__ import annotations

import json
import os
import re
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import soundfile

from tests.cli.conftest import Run
from tests.plugins import installed
from voiceguide.store import FolderStore

VOICEGUIDE = [sys.executable, "-m", "voiceguide"]

LONG = """voiceguide: 1
title: A long night
summary: Lines and rests.
technique: wind-down
language: en
intensity: gentle
contains: []
length: {default: 3h, least: 5m, most: 8h}
steps:
  - repeat:
      times: 40
      steps:
        - say: You might notice one breath, and the next.
        - rest: {about: 10s, least: 1s, most: 8h}
"""


FLEX = """voiceguide: 1
title: Flex
summary: Two lines and loose rests.
length: {default: 10m, least: 30s, most: 10m}
steps:
  - say: Notice your feet.
  - rest: ~5s
  - say: Notice your hands.
  - rest: ~5s
"""


def until(holds: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait until something holds, looking every hundredth of a second."""
    for _ in range(int(seconds * 100)):
        if holds():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it never came to hold")


def test_render_makes_a_session_of_the_length_asked_for(run: Run) -> None:
    """`render --length 1m13s` gives 73 x 48,000 frames, and says what it made."""
    result = run("render", "ground-now", "--voice", "hum", "--length", "1m13s", "-o", "out.wav")
    assert result.exit_code == 0, result.output
    assert "out.wav: 1:13" in result.output
    assert soundfile.info("out.wav").frames == 73 * 48_000


def test_a_usual_length_that_cannot_be_had_is_told(run: Run, caplog: pytest.LogCaptureFixture) -> None:
    """Where nobody asks for a length and the usual one is out of reach, `render` says what it makes."""
    Path("flex.yaml").write_text(FLEX)
    assert run("render", "flex.yaml", "--voice", "hum", "-o", "a.wav").exit_code == 0
    (told,) = (record.getMessage() for record in caplog.records)
    assert told == '"flex" cannot last its usual 10:00 with hum/low and these options; this is 1:08'
    assert run("render", "flex.yaml", "--voice", "hum", "--length", "1m", "-o", "b.wav").exit_code == 0
    assert len(caplog.records) == 1


def test_render_writes_what_goes_with_it(run: Run) -> None:
    """`--with` puts captions, chapters, manifest and picture beside the recording."""
    result = run(
        "render", "ground-now", "--voice", "hum", "-o", "a.mp3", "--with", "vtt,chapters,manifest,plot"
    )
    assert result.exit_code == 0, result.output
    assert {path.name for path in Path().iterdir()} == {
        "a.mp3", "a.vtt", "a.chapters.json", "a.json", "a.svg",
    }  # fmt: skip


def test_what_goes_with_it_comes_with_it_or_not_at_all(run: Run) -> None:
    """Where one of the files cannot be written none is, and what is in its way is said."""
    Path("a.vtt").mkdir()
    result = run("render", "ground-now", "--voice", "hum", "-o", "a.mp3", "--with", "chapters,vtt")
    assert result.exit_code == 1
    assert "a.vtt is a folder" in result.output
    assert [path.name for path in Path().iterdir()] == ["a.vtt"]


def test_render_names_the_file_after_the_script(run: Run) -> None:
    """Without `-o` the file is called after the script, here."""
    assert run("render", "ground-now", "--voice", "hum").exit_code == 0
    assert Path("ground-now.mp3").stat().st_size > 500_000


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (("render", "no-such-script"), 2, "no script"),
        (("render", "ground-now", "--length", "50m"), 2, "can last from 1:00 to 1:30; 50:00 was asked"),
        (("render", "ground-now", "--length", "12 potatoes"), 2, '"12 potatoes" is not a duration'),
        (("render", "ground-now", "--voice", "nobody"), 1, 'no engine "nobody"'),
        (("render", "ground-now", "--voice", "hum/nobody"), 1, 'no voice "nobody"'),
        (("render", "ground-now", "--voice", "hum", "--ambience", "soft-rein"), 2, "soft-rain"),
        (("render", "ground-now", "--ambience-level", "loud"), 2, '"loud" is not a level'),
        (("render", "grounding-chair", "--set", "eyes=shut"), 2, '"eyes" of "grounding-chair" can be'),
        (("render", "grounding-chair", "--set", "eyes"), 2, "write name=value"),
        (("render", "grounding-chair", "--rungs", "3"), 2, "no ladder"),
        (("render", "ground-now", "--with", "poem"), 2, '"poem"'),
        (("render", "ground-now", "--voice", "hum", "-o", "x.xyz"), 1, ".mp3"),
        (("render", "ground-now", "--voice", "hum", "-o", "nowhere/x.mp3"), 1, "there is no folder"),
        (("plan", "no-such-script"), 2, "no script"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_in_a_sentence(
    words: tuple[str, ...], status: int, says: str, run: Run
) -> None:
    """A wish that cannot be met ends with its status and a sentence that names it, and leaves no file."""
    result = run(*words)
    assert result.exit_code == status, result.output
    assert says in result.output
    assert list(Path().iterdir()) == []


def test_plan_shows_the_timeline(run: Run) -> None:
    """`plan` prints when what happens, without speaking."""
    result = run("plan", "grounding-chair", "--voice", "hum", "--length", "5m")
    assert result.exit_code == 0, result.output
    assert "5:00" in result.output
    assert " say " in result.output
    assert not (Path(os.environ["VOICEGUIDE_CACHE"]) / "clips").exists()


def test_plan_as_json_and_as_a_picture(run: Run) -> None:
    """`plan --json` is JSON whose last row is the end; `--plot` writes an SVG."""
    rows = json.loads(run("plan", "ground-now", "--voice", "hum", "--json").stdout)["rows"]
    assert rows[-1]["kind"] == "end"
    assert run("plan", "ground-now", "--voice", "hum", "--plot", "a.svg").exit_code == 0
    assert Path("a.svg").read_text().startswith("<svg")


def test_a_full_disk_is_a_sentence_and_leaves_nothing() -> None:
    """A file that cannot grow further ends with one sentence, and no part of it is left."""

    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))

    done = subprocess.run(
        [*VOICEGUIDE, "render", "ground-now", "--voice", "hum", "-o", "a.mp3"],
        capture_output=True,
        text=True,
        preexec_fn=small,
        check=False,
    )
    assert done.returncode == 1
    assert "disk is full" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert list(Path().iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sent", "status"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGKILL, -signal.SIGKILL)],
)
def test_breaking_off_leaves_no_file_and_a_whole_cache(
    sent: signal.Signals, status: int, tmp_path: Path, run: Run
) -> None:
    """What can be obeyed removes what was begun; whatever stops it, no file is there and clips are whole.

    What a killed one has begun goes with the next that writes there.
    """
    script = tmp_path / "long.yaml"
    script.write_text(LONG)
    command = [*VOICEGUIDE, "render", str(script), "--voice", "hum", "-o", "a.mp3", "--with", "vtt,plot"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        until(lambda: any(path.stat().st_size > 100_000 for path in Path().iterdir()))
        process.send_signal(sent)
        _, said = process.communicate(timeout=30)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == status
    assert not Path("a.mp3").exists()
    if sent == signal.SIGKILL:
        assert len(list(Path().iterdir())) == 3
        run("plan", "ground-now", "--voice", "hum", "--plot", "b.svg")
        assert [path.name for path in Path().iterdir()] == ["b.svg"]
    else:
        assert list(Path().iterdir()) == []
        assert said.strip() == "Stopped; nothing half-made is left."
    kept = [path for path in (tmp_path / "cache" / "clips").rglob("*") if path.is_file()]
    store = FolderStore(tmp_path / "cache")
    assert kept
    assert all(store.get(f"clips/{path.name}") for path in kept)


TIGHT = """voiceguide: 1
title: Tight
technique: grounding-chair
language: en
length: {default: 60s, least: 20s, most: 3m}
ambience: {sound: none}
steps:
  - say: Welcome.
  - rest: 3s
  - repeat: {times: 8, steps: [{say: "5-4-3-2-1."}, {rest: 3s}]}
  - say: Goodbye.
"""

UNDERSTATES = """
from voiceguide.voices.engines.hum import HumEngine

class Engine(HumEngine):
    name = "brief"
    def estimate(self, text, voice, pace):
        return super().estimate(text, voice, pace) // 2
    def speak(self, text, voice, pace):
        return HumEngine().speak(text, voice, pace)
"""


def shortest(run: Run, voice: str) -> str:
    """Return the shortest length in whole seconds that tight.yaml can have, as a refusal says."""
    refused = run("render", "tight.yaml", "--voice", voice, "--length", "20s")
    found = re.search(r"from (\d+):(\d+)", refused.output)
    assert found, refused.output
    return f"{int(found[1]) * 60 + int(found[2])}s"


@pytest.mark.parametrize("strict", [False, True])
def test_a_rest_that_is_not_kept_is_said(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, strict: bool
) -> None:
    """Where an exact rest gives way `render` says which and exits with 3; `--strict` writes nothing."""
    installed(tmp_path / "site", "brief", UNDERSTATES)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    Path("tight.yaml").write_text(TIGHT)
    words = ("--voice", "brief", "--length", shortest(run, "brief"), "-o", "a.wav", "--with", "manifest")
    result = run("render", "tight.yaml", *words, *["--strict"] * strict)
    assert result.exit_code == 3
    said = result.stderr.splitlines()
    assert len(said) == 1
    assert re.match(r'voiceguide: the rest of 3 s after "5-4-3-2-1\." \(tight\.yaml:\d+\) lasts \d', said[0])
    made = {"tight.yaml"} if strict else {"tight.yaml", "a.wav", "a.json"}
    assert {path.name for path in Path().iterdir()} == made


@pytest.mark.voice
def test_what_piper_does_not_keep_is_said(run: Run) -> None:
    """With a real voice each exact rest is as written, or is marked in the manifest and told by the exit."""
    Path("tight.yaml").write_text(TIGHT)
    words = ("--voice", "piper", "--length", shortest(run, "piper"), "-o", "a.wav", "--with", "manifest")
    result = run("render", "tight.yaml", *words)
    cues = json.loads(Path("a.json").read_text())["cues"]
    exact = [cue for cue in cues if cue["kind"] == "rest" and cue["exact"]]
    assert len(exact) > 8
    assert all(cue["length"] + cue.get("short", 0) == cue["planned"] for cue in exact)
    marked = any({"short", "over", "unheard"} & cue.keys() for cue in cues)
    assert result.exit_code == (3 if marked else 0), result.output
    assert ("lasts" in result.stderr) is marked


@pytest.mark.skipif(sys.platform != "linux", reason="devices are taken away through ALSA")
def test_without_a_device_it_says_how_to_listen(tmp_path: Path) -> None:
    """Where there is no sound device, `render --play` makes the file and names a player for it."""
    (tmp_path / "flex.yaml").write_text(FLEX.replace("default: 10m", "default: 30s"))
    words = ["render", "flex.yaml", "-o", "flex.wav", "--voice", "hum", "--play"]
    alone = {**os.environ, "PULSE_SERVER": "unix:/nowhere", "HOME": str(tmp_path)}
    (tmp_path / ".asoundrc").write_text("pcm.!default {type pulse}\nctl.!default {type pulse}\n")
    done = subprocess.run(
        [*VOICEGUIDE, *words], env=alone, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "To listen, open flex.wav in any player, for example: mpv flex.wav"
