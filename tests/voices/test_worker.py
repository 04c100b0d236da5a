from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import psutil
import pytest

from tests.voices import faulty
from voiceguide.audio import frames, seconds
from voiceguide.errors import EngineError, EngineMissing
from voiceguide.script.model import PACES
from voiceguide.voices.engine import Engine
from voiceguide.voices.engines.hum import HumEngine
from voiceguide.voices.guard import Guarded
from voiceguide.voices.process.bounds import patience
from voiceguide.voices.process.worker import Workers

SLOW = PACES["slow"]
SOON = 0.3


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    """Every process is gone, every pipe given back and every thread ended when `Workers` is closed."""
    here = psutil.Process()
    pipes, threads = here.num_fds(), set(threading.enumerate())
    yield
    assert not here.children(recursive=True)
    for thread in set(threading.enumerate()) - threads:
        thread.join(5.0)  # where Ctrl-C broke off the waiting for it, it may be about to end
        assert not thread.is_alive()
    assert here.num_fds() == pipes


def pid(workers: Workers) -> int:
    return int(workers.speak("Who?", "only", SLOW)[0])


def speak_on(workers: Workers) -> None:
    while True:
        workers.speak("A line. " * 50, "low", SLOW)


def test_it_speaks_what_its_engine_speaks() -> None:
    """A line spoken in another process has the same samples as here."""
    engine = HumEngine()
    with Workers(engine, 1) as workers:
        spoken = workers.speak("Sit. *Stay* a while.", "low", SLOW)
    assert np.array_equal(spoken, engine.speak("Sit. *Stay* a while.", "low", SLOW))


def test_what_is_cheap_is_asked_here() -> None:
    """Name, version, state, voices and estimates start no process."""
    engine = HumEngine()
    with Workers(engine, 2) as workers:
        asked: Engine = workers
        assert (asked.name, asked.version) == ("hum", engine.version)
        assert (asked.isolated, asked.local) == (False, True)
        assert asked.status() == engine.status()
        assert asked.voices() == engine.voices()
        assert asked.estimate("Sit.", "low", SLOW) == engine.estimate("Sit.", "low", SLOW)
        assert not psutil.Process().children()


FAULTS = [
    (faulty.Hangs(), r"it gave no answer in 0 s"),
    (faulty.Dies(), r"its process ended with status 7 \(out of luck\)"),
    (faulty.Breaks(), r"its process ended with status 1 \(ZeroDivisionError: no such thing\)"),
    (faulty.Empty(), r"it gave no sound"),
    (faulty.NotANumber(), r"it gave samples that are not numbers"),
    (faulty.Stereo(), r"it gave samples of the wrong kind"),
    (faulty.Integers(), r"it gave samples of the wrong kind"),
    (faulty.Endless(), r"it gave 3600 s of sound where 60 s is the most"),
    (faulty.Nothing(), r"its process ended with status 1"),
    (faulty.Garbles(), r"it sent no message"),
    (faulty.Litters(), r"its process ended with status 1 \("),
]


@pytest.mark.parametrize(("engine", "reason"), FAULTS, ids=lambda value: type(value).__name__)
def test_a_fault_is_one_error_and_the_next_line_is_spoken(engine: Engine, reason: str) -> None:
    """A line that goes wrong twice is an `EngineError` with the reason; the line after it is spoken."""
    allowed = SOON if isinstance(engine, faulty.Hangs) else 60.0
    with Workers(engine, 1, lambda _: allowed, load_seconds=0.0 if allowed == SOON else 60.0) as workers:
        with pytest.raises(
            EngineError, match=rf'engine "sound" failed at "It goes badly\.": {reason}'
        ) as caught:
            workers.speak("It goes badly.", "only", SLOW)
        assert "\n" not in str(caught.value)
        allowed = 60.0
        assert workers.speak("It goes well.", "only", SLOW).size == frames(0.5)


@pytest.mark.parametrize("engine", [faulty.Prints(), faulty.Reads()])
def test_what_a_driver_prints_or_reads_disturbs_nothing(
    engine: Engine, capfd: pytest.CaptureFixture[str]
) -> None:
    """Output of the engine, however long, reaches neither answers nor terminal; its input is empty."""
    with Workers(engine, 1) as workers:
        for _ in range(3):
            assert workers.speak("It goes well.", "only", SLOW).size == frames(0.5)
    assert capfd.readouterr() == ("", "")


