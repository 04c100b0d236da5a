"""The voice phrases, and other frequent words that keep ordinary speech from being taken for them."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from voiceguide.playback.commands import SAID, Command

LISTEN_RATE: Final = 16_000
"""The sample rate of recognition in Hz, with which the model was trained."""


class VoiceCommand(Struct, frozen=True):
    """A voice phrase. `words` are the `said` of its row in the table of commands.

    `sounds` are its pronunciations, in the phonemes of the CMU dictionary. The phrase is assumed to be
    10**`lean` times as likely as each of `OTHERS`: a higher value recognises it more often, also by mistake.
    """

    words: str
    sounds: tuple[str, ...]
    lean: int = 20

    @property
    def command(self) -> Command:
        return SAID[self.words]


PHRASES: Final = (
    VoiceCommand("pause", ("P AO Z", "P AA Z"), lean=22),
    VoiceCommand("go on", ("G OW AA N", "G OW AO N"), lean=14),
    VoiceCommand("stay", ("S T EY",)),
    VoiceCommand("next", ("N EH K S T", "N EH K S")),
    VoiceCommand("back", ("B AE K",), lean=24),
    VoiceCommand("ground me", ("G R AW N D M IY", "G R AW N M IY")),
    VoiceCommand("finish", ("F IH N IH SH",)),
    VoiceCommand("louder", ("L AW D ER",)),
    VoiceCommand("softer", ("S AO F T ER", "S AA F T ER")),
)

_OTHERS: Final = """
a about all and anything are as at be before body breath breathing but by can come could day do down
each enough even eyes far feel feet few find floor for from give good hand hands have hear help here how
i if in is it it's just kind know let like little long look lot made maybe moment more name need no not
nothing notice now of okay one open or other out over own place please quiet rest right room same see
sit slow small some something still stop sure take thank that the there they thing think this time to
two up us wait want warm way we well what when where which who will with work would yeah yes you your
"""
OTHERS: Final = tuple(_OTHERS.split())
"""Frequent words: speech that is no phrase resembles one of these more, and is ignored."""
