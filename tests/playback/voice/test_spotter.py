from __future__ import annotations

import sys

import numpy as np
import pytest
import soxr

from tests.playback.voice.conftest import LEVEL, in_a_room, quiet_room, spoken
from voiceguide.audio import RATE, Frames, Mono, frames
from voiceguide.errors import ListeningMissing
from voiceguide.playback.commands import SAID
from voiceguide.playback.controls.voice.spotter import Spotter
from voiceguide.playback.controls.voice.utterance import Utterances
from voiceguide.playback.controls.voice.words import LISTEN_RATE, OTHERS, PHRASES
from voiceguide.playback.prompts import PROMPTS
from voiceguide.sounds.ambience.library import load
from voiceguide.voices.engines.system import SystemEngine

pytestmark = pytest.mark.slow


def heard(spotter: Spotter, samples: Mono, block: int = LISTEN_RATE // 10) -> list[str]:
    blocks = (samples[at : at + block] for at in range(0, len(samples), block))
    return [phrase.words for each in blocks for phrase in spotter.hear(each)]


@pytest.mark.parametrize("words", [phrase.words for phrase in PHRASES])
def test_each_phrase_is_understood(words: str, voice: SystemEngine) -> None:
    """A phrase said by itself in a quiet room is understood, once, whatever the size of the blocks."""
    samples = in_a_room(spoken(voice, words))
    assert heard(Spotter(), samples) == [words]
    assert heard(Spotter(), samples, 777) == [words]


def test_phrases_one_after_another(voice: SystemEngine) -> None:
    """What was said before changes nothing: each phrase counts once, in order."""
    order = ["pause", "go on", "louder", "louder", "finish"]
    samples = np.concatenate([in_a_room(spoken(voice, words)) for words in order])
    assert heard(Spotter(), samples) == order


def test_a_sentence_is_no_command(voice: SystemEngine) -> None:
    """A phrase inside a sentence is not by itself: it asks for nothing."""
    for sentence in (
        "Let us go on and pause there for a little while",
        "Come back next week and stay for tea",
    ):
        assert heard(Spotter(), in_a_room(spoken(voice, sentence))) == []


def test_silence_is_no_command() -> None:
    """Neither digital silence nor a microphone's hiss is a word."""
    assert heard(Spotter(), np.zeros(20 * LISTEN_RATE, np.float32)) == []
    assert heard(Spotter(), quiet_room(20.0)) == []


@pytest.mark.parametrize("name", ["soft-rain", "stream"])
def test_a_bed_is_no_command(name: str) -> None:
    """What plays under a session is no word."""
    bed = load(name).block(Frames(0), frames(20.0)).mean(axis=1)
    samples = soxr.resample(bed, RATE, LISTEN_RATE).astype(np.float32)
    assert heard(Spotter(), samples * np.float32(LEVEL / np.std(samples))) == []


def test_what_is_closed_is_not_heard(voice: SystemEngine) -> None:
    """While closed nothing is heard, and what had begun before, or goes on after it, is not either."""
    samples = in_a_room(spoken(voice, "pause"))
    middle = round((1.5 + 0.3) * LISTEN_RATE)
    for first, second in ((True, False), (False, True)):
        spotter = Spotter()
        said = spotter.hear(samples[:middle], closed=first) + spotter.hear(samples[middle:], closed=second)
        assert said == []
        assert heard(spotter, samples) == ["pause"]


def test_nothing_is_kept(voice: SystemEngine) -> None:
    """Of what was heard no more than the last seconds are in memory, however long it lasts."""
    utterances = Utterances()
    for _ in range(30):
        utterances.push(quiet_room(1.0))
    held = [value for value in vars(utterances).values() if hasattr(value, "__len__")]
    assert max(sum(np.size(each) for each in value) for value in held) < 3 * LISTEN_RATE


def test_every_phrase_is_a_command() -> None:
    """Each phrase asks for something the player can do, and is offered aloud; other words are other words."""
    offered = " ".join(PROMPTS["words"].help).lower()
    for phrase in PHRASES:
        assert phrase.words in offered
    assert {phrase.words for phrase in PHRASES} == set(SAID)
    assert not {phrase.words for phrase in PHRASES} & set(OTHERS)
    assert len(set(OTHERS)) == len(OTHERS)


def test_without_pocketsphinx(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where PocketSphinx is missing, one sentence says what installs it."""
    monkeypatch.setitem(sys.modules, "pocketsphinx", None)
    with pytest.raises(ListeningMissing, match=r"pip install 'voiceguide\[listen\]'"):
        Spotter()