def test_a_process_that_dies_once_is_not_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that fails once is spoken by the next process, without an error."""
    monkeypatch.setenv("DIES_ONCE", str(tmp_path / "died"))
    with Workers(faulty.DiesOnce(), 1) as workers:
        assert workers.speak("It goes badly.", "only", SLOW).size == 10


def test_a_process_killed_between_lines_is_replaced() -> None:
    """A process that has been killed from outside costs no line."""
    with Workers(faulty.Tells(), 1) as workers:
        first = pid(workers)
        os.kill(first, signal.SIGKILL)
        assert pid(workers) != first


def test_an_engines_own_error_is_passed_on() -> None:
    """An error meant for the listener comes out as it is, and its process goes on."""
    with Workers(faulty.Sound(), 1) as workers:
        workers.speak("It goes well.", "only", SLOW)
        before = psutil.Process().children()
        with pytest.raises(EngineError, match=r'^engine "sound" has no such voice$'):
            workers.speak("It goes badly.", "only", SLOW)
        assert psutil.Process().children() == before


@pytest.mark.skipif(sys.platform != "linux", reason="who is in no group is found on Linux alone")
@pytest.mark.parametrize(
    "engine",
    [faulty.Leaves(), faulty.LeavesStranger(), faulty.LeavesAndHangs()],
    ids=lambda one: type(one).__name__,
)
@pytest.mark.slow
def test_what_is_left_behind_goes_too(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that leaves another, which holds its pipes, costs its deadline at most and leaves nothing."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    hangs = isinstance(engine, faulty.LeavesAndHangs)
    allowed = 3.0 if hangs else 600.0  # who died is not waited for
    with Workers(engine, 1, allowed, load_seconds=0.0) as workers:
        reason = "it gave no answer in 3 s" if hangs else "its process ended with status 1"
        with pytest.raises(EngineError, match=reason):
            workers.speak("It goes badly.", "only", SLOW)
        assert not list(tmp_path.iterdir())
    assert not [one for one in psutil.process_iter(["cmdline"]) if str(tmp_path) in str(one.info["cmdline"])]


@pytest.mark.slow
def test_what_hangs_is_asked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that takes too long is not tried again: it costs one deadline, not two."""
    asked = tmp_path / "asked"
    monkeypatch.setenv("ASKED", str(asked))
    hangs = Workers(faulty.CountsAndHangs(), 1, 3.0, load_seconds=27.0)
    with hangs as workers, pytest.raises(EngineError, match="it gave no answer in 30 s"):
        workers.speak("It hangs.", "only", SLOW)
    assert asked.read_text() == "It hangs.\n"


def test_a_process_speaks_as_the_version_that_was_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """What an engine became after its version was told is not spoken: it would be kept under that version."""
    monkeypatch.setenv("CHANGES", "1")
    guarded = Guarded(faulty.Changes(), "sound")
    assert guarded.version == "1"
    monkeypatch.setenv("CHANGES", "2")
    with Workers(guarded, 1) as workers, pytest.raises(EngineError, match="is another since this program"):
        workers.speak("It goes well.", "only", SLOW)


def test_what_is_missing_keeps_its_mend() -> None:
    """The command that mends what is missing comes through the process."""
    with Workers(faulty.Missing(), 1) as workers, pytest.raises(EngineMissing) as caught:
        workers.speak("It goes badly.", "only", SLOW)
    assert caught.value.mend == "pip install model"


def test_many_threads_share_few_processes() -> None:
    """Every caller gets its own line's answer, and there are never more processes than asked for."""
    texts = ["Sit. " * (1 + index % 7) for index in range(40)]
    engine = HumEngine()
    with Workers(engine, 2) as workers, ThreadPoolExecutor(8) as pool:
        spoken = list(pool.map(lambda text: workers.speak(text, "low", SLOW), texts))
        assert len(psutil.Process().children()) == 2
    assert [sound.size for sound in spoken] == [engine.estimate(text, "low", SLOW) for text in texts]


