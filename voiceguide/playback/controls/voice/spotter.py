"""Which of the phrases was said, if any: PocketSphinx, with its own model, on this computer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import numpy as np

from voiceguide.audio import Mono
from voiceguide.errors import ListeningMissing
from voiceguide.playback.controls.voice.utterance import Utterances
from voiceguide.playback.controls.voice.words import OTHERS, PHRASES, VoiceCommand

MEND: Final = "pip install 'voiceguide[listen]'"


class Spotter:
    """Recognises phrases, each said by itself.

    Each utterance is compared as a whole with all `PHRASES` and all `OTHERS`. Searching a stream for phrases
    (PocketSphinx's own keyword search) understood about half as many over a bed, and found some in rain.

    Raises:
        ListeningMissing: if PocketSphinx is not installed.
    """

    def __init__(self, phrases: Iterable[VoiceCommand] = PHRASES, others: Iterable[str] = OTHERS) -> None:
        self._phrases = {phrase.words.replace(" ", "_"): phrase for phrase in phrases}
        self._decoder = _decoder(self._phrases, tuple(others))
        self._utterances = Utterances()

    def hear(self, block: Mono, *, closed: bool = False) -> list[VoiceCommand]:
        """Return the phrases that ended within *block*, samples at `LISTEN_RATE`.

        If *closed*, the block is discarded, with any utterance that had begun before it.
        """
        if closed:
            self._utterances.drop()
            return []
        found = (self._understood(said) for said in self._utterances.push(block))
        return [phrase for phrase in found if phrase is not None]

    def _understood(self, said: Mono) -> VoiceCommand | None:
        loud = 0.5 / max(0.01, float(np.abs(said).max()))
        samples = (np.clip(said * loud, -1.0, 1.0) * 32_767).astype("<i2")
        self._decoder.start_utt()
        self._decoder.process_raw(samples.tobytes(), full_utt=True)
        self._decoder.end_utt()
        best = self._decoder.hyp()
        return None if best is None else self._phrases.get(best.hypstr)


def _decoder(phrases: dict[str, VoiceCommand], others: tuple[str, ...]) -> Any:
    try:
        import pocketsphinx
    except ImportError as error:
        raise ListeningMissing(f"voice commands need PocketSphinx; run: {MEND}") from error
    decoder = pocketsphinx.Decoder(lm=None, loglevel="FATAL")
    for name, phrase in phrases.items():
        for spelling, sounds in zip(_spellings(decoder, name), phrase.sounds, strict=False):
            decoder.add_word(spelling, sounds, True)
    most = max(phrase.lean for phrase in phrases.values())
    ours = " | ".join(f"/{_weight(phrase.lean - most)}/ {name}" for name, phrase in phrases.items())
    theirs = " | ".join(f"/{_weight(-most)}/ {word}" for word in others)
    decoder.add_jsgf_string("said", f"#JSGF V1.0; grammar said; public <said> = {ours} | {theirs};")
    decoder.activate_search("said")
    return decoder


def _weight(power: int) -> str:
    """Return 10 to *power* (at most 0) in decimal notation, as grammars have no exponents."""
    return f"{10.0**power:.{1 - power}f}"


def _spellings(decoder: Any, name: str) -> Iterator[str]:
    """Yield the names of *name*'s pronunciations that are still free in the dictionary."""
    for spelling in (name, *(f"{name}({number})" for number in range(2, 9))):
        if decoder.lookup_word(spelling) is None:
            yield spelling
