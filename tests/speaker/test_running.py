"""The commands as they are typed: `speaker` runs, `at` and the page find it, and both end well."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.waiting import until
from voiceguide.cli.at import NO_SPEAKER
from voiceguide.errors import SinkError, WishError
from voiceguide.server import remote

pytestmark = pytest.mark.slow


def environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "VOICEGUIDE_CACHE": str(folder), "VOICEGUIDE_DATA": str(folder)}


@contextmanager
def running(folder: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the speaker, and give what it prints first."""
    command = [sys.executable, "-u", "-m", "voiceguide", "speaker", "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment(folder)) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline()
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0


def say(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "voiceguide", *words],
        capture_output=True,
        text=True,
        timeout=60,
        env=environment(folder),
    )


def there(folder: Path) -> remote.SpeakerClient:
    return until(lambda: remote.find(folder))


def test_it_runs_is_found_and_leaves_nothing(tmp_path: Path) -> None:
    """It prints its address, programs of the same person find it by a file that only they can read, and
    a stop of the service ends it, whoever follows it, with status 0 and takes the file away."""
    with running(tmp_path, "--token", "a-secret") as (_, said):
        port = re.fullmatch(r"Open http://127\.0\.0\.1:(\d+)/\?token=a-secret\n", said)
        assert port is not None
        found = there(tmp_path)
        assert (found.host, found.port, found.token) == ("127.0.0.1", int(port[1]), "a-secret")
        path = tmp_path / remote.FILE.format(port=port[1])
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert found.get("/now")["status"] == "idle"
        follower = socket.create_connection((found.host, found.port), timeout=30)
        follower.sendall(b"GET /events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer a-secret\r\n\r\n")
        assert follower.recv(12) == b"HTTP/1.1 200"
        with pytest.raises(WishError, match="token"):
            remote.SpeakerClient("127.0.0.1", found.port).get("/now")
    with follower:
        while follower.recv(65_536):
            pass
    assert not path.exists()
    assert remote.find(tmp_path) is None


def test_the_queue_outlives_it(tmp_path: Path) -> None:
    """What waited when the service was stopped waits when it is started again, and nothing plays."""
    with running(tmp_path):
        for script in ("body-scan", "wind-down"):
            there(tmp_path).post("/queue", {"script": script, "voice": "hum"})
        there(tmp_path).post("/stop", {})
    with running(tmp_path):
        now = there(tmp_path).get("/now")
        assert now["status"] == "idle"
        assert [each["script"] for each in now["queue"]][-1] == "wind-down"
        assert now["queue"][-1]["asked"] == "voice=hum"


def test_at_an_hour(tmp_path: Path) -> None:
    """`at` has the running speaker play later, tells when, shows what comes, and takes it back."""
    (tmp_path / "schedule.yaml").write_text(
        "voiceguide: 1\nsessions:\n  - {at: 7:15, script: ground-now, days: mon}\n"
    )
    with running(tmp_path):
        speaker = there(tmp_path)
        done = say(tmp_path, "at", "21:30", "wind-down", "--length", "20m", "--ambience", "ocean")
        assert (done.returncode, done.stderr) == (0, "")
        assert re.fullmatch(r".+, 20 min, \w{3} \d\d \w{3}, 21:30\.\n", done.stdout), done.stdout
        (planned,) = [each for each in speaker.get("/schedule")["sessions"] if not each["daily"]]
        assert planned["script"] == "wind-down"
        assert planned["asked"] == "length=20m&ambience=ocean"
        shown = say(tmp_path, "at")
        assert "21:30  wind-down" in shown.stdout
        assert "07:15  ground-now (schedule.yaml)" in shown.stdout
        wrong = say(tmp_path, "at", "21:30", "wind-down", "--length", "8h")
        assert (wrong.returncode, wrong.stderr.count("\n")) == (2, 1)
        assert "can last" in wrong.stderr
        cleared = say(tmp_path, "at", "--clear")
        assert (cleared.returncode, cleared.stdout.count("\n")) == (0, 1)
        assert cleared.stdout.startswith("Forgotten")
        assert [each["script"] for each in speaker.get("/schedule")["sessions"]] == ["ground-now"]


@pytest.mark.parametrize("words", [("at", "21:30", "wind-down"), ("at",), ("at", "--clear")])
def test_where_no_speaker_runs(tmp_path: Path, words: Sequence[str]) -> None:
    """One sentence says how to start one; a file that a crashed one left behind does no harm."""
    remote.leave(remote.SpeakerClient("127.0.0.1", 1), tmp_path)
    done = say(tmp_path, *words)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"voiceguide: {NO_SPEAKER}\n"


def test_a_second_one_says_what_is_wrong(tmp_path: Path) -> None:
    """A port that is taken is one line, and the first speaker stays the one that is found."""
    with running(tmp_path):
        port = str(there(tmp_path).port)
        done = say(tmp_path, "speaker", "--port", port)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1)
        assert "--port" in done.stderr
        assert there(tmp_path).port == int(port)


def test_of_two_the_first_is_found_again(tmp_path: Path) -> None:
    """The one that began last is found; when it has ended, the other is."""
    with running(tmp_path):
        first = there(tmp_path)
        with running(tmp_path):
            until(lambda: there(tmp_path) != first)
        assert remote.find(tmp_path) == first
    assert remote.find(tmp_path) is None


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"host": "127.0.0.1"}', '{"host": 1, "port": "x", "token": 2}']
)
def test_a_damaged_file_is_no_speaker(tmp_path: Path, text: str) -> None:
    """Whatever the file holds, there is then simply no speaker."""
    (tmp_path / remote.FILE.format(port=2)).write_text(text)
    assert remote.find(tmp_path) is None


def test_another_speakers_file_is_left_alone(tmp_path: Path) -> None:
    """Who ends takes back its own word only."""
    remote.leave(remote.SpeakerClient("127.0.0.1", 2, "b"), tmp_path)
    remote.take_back(remote.SpeakerClient("127.0.0.1", 2, "a"), tmp_path)
    remote.take_back(remote.SpeakerClient("127.0.0.1", 1, "b"), tmp_path)
    assert json.loads((tmp_path / remote.FILE.format(port=2)).read_text())["token"] == "b"


def test_a_speaker_that_does_not_answer() -> None:
    """Who asks one that is gone is told in a sentence."""
    with pytest.raises(SinkError, match="does not answer"):
        remote.SpeakerClient("127.0.0.1", 1).post("/stop")
