"""Finds the speaker that runs on this computer, and sends it requests."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from msgspec.structs import asdict, replace

from voiceguide.errors import SinkError, WishError
from voiceguide.files import put
from voiceguide.files.folders import user_data

if TYPE_CHECKING:
    from voiceguide.playback import Command

FILE: Final = "speaker-{port}.json"
"""A file in the user's data folder while a speaker runs. Only the user can read it, as it has the token."""

_LOOK_SECONDS: Final = 1.0
_ASK_SECONDS: Final = 20.0
_MOST_BYTES: Final = 256 * 1024


class SpeakerClient(Struct, frozen=True):
    """A client of the speaker at *host* and *port*, with its *token*, or None if it needs none."""

    host: str
    port: int
    token: str | None = None

    def get(self, path: str, seconds: float = _ASK_SECONDS) -> dict[str, Any]:
        """Return the speaker's answer to a GET of *path*.

        Raises:
            WishError: if the speaker refuses, with its own message.
            SinkError: if it fails, or does not answer within *seconds*.
        """
        return self._ask("GET", path, None, seconds)

    def post(self, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """POST *body* as JSON to *path*; return and raise as `get`."""
        return self._ask("POST", path, json.dumps(dict(body or {})), _ASK_SECONDS)

    def do(self, command: Command) -> None:
        """Send *command*, which has a name or an address in the table of commands; raise as `get`."""
        from voiceguide.playback.commands import row_of  # here, as other requests do not need it

        row = row_of(command)
        if row.address:
            self.post(row.address)
        else:
            self.post("/command", {"command": row.name})

    def _ask(self, method: str, path: str, body: str | None, seconds: float) -> dict[str, Any]:
        headers = {"Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        try:
            with contextlib.closing(HTTPConnection(self.host, self.port, timeout=seconds)) as connection:
                connection.request(method, path, body, headers)
                response = connection.getresponse()
                answer = json.loads(response.read(_MOST_BYTES))
        except (OSError, HTTPException, ValueError) as error:
            raise SinkError(
                f"the speaker at {self.host}:{self.port} does not answer; start it anew: voiceguide speaker"
            ) from error
        if not isinstance(answer, dict):
            raise SinkError(f"at {self.host}:{self.port} something answers that is no speaker of ours")
        if response.status >= 400:
            sentence = str(answer.get("error", "that could not be done"))
            raise WishError(sentence) if response.status < 500 else SinkError(sentence)
        return answer


def find(folder: Path | None = None) -> SpeakerClient | None:
    """Return the speaker that started last on this computer, if one answers. *folder* is the data folder."""
    files = (folder or user_data()).glob(FILE.format(port="*"))
    found = (_answering(path) for path in sorted(files, key=_written, reverse=True))
    return next((remote for remote in found if remote is not None), None)


def _answering(path: Path) -> SpeakerClient | None:
    """Return the speaker that the file *path* describes, if it answers."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        token = kept["token"]
        remote = SpeakerClient(str(kept["host"]), int(kept["port"]), None if token is None else str(token))
        # A crashed speaker leaves its file behind: another program on its port is not sent the token.
        health = replace(remote, token=None).get("/healthz", _LOOK_SECONDS)
        return remote if health.get("speaker") is True else None
    except (OSError, ValueError, KeyError, TypeError, SinkError, WishError):
        return None


def leave(remote: SpeakerClient, folder: Path | None = None) -> None:
    """Write the file by which the user's other programs find the speaker. Only the user can read it.

    A failure to write is ignored: the programs then find no speaker.
    """
    with contextlib.suppress(OSError):
        put(_file(remote, folder), json.dumps(asdict(remote)).encode(), private=True)


def take_back(remote: SpeakerClient, folder: Path | None = None) -> None:
    """Remove the file that `leave` wrote, unless another speaker has replaced it."""
    path = _file(remote, folder)
    with contextlib.suppress(OSError, ValueError):
        if json.loads(path.read_text(encoding="utf-8")) == asdict(remote):
            path.unlink()


def _file(remote: SpeakerClient, folder: Path | None) -> Path:
    return (folder or user_data()) / FILE.format(port=remote.port)


def _written(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:  # removed meanwhile
        return 0
