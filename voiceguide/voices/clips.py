"""Clips: spoken lines, trimmed, levelled, and stored under a hash of everything they depend on."""

from __future__ import annotations

import hashlib
import io
import json
import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Final

import numpy as np
from msgspec import Struct, field

from voiceguide.audio import RATE, Frames, Mono, frames, gain
from voiceguide.audio.loudness import levelled
from voiceguide.errors import EngineClosed, EngineError, StoreError
from voiceguide.plan.margins import EDGE
from voiceguide.script.model import Pace
from voiceguide.store import MemoryStore, Store
from voiceguide.voices.engine import Engine

log = logging.getLogger("voiceguide")

PROCESSING: Final = 3
"""Part of every clip's key: raise it when the processing of an engine's samples changes."""

VOICE_PEAK_DB: Final = -4.0
"""The highest true peak of a clip (dBTP), so that with bed, tones and bells the sum stays under -1."""

# Relative to full scale, once levelled. Below it are an engine's own silence and fading word ends, which any
# bed covers. They are cut here and faded over `EDGE`, so that any measurement finds the end within 5 ms.
_TRIM: Final = gain(-48.0)
_SHORTEST: Final = frames(0.03)  # shorter than anything a voice says
_HELD_BYTES: Final = 8_000_000  # of decoded clips: some seconds for each clip made at once


class Clip(Struct, frozen=True):
    """`samples` has `EDGE` frames, `length` frames from the first sound to the last, and `EDGE` frames."""

    samples: Mono

    @property
    def length(self) -> Frames:
        return Frames(len(self.samples) - 2 * EDGE)


class Casting(Struct, frozen=True):
    """An engine and one of its voices; `language` is the voice's, as a BCP 47 tag."""

    engine: Engine
    voice: str
    language: str = ""

    def __str__(self) -> str:
        return f"{self.engine.name}/{self.voice}"


def finish(raw: Mono, target_lufs: float) -> Clip:
    """Return an engine's samples as a clip: levelled (BS.1770, as heard in both ears), limited and trimmed.

    Raises:
        ValueError: if the samples are silent.
    """
    # A rough cut first, well below the final one, so that long silence does not count in the level.
    some = np.flatnonzero(np.abs(raw) > np.max(np.abs(raw), initial=0.0) * gain(-62.0))
    if len(some) == 0:
        raise ValueError("silence has no first sound")
    whole = levelled(raw[some[0] : some[-1] + 1], target_lufs, gain(VOICE_PEAK_DB))
    heard = np.flatnonzero(np.abs(whole) > _TRIM)
    first, last = int(heard[0]), int(heard[-1]) + 1
    if last - first < _SHORTEST:
        raise ValueError("too short to be speech")
    padded = np.pad(whole, EDGE)[first : last + 2 * EDGE]
    ramp = np.sin(np.linspace(0.0, np.pi / 2, EDGE + 2)[1:-1]).astype(np.float32) ** 2
    padded[:EDGE] *= ramp
    padded[-EDGE:] *= ramp[::-1]
    return Clip(padded)


def encode(clip: Clip) -> bytes:
    """Return *clip* as a 24-bit mono FLAC."""
    import soundfile

    buffer = io.BytesIO()
    soundfile.write(buffer, clip.samples, RATE, format="FLAC", subtype="PCM_24")
    return buffer.getvalue()


def decode(data: bytes) -> Clip:
    """Return the clip that `encode` wrote as *data*."""
    import soundfile

    samples, _ = soundfile.read(io.BytesIO(data), dtype="float32")
    return Clip(samples)


class Hand:
    """A cache of the decoded clips used last, of at most *limit* bytes together. Thread-safe."""

    def __init__(self, limit: int = _HELD_BYTES) -> None:
        self._limit = limit
        self._clips: OrderedDict[str, Clip] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._clips)

    def find(self, key: str) -> Clip | None:
        """Return the clip under *key*, or None."""
        with self._lock:
            if key in self._clips:
                self._clips.move_to_end(key)
            return self._clips.get(key)

    def put(self, key: str, clip: Clip) -> None:
        """Add *clip*; the least recently used clips are removed to make room."""
        with self._lock:
            if key not in self._clips:
                self._clips[key] = clip
                self._bytes += clip.samples.nbytes
            while self._bytes > self._limit and len(self._clips) > 1:
                _, dropped = self._clips.popitem(last=False)
                self._bytes -= dropped.samples.nbytes


