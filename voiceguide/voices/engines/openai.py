"""`openai`: any server with OpenAI's ``/v1/audio/speech`` interface. The spoken text is sent to it.

It is used only if it is named and `engines.yaml` says where the server is. The key is read from the
environment when a line is spoken, and is put in the request and nowhere else.
"""

from __future__ import annotations

import io
import json
import os
from functools import cached_property
from typing import Final

from voiceguide.audio import RATE, Frames, Mono, seconds
from voiceguide.errors import EngineError
from voiceguide.script.model import PACES, Pace
from voiceguide.voices import settings, tempo, words
from voiceguide.voices.engine import Status, Voice
from voiceguide.voices.engines import openai_settings, pauses
from voiceguide.voices.engines.heard import heard
from voiceguide.voices.engines.post import post
from voiceguide.voices.process.bounds import longest

_PROCESSING: Final = "1"
"""Raise it when the same responses would give other samples."""

_MOST_BYTES: Final = 24 << 20  # of a response: a minute in the widest WAV
_LEAST_SPEED: Final = 0.25  # 1 is the voice's own
_MOST_SPEED: Final = 4.0


class OpenAIEngine:
    """Requests one sentence at a time, with *patience* seconds for each."""

    name = openai_settings.NAME
    isolated = True  # resolving a server's name may hang, too
    local = False

    def __init__(self, patience: float = 30.0) -> None:
        self._patience = patience
        self._speeds: dict[str, float] = {}

    @property
    def version(self) -> str:
        """Return the versions of the processing and of the server and its model; never the key."""
        return f"{_PROCESSING} {self._told.model} at {self._told.url}"

    def status(self) -> Status:
        """Return whether a server is configured, and the key set if it needs one. Sends nothing."""
        try:
            self._headers()
        except EngineError as error:
            return Status(False, str(error))
        return Status(True)

    def voices(self) -> tuple[Voice, ...]:
        """Return the voices that `engines.yaml` names."""
        return self._told.voices

    def estimate(self, text: str, voice: str, pace: Pace) -> Frames:
        """Return about how many frames *text* takes, by `tempo`, which `speak` keeps to."""
        return tempo.estimate(text, pace)

    def speak(self, text: str, voice: str, pace: Pace) -> Mono:
        """Return *text* spoken by *voice*, with `tempo.stop_seconds` between its sentences.

        Raises:
            EngineError: if *voice* is unknown, there is nothing to say, or the server fails.
        """
        if voice not in [each.name for each in self._told.voices]:
            raise EngineError(f"openai has no voice “{voice}”: name it in {settings.FILE}.")
        said = [each for each in words.sentences(words.plain(text)) if any(map(str.isalnum, each))]
        if not said:
            raise EngineError(f"openai finds nothing to say in “{text}”: write words there.")
        usual = self._speed(voice) / tempo.slowness(pace)
        pieces = tempo.held(
            lambda longer: [self._take(each, voice, usual / longer) for each in said],
            lambda pieces: sum(pauses.sounding(piece, RATE) for piece in pieces),
            sum(tempo.due_seconds(each, pace) for each in said),
        )
        return pauses.joined(pieces, RATE, tempo.stop_seconds(pace))

    @cached_property
    def _told(self) -> openai_settings.Settings:
        """The settings in `engines.yaml` when first read; clips are stored under them."""
        return settings.told(openai_settings.read)

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Accept": "audio/*"}
        if not self._told.key:
            return headers
        key = os.environ.get(self._told.key, "").strip()
        if not (key and key.isascii() and key.isprintable()):
            raise EngineError(f"there is no key in the environment variable that {settings.FILE} names")
        return {**headers, "Authorization": f"Bearer {key}"}

    def _speed(self, voice: str) -> float:
        """Return the speed at which *voice* has the slow pace, measured once."""
        if voice not in self._speeds:
            took = seconds(len(self._take(tempo.SAMPLE, voice, 1.0)))
            self._speeds[voice] = took / tempo.due_seconds(tempo.SAMPLE, PACES["slow"])
        return self._speeds[voice]

    def _take(self, sentence: str, voice: str, speed: float) -> Mono:
        """Return *sentence* without silence around it."""
        speed = min(max(round(speed, 3), _LEAST_SPEED), _MOST_SPEED)
        wish = {"model": self._told.model, "input": sentence, "voice": voice, "speed": speed}
        body = json.dumps({**wish, "response_format": "wav"}).encode()
        data = post(f"{self._told.url}/audio/speech", body, self._headers(), self._patience, _MOST_BYTES)
        try:
            return pauses.trimmed(heard(io.BytesIO(data), seconds(longest(Frames(0)))), RATE)
        except ValueError as error:
            raise EngineError(f"{self._told.url} answered without speech: {error}") from error
