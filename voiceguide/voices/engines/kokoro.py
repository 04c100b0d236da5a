"""`kokoro`: the most natural voices here, from the Kokoro-82M network (Apache-2.0), on the CPU alone.

The network mangles short texts and often begins a longer one with a sound that is not in it. So every text
follows a lead, a neutral sentence that is affected instead and is cut off again. The network returns how long
each token sounds, so the cut goes into the quietest moment of the pause after the lead. In the same way the
pauses between sentences get their length.
"""

from __future__ import annotations

import importlib.metadata
import itertools
from typing import Final

from msgspec import Struct

from voiceguide.audio import Frames, Mono
from voiceguide.errors import EngineError
from voiceguide.script.model import PACES, Pace
from voiceguide.voices import tempo
from voiceguide.voices.engine import Status, Voice
from voiceguide.voices.engines import kokoro_languages as languages
from voiceguide.voices.engines import kokoro_voices as files
from voiceguide.voices.engines import pauses
from voiceguide.voices.engines.kokoro_languages import Language
from voiceguide.voices.engines.kokoro_model import (
    MEND,
    MOST_TOKENS,
    RATE,
    Network,
    Synthesis,
    checksum,
    missing,
)
from voiceguide.voices.engines.phonemes import phonemes
from voiceguide.voices.words import plain, sentences

_PROCESSING: Final = "4"
"""Raise it when the same text, voice and pace would give other samples."""

_TOGETHER: Final = 200
"""Tokens spoken in one go if sentences allow: enough for natural melody, few enough not to sound hurried."""

_LONGEST: Final = MOST_TOKENS - 60
"""The most phonemes of a sentence spoken in one go; the rest is room for a lead."""

# Speeds: 1 is as trained, lower is slower.
_USUAL_SPEED: Final = 0.6
_LEAST_SPEED: Final = 0.4
_MOST_SPEED: Final = 1.4

_QUIET_DB: Final = -36.0
"""A cut is clean if its level, relative to the loudest of the take, is below this."""


class _Sentence(Struct, frozen=True):
    """A sentence as tokens, with its punctuation last; `due_slow` is its length at the slow pace, in s."""

    tokens: tuple[int, ...]
    due_slow: float


class KokoroEngine:
    """Kokoro-82M: under a second of work on one core per second of speech."""

    name = "kokoro"
    isolated = True
    local = True

    def __init__(self) -> None:
        self._network: Network | None = None
        self._speakers: dict[str, _Speaker] = {}

    @property
    def version(self) -> str:
        """Return the versions of the processing, the network and the libraries that the samples depend on."""
        return f"{_PROCESSING} {_network_version()} " + " ".join(
            f"{package}={_version(package)}"
            for package in ("onnxruntime", "espeakng-loader", "phonemizer-fork", "soxr")
        )

    def status(self) -> Status:
        """Return whether libraries, network and at least one voice are installed."""
        absent = missing()
        if absent:
            return Status(False, f"{absent[0]} is not installed", MEND)
        if not files.installed():
            return Status(False, "no voice file is installed", files.mend())
        return Status(True)

    def voices(self) -> tuple[Voice, ...]:
        """Return the installed voices, then those that could be installed."""
        return files.listed()

    def estimate(self, text: str, voice: str, pace: Pace) -> Frames:
        """Return about how many frames *text* takes, by `tempo`, which `speak` keeps to."""
        return tempo.estimate(text, pace, languages.of(voice).rate)

    def speak(self, text: str, voice: str, pace: Pace) -> Mono:
        """Return *text* spoken by *voice*, with `tempo.stop_seconds` between its sentences.

        Raises:
            EngineMissing: if a library, the network or the voice is not installed.
            EngineError: if *voice* is unknown, or there is nothing to say.
        """
        if voice not in self._speakers:
            style = files.load(voice)
            self._network = self._network or Network()
            self._speakers[voice] = _Speaker(self._network, style, languages.of(voice))
        pieces = self._speakers[voice].say(text, pace)
        return pauses.at_rate(pauses.joined(pieces, RATE, tempo.stop_seconds(pace)), RATE)