class Clips(Struct):
    """Makes clips, or finds those made before. Thread-safe; the same line is made once at a time.

    The first of *cast* speaks; when it fails, the next one takes over from there, which is logged once.
    *respell* maps a text and an engine's name to the text that this engine speaks and estimates.
    """

    cast: Sequence[Casting]
    store: Store
    target_lufs: float
    respell: Callable[[str, str], str] = field(default=lambda text, engine: text)
    hand: Hand = field(default_factory=Hand)
    stood_in: bool = False
    _down: set[int] = field(default_factory=set)  # engines by identity, as two may have the same name
    _astray: set[int] = field(default_factory=set)
    _versions: dict[str, str] = field(default_factory=dict)
    _estimates: dict[tuple[str, Pace], Frames] = field(default_factory=dict)
    _spare: MemoryStore = field(default_factory=MemoryStore)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _making: tuple[threading.Lock, ...] = field(
        default_factory=lambda: tuple(threading.Lock() for _ in range(64))
    )

    def get(self, text: str, pace: Pace, voice: str | None = None) -> Clip:
        """Return *text* as a clip spoken by the cast; *voice* is the one that the script prefers.

        Raises:
            EngineError: if no engine of the cast can speak it.
        """
        failures = []
        for casting in self._order(voice):
            try:
                return self._made(casting, text, pace)
            except EngineClosed:
                raise
            except EngineError as error:
                failures.append(f"{casting.engine.name}: {error}")
                self._give_up(casting, error)
        why = "; ".join(failures)
        raise EngineError(f'no voice could speak "{_short(text)}" ({why}); run `voiceguide doctor`')

    def length(self, text: str, pace: Pace, voice: str | None = None) -> Frames:
        """Return the length of the clip of *text* in frames, without decoding a stored one.

        Raises:
            EngineError: if it is not stored, and no engine of the cast can speak it.
        """
        return self.kept(text, pace, voice) or self.get(text, pace, voice).length

    def kept(self, text: str, pace: Pace, voice: str | None = None) -> Frames | None:
        """Return the length of the clip of *text* in frames, or None if it is not stored."""
        first = next(iter(self._order(voice)), None)
        if first is None:
            return None
        data = self.store.get(self.key(first, self.respell(text, first.engine.name), pace))
        length = _length(data) if data is not None else 0
        return Frames(length) if length > 0 else None

    def estimate(self, text: str, pace: Pace) -> Frames:
        """Return the estimated frames of *text*, by the first engine of the cast that can estimate it.

        It does not depend on what has been spoken.

        Raises:
            EngineError: if none can.
        """
        known = self._estimates.get((text, pace))
        if known is None:
            known = self._estimates[text, pace] = self._estimated(text, pace)
        return known

    def _estimated(self, text: str, pace: Pace) -> Frames:
        for casting in self.cast:
            if id(casting.engine) in self._astray:
                continue
            try:
                read = self.respell(text, casting.engine.name)
                return casting.engine.estimate(read, casting.voice, pace)
            except EngineError as error:
                self._astray.add(id(casting.engine))
                self._estimates.clear()  # an engine that failed on one line is not asked about others
                self._give_up(casting, error)
        raise EngineError(f'no voice can tell how long "{_short(text)}" is; run `voiceguide doctor`')

    def key(self, casting: Casting, text: str, pace: Pace) -> str:
        """Return the store's name for the clip of *text*, as given to the engine."""
        facts = [
            casting.engine.name,
            self._version(casting.engine),
            casting.voice,
            int(pace),
            text,
            self.target_lufs,
            PROCESSING,
        ]
        return "clips/" + hashlib.sha256(json.dumps(facts).encode()).hexdigest()

    def _version(self, engine: Engine) -> str:
        """Return the engine's version, asked for once, as it is read from disk."""
        if engine.name not in self._versions:
            self._versions[engine.name] = engine.version
        return self._versions[engine.name]

    def _order(self, voice: str | None) -> Iterator[Casting]:
        """Yield the castings to try, first the one the script prefers; stand-ins are looked up as needed."""
        wanted = [each for each in self.cast if voice in (str(each), each.voice)] if voice else []
        rest = (each for each in self.cast if each not in wanted)
        for casting in chain(wanted, rest):
            if id(casting.engine) not in self._down:
                yield casting

    def _made(self, casting: Casting, written: str, pace: Pace) -> Clip:
        text = self.respell(written, casting.engine.name)
        key = self.key(casting, text, pace)
        with self._making[int(key[-2:], 16) % len(self._making)]:
            held = self.hand.find(key)
            if held is not None:
                return held
            data = self.store.get(key) or self._spare.get(key)
            clip = _whole(data)
            if clip is None:
                with self.store.claim(key):  # another process may be speaking it: then it is stored then
                    clip = _whole(self.store.get(key))
                    clip = clip or self._keep(key, self._speak(casting, text, pace))
            self.hand.put(key, clip)
            return clip

    def _speak(self, casting: Casting, text: str, pace: Pace) -> Clip:
        raw = casting.engine.speak(text, casting.voice, pace)
        try:
            return finish(raw, self.target_lufs)
        except ValueError as error:
            raise EngineError(f'returned silence for "{_short(text)}"') from error

    def _keep(self, key: str, clip: Clip) -> Clip:
        data = encode(clip)
        try:
            self.store.put(key, data)
        except StoreError as error:
            # The session goes on, with the clip in memory only.
            log.warning("%s", error)
            self._spare.put(key, data)
            return decode(data)
        # Another process may have stored its clip first; that one is used.
        return _whole(self.store.get(key)) or decode(data)

    def _give_up(self, casting: Casting, error: EngineError) -> None:
        with self._lock:
            if id(casting.engine) in self._down:
                return
            self._down.add(id(casting.engine))
            self.stood_in = True
        standing = next((other for other in self.cast if id(other.engine) not in self._down), None)
        if standing is not None:
            log.warning("%s could not speak (%s); %s takes over", casting.engine.name, error, standing)


def _length(data: bytes) -> int:
    """Return the frames in the clip that `encode` wrote, from its header; 0 or less for other data.

    The 36 bits of FLAC's sample count end with byte 25 (RFC 9639, section 8.2).
    """
    if data[:4] != b"fLaC":
        return 0
    return (int.from_bytes(data[18:26], "big") & (1 << 36) - 1) - 2 * EDGE


def _whole(data: bytes | None) -> Clip | None:
    """Return the clip in *data*, or None if there is none or it is damaged, so that it is made again."""
    import soundfile

    if data is None:
        return None
    try:
        clip = decode(data)
    except soundfile.LibsndfileError:
        return None
    return clip if clip.samples.ndim == 1 and clip.length > 0 else None


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
