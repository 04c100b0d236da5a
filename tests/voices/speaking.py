"""Real servers on loopback that speak as OpenAI's ``/v1/audio/speech`` does, or go wrong, each in one way."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import soundfile

from voiceguide.audio import RATE, frames
from voiceguide.script.model import Pace
from voiceguide.voices import tempo
from voiceguide.voices.engines.hum import HumEngine

KEY: Final = "sk-words-that-nobody-may-see"
VARIABLE: Final = "SPEECH_KEY"
NATURAL: Final = 150
"""Words a minute at speed 1, in the rhythm of a voice."""

Wish = Mapping[str, Any]


class Speech(BaseHTTPRequestHandler):
    """Hums what it is asked to say, as a WAV file. What came is in `server.asked`."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        house = self.server
        assert isinstance(house, House)
        house.asked.append((self.path, dict(self.headers), json.loads(body)))
        self.answer(json.loads(body))

    def answer(self, wish: Wish) -> None:
        self.say(200, wav(wish), "audio/wav")

    def say(self, status: int, body: bytes, kind: str, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def wav(wish: Wish, kind: str = "WAV") -> bytes:
    """Return the sound of what is wished for."""
    voice = {"robin": "low", "wren": "high"}[wish["voice"]]
    due = frames(tempo.due_seconds(wish["input"], Pace(NATURAL)) / wish["speed"])
    usual = HumEngine().estimate(wish["input"], voice, Pace(NATURAL))
    sound = HumEngine().speak(wish["input"], voice, Pace(round(NATURAL * usual / due)))
    file = io.BytesIO()
    soundfile.write(file, sound, RATE, format=kind)
    return file.getvalue()


class Streams(Speech):
    """Sends its WAV as it is made: in chunks, with a header that does not know how long it is."""

    def answer(self, wish: Wish) -> None:
        sound = bytearray(wav(wish))
        at = sound.index(b"data") + 4
        sound[4:8] = sound[at : at + 4] = b"\xff" * 4
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for start in range(0, len(sound), 10_000):
            piece = bytes(sound[start : start + 10_000])
            self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
        self.wfile.write(b"0\r\n\r\n")


class Flac(Speech):
    """Takes no notice of the format that is asked for."""

    def answer(self, wish: Wish) -> None:
        self.say(200, wav(wish, "FLAC"), "audio/flac")


class Redirects(Speech):
    """Sends everybody on to where the key would be welcome."""

    elsewhere = ""

    def answer(self, wish: Wish) -> None:
        self.say(307, b"", "text/plain", Location=f"{self.elsewhere}/audio/speech")


class Floods(Speech):
    """Sends a WAV without end."""

    def answer(self, wish: Wish) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"\0" * 65_536)
        except OSError:
            self.close_connection = True


class Hour(Speech):
    """Sends little that is an hour of sound."""

    def answer(self, wish: Wish) -> None:
        file = io.BytesIO()
        soundfile.write(file, [0.0] * (1000 * 3600), 1000, format="FLAC")
        self.say(200, file.getvalue(), "audio/flac")


class Hangs(Speech):
    """Takes the request and says nothing, until everything is over."""

    def answer(self, wish: Wish) -> None:
        assert isinstance(self.server, House)
        self.server.over.wait()
        self.close_connection = True


class Drips(Speech):
    """Sends a byte now and then, so that it is never silent for long."""

    def answer(self, wish: Wish) -> None:
        assert isinstance(self.server, House)
        self.send_response(200)
        self.end_headers()
        try:
            while not self.server.over.wait(0.02):
                self.wfile.write(b"R")
        except OSError:
            pass
        self.close_connection = True


class Breaks(Speech):
    """Ends in the middle of what it said it would send."""

    def answer(self, wish: Wish) -> None:
        sound = wav(wish)
        self.send_response(200)
        self.send_header("Content-Length", str(len(sound)))
        self.end_headers()
        self.wfile.write(sound[: len(sound) // 2])
        self.close_connection = True


class Unauthorized(Speech):
    """Refuses the key, and repeats it."""

    def answer(self, wish: Wish) -> None:
        said = f"Incorrect API key provided: {self.headers['Authorization']}"
        self.say(401, said.encode(), "application/json", **{"WWW-Authenticate": KEY})


class Fails(Speech):
    """Has a fault, and says what it was doing."""

    def answer(self, wish: Wish) -> None:
        self.say(500, f"Traceback: {KEY}".encode(), "text/plain")


class Html(Speech):
    """Is a page for people."""

    def answer(self, wish: Wish) -> None:
        self.say(200, f"<!doctype html><title>{KEY}</title>".encode(), "text/html")


class Garbles(Speech):
    """Speaks something else than HTTP."""

    def answer(self, wish: Wish) -> None:
        self.wfile.write(f"{KEY}\r\n\r\n".encode())
        self.close_connection = True


class House(ThreadingHTTPServer):
    """A server on a port of its own; `asked` has the path, headers and body of each request."""

    daemon_threads = False  # each is waited for at the end

    def __init__(self, kind: type[Speech]) -> None:
        super().__init__(("127.0.0.1", 0), kind)
        self.asked: list[tuple[str, dict[str, str], Wish]] = []
        self.over = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_port}/v1"


@contextmanager
def speaking(kind: type[Speech] = Speech) -> Iterator[House]:
    """Have a server of *kind* while the block runs."""
    with House(kind) as house:
        thread = threading.Thread(target=house.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield house
        finally:
            house.over.set()
            house.shutdown()
            thread.join()


def told(folder: Path, url: str, more: str = "") -> Path:
    """Write the settings for the server at *url* into the data folder *folder*; return their file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "engines.yaml"
    path.write_text(f"voiceguide: 1\nopenai:\n  url: {url}\n  model: hum-1\n  voices: [robin, wren]\n{more}")
    return path


Serve = Callable[[type[Speech]], House]
