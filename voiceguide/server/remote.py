"""A speaker that runs on this computer: where it says it is, and how to ask it for something."""

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
"""In the person's data folder while a speaker runs; only they can read it, since it has the token."""

_LOOK_SECONDS: Final = 1.0
_ASK_SECONDS: Final = 20.0
_MOST_BYTES: Final = 256 * 1024


class SpeakerClient(Struct, frozen=True):
    """A speaker at *host* and *port*; *token* is what it asks for, None for nothing."""

    host: str
    port: int
    token: str | None = None

    def get(self, path: str, seconds: float = _ASK_SECONDS) -> dict[str, Any]:
        """Return what the speaker answers.

        Raises:
            WishError: in the speaker's own words, if it cannot be done.
            SinkError: if it does not answer within *seconds*.
        """
        return self._ask("GET", path, None, seconds)

    def post(self, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Ask for something to be done; as `get`."""
        return self._ask("POST", path, json.dumps(dict(body or {})), _ASK_SECONDS)

    def do(self, command: Command) -> None:
        """Have *command*, one that has a name, obeyed; as `get`."""
        from voiceguide.playback.commands import row_of  # here, so that who asks for other things need not

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
    """Return a speaker that runs on this computer, the one that began last; *folder* is the data folder."""
    files = (folder or user_data()).glob(FILE.format(port="*"))
    found = (_answering(path) for path in sorted(files, key=_written, reverse=True))
    return next((remote for remote in found if remote is not None), None)


def _answering(path: Path) -> SpeakerClient | None:
    """Return the speaker that the file *path* tells of, if it answers."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        token = kept["token"]
        remote = SpeakerClient(str(kept["host"]), int(kept["port"]), None if token is None else str(token))
        # A crashed speaker leaves its word behind: who answers there now need not hear the token.
        health = replace(remote, token=None).get("/healthz", _LOOK_SECONDS)
        return remote if health.get("speaker") is True else None
    except (OSError, ValueError, KeyError, TypeError, SinkError, WishError):
        return None


def leave(remote: SpeakerClient, folder: Path | None = None) -> None:
    """Tell the programs of this person where the speaker is; nobody else can read it.

    If it cannot be written, they do not find it, and that is all.
    """
    with contextlib.suppress(OSError):
        put(_file(remote, folder), json.dumps(asdict(remote)).encode(), private=True)


def take_back(remote: SpeakerClient, folder: Path | None = None) -> None:
    """Undo `leave`, unless another speaker has left its own word since."""
    path = _file(remote, folder)
    with contextlib.suppress(OSError, ValueError):
        if json.loads(path.read_text(encoding="utf-8")) == asdict(remote):
            path.unlink()


def _file(remote: SpeakerClient, folder: Path | None) -> Path:
    return (folder or user_data()) / FILE.format(port=remote.port)


def _written(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:  # taken back meanwhile
        return 0
