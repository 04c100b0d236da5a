"""The service behind the web: turns requests into sessions, files and bytes being made."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from voiceguide.errors import SinkError, UnknownError, VoiceguideError, WishError
from voiceguide.export.encoding.codecs import CODECS, codec
from voiceguide.export.sample import sample
from voiceguide.export.sidecars import SIDECARS, Sidecar
from voiceguide.files.folders import shipped, stamp, user_cache, user_data
from voiceguide.files.quota import Full
from voiceguide.library.programs import FOLDER, Programs
from voiceguide.plan.items import Cue
from voiceguide.script.model import Script
from voiceguide.server import offer
from voiceguide.server.catalogue import Catalogue
from voiceguide.server.file_cache import FileCache
from voiceguide.server.ground import Ground
from voiceguide.server.jobs import Jobs
from voiceguide.server.limits import Limits
from voiceguide.server.places import Places
from voiceguide.server.playable import PlayablePrograms, PlayableScripts
from voiceguide.server.query import Asked
from voiceguide.server.rendition import Rendition
from voiceguide.server.samples import Samples
from voiceguide.server.sessions import HeldSession, Sessions
from voiceguide.server.warn_once import WarnOnce
from voiceguide.session import Studio
from voiceguide.session.ground import GROUND

log = logging.getLogger("voiceguide")

_MINUTE: Final = 60.0

SIDE_ENDINGS: Final = {side.ending: name for name, side in SIDECARS.items()}


class Representation(Struct, frozen=True):
    """A session in one format. `size` is in bytes, None if it is unknown before the end.

    `path` is the finished file, if there is one. `etag` is strong. `modified` is in seconds since 1970.
    """

    rendition: Rendition
    size: int | None
    path: Path | None
    etag: str
    media_type: str
    modified: float


class _GoneError(Exception):
    """The client has gone. Never leaves this module."""


class Service:
    """Everything behind the web pages. Thread-safe; `close` stops its jobs."""

    def __init__(
        self,
        studio: Studio,
        folder: Path | None = None,
        limits: Limits | None = None,
        today: Callable[[], date] = date.today,
        programs: Programs | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self.studio = studio
        self.catalogue = Catalogue(studio.library)
        self.cache = FileCache((folder or user_cache()) / "sessions", self.limits.disk)
        self.sessions = Sessions(studio, self.catalogue, today, self.limits.patience)
        self.warnings = WarnOnce()
        self.playable = PlayableScripts(self.catalogue, self.sessions, self.warnings)
        self.jobs = Jobs(self.cache, self.limits, self.sessions.forget)
        self.places = Places(self.catalogue, self.sessions, studio)
        self.ground = Ground(partial(self.rendition, GROUND, "mp3"), self.jobs, self.cache)
        self.samples = Samples(
            partial(sample, studio),
            self.jobs.slots.taken,
            patience=self.limits.patience,
            retry=self.limits.retry,
        )
        self._voices: tuple[list[dict[str, Any]], float] = ([], 0.0)
        if programs is None:
            folders = [user_data() / "scripts" / FOLDER, shipped("scripts") / FOLDER]
            programs = Programs(folders, studio.library)
        self.programs = PlayablePrograms(programs, self.playable, self.warnings)

    def rendition(self, name: str, ending: str, asked: Asked) -> Rendition:
        """Return the session of script *name* in the format of *ending*, such as ``mp3``.

        Raises:
            UnknownError: if there is no such script or format.
            WishError: if the script does not offer what is asked for.
            VoiceguideError: if `Sessions.get` raises another.
        """
        if ending not in CODECS:
            raise UnknownError(f'there is nothing of the kind "{ending[:20]}"; ask for {", ".join(CODECS)}')
        row = codec(ending)
        try:
            rate = row.check(asked.bitrate)
        except SinkError as error:
            raise WishError(str(error)) from error
        tagged = asked.download and row.name == "mp3"
        series = self._series(name, asked.program) if row.name == "m4b" else ("", "")
        return Rendition(self.sessions.get(name, asked), row, rate, tagged, series)

    def _series(self, script: str, heard_in: str) -> tuple[str, str]:
        """Return the program's title and the day from *heard_in*, PROGRAM.DAY; two empty texts for ""."""
        if not heard_in:
            return "", ""
        name, _, day = heard_in.rpartition(".")
        program = self.programs.get(name)
        if not any((each.script, str(each.day)) == (script, day) for each in program.sittings):
            raise WishError(f'"{script}" is not heard on day {day} of the program "{name}"')
        return program.title, day

    def sound(self, rendition: Rendition) -> Representation:
        """Return what is known about *rendition*; nothing is spoken."""
        size, etag, modified = rendition.size, f'"{rendition.name}"', time.time()
        path, found = self._found(rendition)
        if size is not None:
            written = stamp(rendition.held.session.script.path)
            modified = written[0] / 1e9 if written else modified
        elif found is not None:
            size, modified = found.st_size, found.st_mtime
            # These formats differ by coding noise when made again, so the file's time is part of the tag.
            etag = f'"{rendition.name}.{int(modified * 1000):x}"'
        return Representation(rendition, size, path, etag, rendition.codec.media_type, modified)

    def _found(self, rendition: Rendition) -> tuple[Path, os.stat_result] | tuple[None, None]:
        """Return the finished file of *rendition* and its status, or None twice."""
        path = self.cache.find(rendition.name, rendition.size)
        try:
            return (path, path.stat()) if path is not None else (None, None)
        except OSError:  # removed meanwhile
            return None, None

    def side(
        self, held: HeldSession, side: Sidecar, gone: Callable[[], bool]
    ) -> Generator[bytes, None, None]:
        """Yield the parts of a sidecar, each once its cues are settled, until *gone*. The caller closes it.

        Raises:
            BusyError: if too many clients wait already.
            EngineError: if a line cannot be spoken.
            OSError: if a line cannot be spoken after the first part, so that the client notices.
        """
        file = self.cache.open(held.key + side.ending)
        if file is not None:
            with file:
                yield file.read()
            return
        made: list[bytes] = []
        with self.jobs.slots.taken(held):
            try:
                for part in side.parts(held.session, _until(gone, held.session.cues())):
                    made.append(part.encode())
                    yield made[-1]
            except _GoneError:
                return
            except VoiceguideError as error:
                self.sessions.forget(held)
                if made:
                    log.warning("%s", error)
                    raise OSError("the session could not be made to its end") from error
                raise
        self._keep(held.key + side.ending, b"".join(made))

    def card(self, script: Script) -> offer.Listing:
        """Return *script*'s card."""
        return offer.card(script, self.sessions.span(script))

    def voices(self) -> list[dict[str, Any]]:
        """Return every voice and its state, at most a minute old, as looking may start a process."""
        found, until = self._voices
        if time.monotonic() >= until:
            self._voices = (
                found,
                time.monotonic() + _MINUTE if found else 0.0,
            )  # other threads get these meanwhile
            found = offer.voices(self.studio.allowed)
            self._voices = (found, time.monotonic() + _MINUTE)
        return found

    def close(self) -> None:
        """Stop all render jobs and samples."""
        self.samples.close()
        self.jobs.close()

    def _keep(self, name: str, data: bytes) -> None:
        """Store a sidecar in the cache; if that fails, it is just made again."""
        try:
            draft = self.cache.begin(name, len(data))
            try:
                draft.part.path.write_bytes(data)
                draft.keep(name)
            finally:
                draft.drop()
        except Full:
            return
        except (VoiceguideError, OSError) as error:
            log.warning("%s", error)


def _until(gone: Callable[[], bool], cues: Iterable[Cue]) -> Iterator[Cue]:
    for cue in cues:
        if gone():
            raise _GoneError
        yield cue
