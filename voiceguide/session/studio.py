"""Wires engines, store, sounds and scripts into sessions; the only place that chooses among them."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from msgspec.structs import replace

from voiceguide.audio import Frames
from voiceguide.errors import LengthError, VoiceguideError
from voiceguide.files.folders import shipped, user_cache, user_data
from voiceguide.plan.fit import Reach, refusal
from voiceguide.plan.items import BedChange
from voiceguide.plan.parts import part
from voiceguide.plan.plan import lengths, plan, unasked
from voiceguide.plan.wishes import Loudness, Resolved, Wishes, resolve
from voiceguide.script.library import Library
from voiceguide.script.model import Script
from voiceguide.script.parse import load
from voiceguide.session.session import Session
from voiceguide.sounds.palette import StudioPalette
from voiceguide.store import FolderStore, MemoryStore, Store
from voiceguide.voices.cast import Voices
from voiceguide.voices.clips import Casting, Clips, Hand
from voiceguide.voices.engine import Engine
from voiceguide.voices.lexicon import Lexicon
from voiceguide.voices.readings import speakable

TARGET_LUFS: Final[dict[Loudness, float]] = {"calm": -19.0, "podcast": -16.0}

AHEAD: Final = 2_000
"""The default number of lines spoken ahead, enough for all lines of a session."""


class Studio:
    """Makes sessions; holds the engines' processes and the sounds while open. A context manager.

    *store* keeps clips (default: the user's cache folder, of at most *clips* bytes if that is given, or, if
    *private*, memory). *jobs* is how many lines are spoken, and segments encoded, at once (default: the
    number of processors). *today* seeds what varies from day to day. *engines* replaces the registered ones:
    the first speaks, the others stand in. *patience* is the most seconds for a line (default: by its length,
    more for an engine's first). Of the registered engines that send text over a network, only those *allowed*
    may be asked for (None: any).
    """

    def __init__(
        self,
        *,
        store: Store | None = None,
        clips: int | None = None,
        private: bool = False,
        jobs: int | None = None,
        today: Callable[[], date] = date.today,
        engines: Sequence[Engine] | None = None,
        library: Library | None = None,
        patience: float | None = None,
        allowed: Collection[str] | None = None,
    ) -> None:
        self.jobs = jobs or _processors()
        self.store = store or (MemoryStore() if private else FolderStore(user_cache(), clips))
        self.library = library or Library([user_data() / "scripts", shipped("scripts")])
        self.palette = StudioPalette()
        self.lexicon = Lexicon.load(shipped("scripts") / "lexicon.yaml")
        self._today = today
        self._hand = Hand()
        self.allowed = allowed
        self._voices = Voices(engines, self.jobs, patience, allowed)
        self._speakers = ThreadPoolExecutor(self.jobs, thread_name_prefix="speak")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the engines' processes; unfinished sessions stop with an EngineError."""
        self._speakers.shutdown(wait=False, cancel_futures=True)
        self._voices.close()
        self._speakers.shutdown(wait=True)

    def script(self, name: str | Path) -> Script:
        """Return the script called *name* in the library, or the one at that path.

        Raises:
            WishError: if there is none.
            ScriptError: if it cannot be used; with all its problems.
        """
        return load(self.library.find(str(name)))

    def ground(self) -> Script | None:
        """Return the script that "ground me" plays if a script has none of its own, or None."""
        try:
            from voiceguide.session.ground import ground  # not before something sounds

            return ground(self.library)
        except VoiceguideError:
            return None

    def session(
        self, script: Script | str | Path, wishes: Wishes | None = None, *, ahead: int = AHEAD
    ) -> Session:
        """Return the session of *script* that *wishes* ask for; nothing is spoken yet.

        *ahead* is the number of lines spoken before they are needed.

        Raises:
            WishError: if the script does not offer what is asked for.
            LengthError: if the length is out of reach; with the shortest and longest that fit.
            EngineError: if the voice is unknown.
        """
        written = script if isinstance(script, Script) else self.script(script)
        asked = wishes or Wishes()
        try:
            resolved = wanted = resolve(written, asked, self._today())
        except LengthError as error:
            raise self._undeclared(written, asked, error) from None
        clips = self._clips_for(resolved, written)
        if asked.length is None:
            resolved = unasked(written, resolved, clips.estimate)
        timeline = plan(written, resolved, clips.estimate)
        palette = self.palette.session(
            resolved.bed.sound, *(item.sound for item in timeline.items if isinstance(item, BedChange))
        )
        return Session(
            script=written,
            wishes=resolved,
            asked=wanted,
            timeline=timeline,
            clips=clips,
            palette=palette,
            speakers=self._speakers,
            ahead=ahead,
            encoders=self.jobs,
            day=self._today().isoformat(),
        )

    def _undeclared(self, script: Script, asked: Wishes, error: LengthError) -> LengthError:
        """Return *error*, about a length *script* does not declare, with the lengths that are possible."""
        resolved = resolve(script, replace(asked, length=None), self._today())
        possible = lengths(script, resolved, self._clips_for(resolved, script).estimate)
        declared = (Reach(script.length.least, script.length.most),)
        return error if possible in ((), declared) else refusal(script.name, Frames(error.asked), possible)

    def part(
        self, script: Script | str | Path, name: str, wishes: Wishes | None = None, *, ahead: int = AHEAD
    ) -> Session:
        """Return one part of *script*'s ladder, named as in `plan.parts`, as a session of its own.

        It has its natural length; the length among *wishes* is that of the whole it is a part of.

        Raises:
            UnknownError: if there is no such part.
            WishError, EngineError: as `session` does.
        """
        written = script if isinstance(script, Script) else self.script(script)
        asked = wishes or Wishes()
        whole = resolve(written, asked, self._today())
        if asked.length is None:
            whole = unasked(written, whole, self._clips_for(whole, written).estimate)
        alone = part(written, name, whole.length)
        return self.session(alone, replace(asked, length=None, rungs=1), ahead=ahead)

    def cast(self, voice: str | None, language: str) -> Sequence[Casting]:
        """Return the cast for *language* and the wish *voice*: ``ENGINE``, ``ENGINE/NAME``, ``auto`` or None.

        Raises:
            EngineError: if there is no such voice, or it is not ready; with what to do about it.
        """
        return self._voices.cast(voice, language)

    def alone(self, voice: str) -> Clips:
        """Return clips spoken by *voice*, ENGINE/NAME, in its own language, without stand-ins.

        Raises:
            UnknownError: if there is no such voice, or it is not ready; with what to do about it.
        """
        casting = self._voices.alone(voice)
        return self._clips((casting,), "calm", casting.language)

    def _clips_for(self, resolved: Resolved, script: Script) -> Clips:
        cast = self.cast(resolved.voice, script.language)
        return self._clips(cast, resolved.loudness, script.language)

    def _clips(self, cast: Sequence[Casting], loudness: Loudness, language: str) -> Clips:
        def respell(text: str, engine: str) -> str:
            return speakable(self.lexicon.respell(text, engine, language), engine, language)

        return Clips(cast, self.store, TARGET_LUFS[loudness], respell, self._hand)


def _processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