def test_an_idle_process_is_used_before_one_is_started() -> None:
    """Lines one after another are spoken by one process, and load its model once."""
    with Workers(faulty.Tells(), 3) as workers:
        assert len({pid(workers) for _ in range(4)}) == 1


def test_closing_ends_a_line_that_hangs() -> None:
    """Closing does not wait for a line: who waits for it has an `EngineError`."""
    workers = Workers(faulty.Hangs(), 1, 600.0)
    with ThreadPoolExecutor(2) as pool:
        lines = [pool.submit(workers.speak, "It goes badly.", "only", SLOW) for _ in range(2)]
        while not psutil.Process().children():
            threading.Event().wait(0.01)
        workers.close()
        assert all("is closed" in str(line.exception()) for line in lines)
    workers.close()
    with pytest.raises(EngineError, match="is closed"):
        workers.speak("Again.", "only", SLOW)


def test_no_temporary_file_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a process left half done in the temporary folder goes with it."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with Workers(faulty.Litters(), 1) as workers, pytest.raises(EngineError, match=str(tmp_path)):
        workers.speak("It goes badly.", "only", SLOW)
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals to a group are POSIX")
@pytest.mark.parametrize("kind", ["Hangs", "LeavesAndHangs"])
@pytest.mark.parametrize("text", ["It goes well.", "It goes badly."], ids=["idle", "busy"])
def test_processes_end_with_their_parent(text: str, kind: str, tmp_path: Path) -> None:
    """A parent that is killed leaves no process and no file behind, not even in the middle of a line."""
    program = (
        f"import threading\nfrom tests.voices.faulty import {kind}\n"
        "from voiceguide.voices.process.worker import Workers\n"
        f"workers = Workers({kind}(), 1); workers.speak('Hello.', 'only', 105); print('spoken', flush=True)\n"
        f"workers.speak({text!r}, 'only', 105); threading.Event().wait()"
    )
    root = Path(__file__).parents[2]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, cwd=root, env=environment
    ) as parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        children = psutil.Process(parent.pid).children(recursive=True)
        parent.kill()
    assert children
    _, alive = psutil.wait_procs(children, timeout=30)
    assert not alive
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
def test_an_interrupt_reaches_the_parent_alone() -> None:
    """A process goes on after the signal of Ctrl-C."""
    with Workers(faulty.Tells(), 1) as workers:
        first = pid(workers)
        os.kill(first, signal.SIGINT)
        assert pid(workers) == first


def test_an_interrupted_answer_is_not_the_next_lines() -> None:
    """Where waiting for a line is broken off, its late answer is not taken for the line after it."""
    engine = HumEngine()

    with Workers(engine, 1) as workers:
        workers.speak("Hello.", "low", SLOW)
        interrupt = threading.Timer(0.05, signal.pthread_kill, [threading.main_thread().ident, signal.SIGINT])
        interrupt.start()
        with pytest.raises(KeyboardInterrupt):
            speak_on(workers)
        interrupt.join()
        assert workers.speak("Short.", "low", SLOW).size == engine.estimate("Short.", "low", SLOW)


@pytest.mark.slow
def test_wherever_it_is_interrupted_it_speaks_on() -> None:
    """Ctrl-C at any moment leaves no place taken, no thread and no process; the next line is spoken."""
    engine = HumEngine()
    with Workers(engine, 1) as workers:
        for moment in range(20):
            interrupt = threading.Timer(
                0.3 + moment / 10_000, signal.pthread_kill, [threading.main_thread().ident, signal.SIGINT]
            )
            with pytest.raises(KeyboardInterrupt):  # noqa: PT012 - it comes anywhere
                interrupt.start()
                while True:
                    workers.speak("A.", "low", SLOW)
            interrupt.join()
            assert workers.speak("Short.", "low", SLOW).size == engine.estimate("Short.", "low", SLOW)


def test_a_long_line_is_given_longer() -> None:
    """Patience grows with the line: twenty seconds, and four times what it should last."""
    assert patience(frames(0.0)) == 20.0
    assert patience(frames(10.0)) == 20.0 + 4 * seconds(frames(10.0))