class _Speaker:
    """One voice, and the speed at which it has the slow pace."""

    def __init__(self, network: Network, style: files.Style, language: Language) -> None:
        self._network = network
        self._style = style
        self._language = language
        (sample,) = self._read(language.sample)
        (piece,) = self._spoken([sample], _USUAL_SPEED)
        due = tempo.due_seconds(language.sample, PACES["slow"], language.rate)
        self._speed = _USUAL_SPEED * pauses.sounding(piece, RATE) / due

    def say(self, text: str, pace: Pace) -> list[Mono]:
        """Return the sentences of *text*, each without silence around it, at the network's sample rate."""
        read = [part for sentence in sentences(text) for part in self._read(sentence)]
        if not read:
            raise EngineError(f"kokoro finds nothing to say in “{text}”: write words there.")
        return [piece for group in _grouped(read) for piece in self._paced(group, pace)]

    def _read(self, sentence: str) -> list[_Sentence]:
        """Return *sentence* as tokens, in parts if it is longer than the network accepts."""
        parts = _parts(phonemes(sentence, self._language.espeak), _LONGEST)
        whole = sum(map(len, parts))
        due = tempo.due_seconds(plain(sentence), PACES["slow"], self._language.rate)
        return [_Sentence(tuple(self._network.tokens(part)), due * len(part) / whole) for part in parts]

    def _paced(self, group: list[_Sentence], pace: Pace) -> list[Mono]:
        """Return the sentences of *group* at *pace*."""
        speed = self._speed / tempo.slowness(pace)
        return tempo.held(
            lambda longer: self._spoken(group, _within(speed / longer)),
            lambda pieces: sum(pauses.sounding(piece, RATE) for piece in pieces),
            sum(sentence.due_slow for sentence in group) * tempo.slowness(pace),
        )

    def _spoken(self, group: list[_Sentence], speed: float) -> list[Mono]:
        """Return the sentences of *group*, spoken in one go and cut, or in two if a pause is not clean."""
        cut = self._after_lead(group, speed)
        worst = max(range(1, len(group)), key=lambda at: cut.depths[at], default=0)
        if cut.depths[worst] <= _QUIET_DB or not worst:
            return cut.pieces[1:]
        return self._spoken(group[:worst], speed) + self._spoken(group[worst:], speed)

    def _after_lead(self, group: list[_Sentence], speed: float) -> _Cut:
        """Return *group* cut after the first lead that can be cut off cleanly, or else after the best one."""
        cuts: list[_Cut] = []
        for lead in self._language.leads:
            cuts.append(self._cut([*self._read(lead), *group], speed))
            if cuts[-1].depths[0] <= _QUIET_DB:
                break
        return min(cuts, key=lambda cut: cut.depths[0])

    def _cut(self, group: list[_Sentence], speed: float) -> _Cut:
        """Return the sentences of *group*, spoken in one go and cut in the pauses between them."""
        space = self._network.tokens(" ")
        tokens: list[int] = []
        firsts: list[int] = []
        for sentence in group:
            tokens += space if tokens else []
            firsts.append(len(tokens))
            tokens += sentence.tokens
        row = min(len(tokens), files.ROWS - 1)
        return _cut_at(self._network.speak(tokens, self._style[row], speed), firsts[1:])


class _Cut(Struct, frozen=True):
    """Sentences cut apart, and the level of each cut relative to the loudest sound, in dB (below 0)."""

    pieces: list[Mono]
    depths: list[float]


def _cut_at(take: Synthesis, firsts: list[int]) -> _Cut:
    """Return *take* cut before each of the tokens *firsts*, which follow a punctuation mark and a space.

    The pause is searched from the middle of the last phoneme to the middle of the space, since the next sound
    begins while the durations still say "space".
    """
    loudest = float(pauses.levels(take.audio, RATE).max())
    starts = take.starts
    cuts, depths = [0], []
    for first in firsts:
        begin = int(starts[first - 3] + starts[first - 2]) // 2
        end = int(starts[first - 1] + starts[first]) // 2
        at = pauses.valley(take.audio, RATE, begin, end)
        cuts.append(at)
        depths.append(pauses.level_at(take.audio, RATE, at) - loudest)
    cuts.append(len(take.audio))
    pieces = [pauses.trimmed(take.audio[a:b], RATE) for a, b in itertools.pairwise(cuts)]
    return _Cut(pieces, depths)


def _parts(sounds: str, most: int) -> list[str]:
    """Return *sounds* in parts of at most *most* letters, split at commas, else at spaces."""
    parts = []
    while len(sounds) > most:
        at = max(sounds.rfind(", ", 0, most), sounds.rfind("; ", 0, most)) + 1
        at = at or sounds.rfind(" ", 0, most) + 1 or most
        parts.append(sounds[:at].strip())
        sounds = sounds[at:].strip()
    return [*parts, sounds]


def _grouped(read: list[_Sentence]) -> list[list[_Sentence]]:
    """Return *read* in groups of about `_TOGETHER` tokens, each spoken in one go."""
    groups: list[list[_Sentence]] = []
    room = 0
    for sentence in read:
        if len(sentence.tokens) > room:
            groups.append([])
            room = _TOGETHER
        groups[-1].append(sentence)
        room -= len(sentence.tokens) + 1
    return groups


def _within(speed: float) -> float:
    return min(max(speed, _LEAST_SPEED), _MOST_SPEED)


def _network_version() -> str:
    return checksum()[:12] if not missing() else "none"


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "none"
