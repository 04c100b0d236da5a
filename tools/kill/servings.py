"""Servers killed while they make what they are asked for: what they serve when they are back is right."""

from __future__ import annotations

import hashlib
import random
import re
import shutil
import signal
import socket
import time
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Final

from tools.kill.nursery import Home, Process, begin
from tools.kill.renders import FORMATS, SCRIPT, Tally

_ENDINGS: Final = (*FORMATS, "vtt", "chapters.json", "json", "txt")
_LATEST_SECONDS: Final = 4.0
_PATIENCE_SECONDS: Final = 120.0


class Servings:
    """Kills servers whose cache is below *folder*; *chance* says when, and what they are asked for before."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.tally = Tally()
        self._home = Home(folder)
        self._chance = chance
        scripts = folder / "data" / "scripts"
        scripts.mkdir(parents=True, exist_ok=True)
        (scripts / "twenty.yaml").write_text(SCRIPT)
        self._home.make()
        process, port = self._start()
        self._whole = {ending: self._digest(port, ending) for ending in _ENDINGS}
        self._stop(process)

    def round(self) -> None:
        """Ask a server for several things at once, kill it at any moment, and ask the next for all."""
        if self._chance.random() < 0.7:
            shutil.rmtree(self._home.cache, ignore_errors=True)
        process, port = self._start()
        asking = [self._ask(port, each) for each in self._chance.sample(_ENDINGS, 4)]
        process.wait(time.monotonic() + self._chance.uniform(0.0, _LATEST_SECONDS))
        self.tally.killed += process.kill()
        self.tally.rounds += 1
        self.tally.seen["parts before the next run"] += bool(self._home.litter())
        for each in asking:
            each.close()
        process, port = self._start()
        for ending in _ENDINGS:
            self.tally.seen["files served by the next"] += 1
            if (found := self._digest(port, ending)) != self._whole[ending]:
                self.tally.wrong.append(f"twenty.{ending} is not what an undisturbed server sends: {found}")
        self._stop(process)
        self.tally.left += self._home.litter()

    def _start(self) -> tuple[Process, int]:
        self._home.log.unlink(missing_ok=True)
        process = begin(["serve", "--port", "0"], self._home)
        until = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < until and not process.wait(time.monotonic() + 0.02):
            with suppress(OSError):
                if found := re.search(r"http://127\.0\.0\.1:(\d+)/", self._home.log.read_text()):
                    return process, int(found[1])
        process.kill()
        raise RuntimeError(f"no server: {self._home.log.read_text() if self._home.log.exists() else ''}")

    def _stop(self, process: Process) -> None:
        process.send(signal.SIGTERM)
        if not process.wait(time.monotonic() + _PATIENCE_SECONDS):
            self.tally.wrong.append("a server did not end")
            process.kill()

    def _address(self, ending: str) -> str:
        return f"/audio/twenty.{ending}?voice=hum&download=1"

    def _ask(self, port: int, ending: str) -> socket.socket:
        asking = socket.create_connection(("127.0.0.1", port), _PATIENCE_SECONDS)
        request = f"GET {self._address(ending)} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"
        asking.sendall(request.encode())
        return asking

    def _digest(self, port: int, ending: str) -> str:
        """Return the status and a hash of what is sent, asked again later where the server says so."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while (found := self._once(port, ending)).startswith("503 ") and time.monotonic() < until:
            time.sleep(1.0)
        return found

    def _once(self, port: int, ending: str) -> str:
        connection = HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_SECONDS)
        try:
            connection.request("GET", self._address(ending))
            answer = connection.getresponse()
            return f"{answer.status} {hashlib.sha256(answer.read()).hexdigest()}"
        except (OSError, HTTPException) as error:
            return f"no answer: {error}"
        finally:
            connection.close()
