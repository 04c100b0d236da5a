"""Carries out each command on the director of a session."""

from __future__ import annotations

from typing import assert_never

from voiceguide.errors import VoiceguideError
from voiceguide.playback.commands import (
    Back,
    BedLevel,
    Command,
    Finish,
    GoOn,
    GroundMe,
    Help,
    LineBack,
    LineOn,
    Longer,
    Louder,
    Next,
    NextBed,
    Pause,
    Play,
    Seek,
    Skip,
    Sleep,
    Softer,
    Stay,
    Stop,
    ToChapter,
    Toggle,
    VoiceLevel,
    Volume,
    row_of,
)
from voiceguide.playback.director import Director


def obey(command: Command, to: Director) -> None:
    """Make *to* carry out *command* as its row says; a failure becomes a note."""
    row = row_of(command)
    if row.stirs and to.stir():
        return
    if row.wakes:
        to.wake()
    if to.leaving and not row.leaving:
        return
    try:
        _do(command, to)
    except VoiceguideError as error:
        to.adjustments.note = str(error)


def _do(command: Command, to: Director) -> None:
    match command:
        case Toggle():
            to.toggle()
        case Pause():
            to.pause()
        case Play():
            to.play()
        case GoOn():
            to.go_on()
        case LineBack():
            to.navigation.line_back()
        case LineOn():
            to.navigation.line_on()
        case Next():
            to.navigation.next()
        case Back():
            to.navigation.back()
        case ToChapter(number):
            to.navigation.chapter(number - 1)
        case Skip(by):
            to.navigation.skip(by)
        case Seek(frame):
            to.navigation.seek(frame)
        case Stay():
            to.navigation.stay()
        case Longer(by):
            to.longer(by)
        case GroundMe():
            to.ground()
        case Finish():
            to.navigation.finish()
        case Stop():
            to.stop()
        case Sleep(after):
            to.sleep(after)
        case Louder():
            to.louder()
        case Softer():
            to.softer()
        case Volume(level, answered):
            to.volume(level, answered=answered)
        case NextBed():
            to.adjustments.next_ambience()
        case BedLevel(by_db):
            to.adjustments.louder_bed(by_db)
        case VoiceLevel(by_db):
            to.adjustments.voice_level(by_db)
        case Help():
            to.help()
        case _:
            assert_never(command)
