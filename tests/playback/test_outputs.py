"""Each output keeps the contract, and a player plays through any of them."""

from __future__ import annotations

import subprocess
import sys
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.playback.conftest import SCRIPT, Write
from tests.playback.pulse import MISSING, Pulse, place_of
from tests.playback.stages import Begin
from voiceguide.audio import Block, Frames, frames
from voiceguide.errors import SinkError
from voiceguide.playback import Player
from voiceguide.playback.device.file import WavFile
from voiceguide.playback.outputs import OpenOutput, Output
from voiceguide.playback.stage import PAUSE
from voiceguide.session import Session, Studio
from voiceguide.testing.outputs import FakeOutput, FakeSound, FetchingOutput, OutputContract

FULL = Path("/dev/full")


def written(path: Path) -> Block:
    """Return what is in the WAV *path*."""
    with wave.open(str(path), "rb") as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (48_000, 2, 2)
        sound = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)
        return sound.astype(np.float32) / np.float32(32767)


def begin_of(session: Session, heard: Block) -> int:
    """Return the frame of *heard* at which *session* begins."""
    return place_of(session.block(Frames(PAUSE), frames(0.5)), heard) - PAUSE


class TestFake(OutputContract):
    """Blocks, as many as it is told to ask for."""

    def output(self) -> Output:
        return FakeOutput()

    def passes(self, opened: OpenOutput) -> None:
        assert isinstance(opened, FakeSound)
        opened.pull(self.enough)

    def absent(self) -> Output | None:
        output = FakeOutput()
        output.missing = True
        return output

    def heard(self, opened: OpenOutput) -> Block | None:
        assert isinstance(opened, FakeSound)
        return np.concatenate(opened.heard)


class TestFetching(TestFake):
    """An address, from which a device fetches."""

    def output(self) -> Output:
        return FetchingOutput()


class TestWavFile(OutputContract):
    """A file, as fast as it would be heard."""

    @pytest.fixture(autouse=True)
    def folder(self, tmp_path: Path) -> None:
        self.path = tmp_path / "heard.wav"

    def output(self) -> Output:
        return WavFile(self.path)

    def absent(self) -> Output | None:
        return WavFile(self.path.parent / "nowhere" / "heard.wav")

    def heard(self, opened: OpenOutput) -> Block | None:
        return written(self.path)


@pytest.mark.slow
@pytest.mark.skipif(bool(MISSING), reason=f"{', '.join(MISSING)} not installed")
@pytest.mark.skipif(sys.platform != "linux", reason="PulseAudio is asked through ALSA")
def test_the_card_keeps_it_too(pulse: Pulse) -> None:
    """A card of a real sound server keeps the contract; PortAudio finds it in a process of its own."""
    code = "import sys, pytest; sys.exit(pytest.main(sys.argv[1:]))"
    words = ["-c", code, "-q", "-p", "no:cacheprovider", str(Path(__file__).with_name("on_pulse.py"))]
    done = subprocess.run(
        [sys.executable, *words], env=pulse.environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    assert "5 passed" in done.stdout


@pytest.fixture
def pulse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pulse]:
    """A server with one card."""
    server = Pulse(tmp_path_factory.mktemp("pulse"))
    try:
        server.plug_in("vsink")
        yield server
    finally:
        server.close()


def test_a_device_that_fetches_hears_the_session(begin: Begin) -> None:
    """A player cannot tell an address from a card: what is fetched is the session, and keys are obeyed."""
    output = FetchingOutput()
    stage = begin(output=output)
    session, ring = stage.player._director._session, stage.player._director.feeder.ring
    for _ in range(60):
        stage.until(lambda: ring.ready - ring.read > frames(1.0))  # as far ahead as with a card
        stage.heard.append(output.outputs[-1].pull(4800))
    heard = stage.tape()
    start = begin_of(session, heard)
    expected = session.block(Frames(0), len(heard) - start)
    assert np.allclose(heard[start + PAUSE :], expected[PAUSE:], atol=1e-6)
    stage.player.do("pause")
    stage.pull_until(lambda now: now.status == "paused")
    stage.player.do("stop")
    while not stage.player.wait(0.0):
        stage.pull(0.2)


def test_a_session_in_a_file(studio: Studio, write: Write, tmp_path: Path) -> None:
    """What is written is what is rendered, to sixteen bits, from the first moment on."""
    session = studio.session(write(SCRIPT))
    player = Player(session, WavFile(tmp_path / "heard.wav"))
    player.open()
    while not player.now.words and not player.wait(0.02):
        pass
    player.close()
    heard = written(tmp_path / "heard.wav")
    start = begin_of(session, heard)
    assert len(heard) - start > frames(1.5)
    assert player.now.underruns == 0
    expected = session.block(Frames(0), len(heard) - start)
    assert np.allclose(heard[start + PAUSE :], expected[PAUSE:], atol=2 / 32768)


@pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full here")
def test_a_disk_that_is_full_ends_it(studio: Studio, write: Write) -> None:
    """A file that takes no more ends the session with one sentence, and no player waits for another."""
    player = Player(studio.session(write(SCRIPT)), WavFile(FULL))
    with pytest.raises(SinkError, match="full cannot be written: No space left"):
        play_out(player)


def play_out(player: Player) -> None:
    """Play to the end; raise what ended it."""
    try:
        player.open()
        assert player.wait(20.0)
    finally:
        player.close()
    if player.failure is not None:
        raise player.failure
