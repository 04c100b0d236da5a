"""Makes players of one session after another, all on the same output."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from msgspec import Struct

from voiceguide.errors import DeviceMissing
from voiceguide.listeners.journal import Journal
from voiceguide.playback.outputs import Fill, OpenOutput, Output, try_out
from voiceguide.playback.player import Player
from voiceguide.script.model import Script
from voiceguide.session.session import Session

_Wish = TypeVar("_Wish")


class Players(Generic[_Wish]):
    """Makes players on *output*; *make* returns the session of a wish.

    If the output is missing, it is searched for again, as it may have come meanwhile. *ground* is the script
    that "ground me" leads to; *journal* stores where sessions were left and what was heard; *answers* is how
    the listener answers, a key of `prompts.PROMPTS`.
    """

    def __init__(
        self,
        make: Callable[[_Wish], Session],
        output: Output,
        *,
        ground: Script | None = None,
        journal: Journal | None = None,
        answers: str = "keys",
    ) -> None:
        self.journal = journal
        self._make = make
        self._ground = ground
        self._output = _Fresh(output)
        self._answers = answers

    def player(self, wish: _Wish, *, volume: float, resume: bool) -> Player:
        """Return a player of the session of *wish*; nothing is heard before the caller opens it.

        Raises:
            VoiceguideError: if there is no such session.
        """
        return Player(
            self._make(wish),
            self._output,
            ground=self._ground,
            journal=self.journal,
            volume=volume,
            resume=resume,
            answers=self._answers,
        )

    def audible(self) -> bool:
        """Return whether the output can be opened now; no player may be open."""
        try:
            try_out(self._output)
        except DeviceMissing:
            return False
        return True


class _Fresh(Struct, frozen=True):
    """*output*, which is searched for again if it is missing at first."""

    output: Output

    @property
    def where(self) -> str:
        return self.output.where

    def open(self, fill: Fill) -> OpenOutput:
        try:
            return self.output.open(fill)
        except DeviceMissing as missing:
            try:
                return self.output.reopen(fill)
            except OSError:  # PortAudio is not installed: *missing* says so
                raise missing from None

    def reopen(self, fill: Fill) -> OpenOutput:
        return self.output.reopen(fill)

    def close(self) -> None:
        self.output.close()
