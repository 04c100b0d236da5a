"""The listener with a real player on a card by hand, and a microphone that hears what it is given."""

from __future__ import annotations

import queue
import sys

import numpy as np
import pytest
import soxr

from tests.playback.stages import Begin, Stage
from tests.playback.voice.conftest import HEAD, in_a_room, spoken
from tests.waiting import until
from voiceguide.audio import RATE, Mono
from voiceguide.cli.play import _listener
from voiceguide.errors import ListeningMissing
from voiceguide.playback import Command, Now, Player
from voiceguide.playback.controls.voice import VoiceControl
from voiceguide.playback.controls.voice.listener import AFTER_SPEECH_SECONDS
from voiceguide.playback.controls.voice.spotter import Spotter
from voiceguide.playback.controls.voice.words import LISTEN_RATE
from voiceguide.playback.player import RETRY_SECONDS
from voiceguide.session import Studio
from voiceguide.store import MemoryStore
from voiceguide.voices.engines.system import SystemEngine
from voiceguide.voices.process.worker import Workers

BLOCK = LISTEN_RATE // 10
COMMANDS_ALOUD = f"""{HEAD}  - rest: 4s
  - say: Pause.
  - rest: 4s
  - say: Finish.
  - rest: 4s
  - say: Next.
  - rest: 4s
  - say: Louder.
  - rest: 4s
  - say: Ground me.
  - rest: ~20s
"""


class Ear:
    """A microphone that hears what is put before it, and then nothing."""

    def __init__(self) -> None:
        self.closed = False
        self._heard: queue.SimpleQueue[Mono] = queue.SimpleQueue()

    def put(self, samples: Mono) -> None:
        for at in range(0, len(samples), BLOCK):
            self._heard.put(samples[at : at + BLOCK])

    def read(self, timeout: float) -> Mono | None:
        try:
            return self._heard.get(timeout=min(timeout, 0.01))
        except queue.Empty:
            return None

    def close(self) -> None:
        self.closed = True

    @property
    def empty(self) -> bool:
        return self._heard.empty()


def resting(stage: Stage) -> None:
    """Play on until a line has been said, and the voice has rested for a while."""
    for speaking in (True, False):
        while stage.player.now.speaking is not speaking:
            stage.pull(0.2)
    stage.pull(0.2 + AFTER_SPEECH_SECONDS)
    assert stage.player.now.words


def played(stage: Stage) -> float:
    """Return how many seconds the card has been given."""
    return sum(map(len, stage.heard)) / RATE


@pytest.mark.slow
def test_words_drive_the_player(studio: Studio, begin: Begin, voice: SystemEngine) -> None:
    """What is said into the microphone in a pause is done; on the ground, "go on" comes back."""
    stage, ear = begin(answers="words"), Ear()
    listener = VoiceControl(lambda: ear, clock=lambda: played(stage))
    listener.start(stage.player)
    resting(stage)
    for words, status in (
        ("pause", "paused"), ("go on", "playing"), ("ground me", "grounding"), ("go on", "playing"),
    ):  # fmt: skip
        ear.put(in_a_room(spoken(voice, words)))
        until(lambda: ear.empty)
        for _ in range(20):
            stage.pull(0.1)
            if stage.player.now.status == status:
                break
        assert stage.player.now.status == status
        if status == "grounding":
            resting(stage)
    listener.close()
    assert ear.closed


@pytest.mark.slow
def test_the_programs_own_words_are_no_commands(begin: Begin) -> None:
    """A session that says its commands, heard by the microphone, asks for nothing; were it not known when
    it speaks, it would.
    """

    class Told:
        """Passes on nothing, and keeps it."""

        def __init__(self, player: Player) -> None:
            self.player = player
            self.commands: list[Command] = []

        @property
        def now(self) -> Now:
            return self.player.now

        def do(self, command: Command) -> None:
            self.commands.append(command)

    with Workers(SystemEngine(), 1) as engine, Studio(store=MemoryStore(), engines=(engine,)) as studio:
        stage = begin(COMMANDS_ALOUD, studio, answers="words")
        told, unguarded = Told(stage.player), list[str]()
        listener = VoiceControl(Ear, clock=lambda: played(stage))
        spotter = Spotter()
        while "Ground" not in stage.player.now.words or stage.player.now.speaking:
            stage.pull(0.1)
            heard = soxr.resample(stage.heard[-1].mean(axis=1), RATE, LISTEN_RATE).astype(np.float32)
            listener.hear(heard, told)
            unguarded += [phrase.words for phrase in spotter.hear(heard)]
        listener.close()
    assert told.commands == []
    assert len(unguarded) >= 3


def test_the_microphone_is_put_down_while_there_is_no_card(studio: Studio, begin: Begin) -> None:
    """While the sound device is gone nothing is open, so that devices can be looked for; then it listens."""
    stage = begin(answers="words")
    ears: list[Ear] = []

    def opened() -> Ear:
        ears.append(Ear())
        return ears[-1]

    listener = VoiceControl(opened)
    listener.start(stage.player)
    stage.pull(2.0)
    stage.card.outputs[0].active = False
    stage.card.missing = True
    until(lambda: ears[0].closed)
    stage.card.missing = False
    stage.time.now += RETRY_SECONDS
    until(lambda: len(ears) == 2)
    listener.close()
    assert ears[1].closed


def test_a_microphone_that_goes_away_is_looked_for(studio: Studio, begin: Begin) -> None:
    """When the microphone is pulled out the session plays on, and the next one plugged in is listened to."""
    stage = begin(answers="words")
    ears: list[Ear] = []

    class Pulled(Ear):
        def read(self, timeout: float) -> Mono | None:
            raise ListeningMissing("the microphone is gone")

    def opened() -> Ear:
        ears.append(Ear() if ears else Pulled())
        return ears[-1]

    listener = VoiceControl(opened)
    listener.start(stage.player)
    until(lambda: len(ears) == 2)
    assert ears[0].closed
    stage.pull(1.0)
    assert stage.player.now.status == "playing"
    listener.close()
    assert ears[1].closed


def test_without_a_microphone() -> None:
    """Where there is no microphone, a listener says so and is not made."""

    def none() -> Ear:
        raise ListeningMissing("no microphone can be used here")

    with pytest.raises(ListeningMissing, match="no microphone"):
        VoiceControl(none)


def test_without_pocketsphinx_playing_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`play --listen` without what it needs says one sentence, and plays without it."""
    monkeypatch.setitem(sys.modules, "pocketsphinx", None)
    assert _listener() is None
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "pip install 'voiceguide[listen]'" in told
