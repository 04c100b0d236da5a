"""`play`: a session on this computer's speakers."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from voiceguide.audio import Frames, clock
from voiceguide.cli.ended import asked_to_end
from voiceguide.cli.journals import id_of, journal_of, listener_option
from voiceguide.cli.options import Length, tell_length, wished, wishes
from voiceguide.cli.quiet import quiet
from voiceguide.errors import ListeningMissing, VoiceguideError
from voiceguide.files.folders import shipped, user_cache, user_data
from voiceguide.plan.wishes import Wishes

if TYPE_CHECKING:
    from voiceguide.listeners import Journal
    from voiceguide.playback import Player
    from voiceguide.playback.controls.voice import VoiceControl
    from voiceguide.playback.device.file import WavFile
    from voiceguide.script.model import Script
    from voiceguide.session.session import Session

_LOOK_SECONDS = 0.1


class Device(click.ParamType[str | int]):
    """A sound device by its name, or its number."""

    name = "device"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str | int:
        return int(value) if str(value).isdigit() else str(value)


class Latency(click.ParamType[str | float]):
    """The latency of a sound device: seconds, low or high."""

    name = "seconds"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str | float:
        if value in ("low", "high"):
            return str(value)
        try:
            seconds = float(value)
        except ValueError:
            seconds = -1.0
        if not 0.0 < seconds <= 2.0:
            self.fail(f'"{value}" is no latency; write seconds from 0.01 to 2, low or high', param, ctx)
        return seconds


class Time(Length):
    """A place in a session: ``2:30`` or ``2m30s``, in frames."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Frames:
        parts = str(value).split(":")
        if 2 <= len(parts) <= 3 and all(part.isdigit() for part in parts):
            hours, minutes, seconds = (int(part) for part in ("0", *parts)[-3:])
            return Frames(((hours * 60 + minutes) * 60 + seconds) * 48_000)
        return super().convert(value, param, ctx)


@click.command()
@click.argument("script")
@wishes
@click.option("--device", type=Device(), help="Part of its name, or its number. Default: the system's.")
@click.option("--latency", type=Latency(), default=0.15, help="What the device may hold back. Default: 0.15.")
@click.option(
    "--into",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write what would be heard, as it is, into this WAV file, in place of a device.",
)
@click.option("--volume", type=click.IntRange(0, 100), default=100, help="In percent.")
@click.option("--start", type=Time(), default=Frames(0), help="Begin here: 2:30.")
@click.option(
    "--resume",
    is_flag=True,
    help="Go on where this exercise was left; alone, with the length, voice and options it had.",
)
@listener_option
@click.option(
    "--private", is_flag=True, help="Keep nothing: no place, no history, nothing of what is spoken."
)
@click.option("--sleep", type=Length(), help="Fade out after this time: 20m.")
@click.option("--plain", is_flag=True, help="Lines of text, no screen: for screen readers and pipes.")
@click.option("--listen", is_flag=True, help="Understand nine words from the microphone, in the pauses.")
def play(script: str, **given: Any) -> None:
    """Play SCRIPT on this computer's speakers.

    Keys: space to pause, arrows for a line back or on and for the volume, s to stay longer, n and b for the
    next part and the one before, g for "ground me", q to finish gently, Q to stop, ? to hear these and
    more. On Linux media keys and headset buttons work too.

    With --listen, also by saying, while the voice rests: pause, go on, stay, next, back, ground me, finish,
    louder, softer. Nothing that is heard leaves this computer or is kept.
    """
    from voiceguide.playback.device.card import Card

    context = click.get_current_context()
    context.with_resource(quiet())
    gc.disable()  # until it sounds: collecting takes time, and would find nothing yet
    context.call_on_close(gc.enable)
    latency = given.pop("latency")
    card, into = Card(given.pop("device"), latency), given.pop("into")
    context.call_on_close(card.close)
    if into is None:
        card.prepare()
    # The rest is imported while the device is opened, and while the session begins if it was played before.
    from voiceguide.playback.kept_openings import KeptOpenings
    from voiceguide.playback.opening import OPENING, Opening, lasts

    volume, start, resume = given.pop("volume") / 100, given.pop("start"), given.pop("resume")
    sleep, plain = given.pop("sleep"), given.pop("plain")
    private = given.pop("private")
    owner = id_of(given.pop("listener"))
    listener = _listener() if given.pop("listen") else None
    asked = wished(given)
    soon = into is None and not start and not resume and lasts(latency)
    openings, words = KeptOpenings(user_cache() / "openings"), _words(script, asked)
    known = openings.find(words) if soon else None
    opening = None if known is None else Opening(known, volume)
    if opening is not None:
        card.begin(opening.ring.fill, opening.end)
    from voiceguide.session.studio import Studio

    with (
        closing(journal_of(owner, private=private)) as journal,
        Studio(private=private) as studio,
        closing(listener) if listener is not None else nullcontext(),
        nullcontext(card) if into is None else _recorded(into) as output,
    ):
        written = studio.script(script)
        asked = _left(journal, written, asked) if resume else asked
        bed = threading.Thread(target=_bed, args=(studio.palette.begin, written, asked), daemon=True)
        bed.start()
        session = studio.session(written, asked)
        bed.join()
        tell_length(session)
        if resume:
            _tell_anew(journal, session)
        first = session.opening(min(OPENING, session.length)) if soon else None
        if first is not None and opening is None:
            opening = Opening(first, volume)
            card.begin(opening.ring.fill, opening.end)
        from voiceguide.playback import Player  # imported while the opening sounds
        from voiceguide.playback.commands import Sleep, Stop

        player = Player(
            session,
            output,
            ground=studio.ground(),
            journal=journal,
            volume=volume,
            start=start,
            resume=resume,
            opening=opening,
            answers="keys" if listener is None else "words",
        )
        with closing(player):
            player.open()
            gc.enable()
            threading.Thread(target=_bed, args=(studio.palette.keep, written, asked), daemon=True).start()
            if first is not None and not private:
                openings.keep(words, _sources(written), first)
            if listener is not None:
                listener.start(player)
            if sleep is not None:
                player.do(Sleep(sleep))
            head = f"{session.script.title}, {clock(session.length)}, spoken by {session.voice}"
            from voiceguide.playback.controls.mpris import DesktopRemote  # now that it sounds

            with closing(DesktopRemote(player)) as remote, asked_to_end(lambda _: player.do(Stop())):
                remote.start()
                _watch(player, head, plain=plain or not sys.stdout.isatty())
        if player.failure is not None:
            raise player.failure
        click.echo(_farewell(player.now.underruns, latency if into is None else None))


@contextmanager
def _recorded(path: Path) -> Iterator[WavFile]:
    """Yield an output that writes to *path*; the file appears once the block has ended without an error."""
    from voiceguide.export.file import whole
    from voiceguide.playback.device.file import WavFile

    if path.suffix.lower() != ".wav":
        raise click.UsageError(f'"{path}" is no WAV file; --into writes one, such as heard.wav')
    with whole(path) as part:
        yield WavFile(part)


def _watch(player: Player, head: str, *, plain: bool) -> None:
    """Show what is heard and pass keys on, until it is over. Ctrl-C stops softly."""
    from voiceguide.cli.keys import KEYS, keyboard  # now that it sounds
    from voiceguide.cli.view import view
    from voiceguide.playback.commands import Stop

    if plain:
        click.echo(head)
    with keyboard() as keys, view(plain=plain) as shown:
        while not player.wait(0.0):
            try:
                for key in keys.read(_LOOK_SECONDS):
                    if key in KEYS:
                        player.do(KEYS[key])
                player.wait(0.0 if sys.stdin.isatty() else _LOOK_SECONDS)
                shown.show(player.now)
            except (KeyboardInterrupt, OSError):  # OSError: the terminal or pipe is gone
                player.do(Stop())


def _words(script: str, asked: Wishes) -> str:
    """Return what the listener wrote, and where that is looked up."""
    try:
        folder = Path.cwd()
    except OSError:  # it was removed
        folder = Path()
    return f"{folder}\n{user_data()}\n{script}\n{asked}"


def _sources(script: Script) -> tuple[Path, ...]:
    """Return what the opening of *script* depends on: its file, and those that list the ambiences."""
    return script.path, shipped("audio_assets") / "index.json", user_data() / "ambience"


def _bed(read: Callable[[str], None], script: Script, asked: Wishes) -> None:
    """Read the ambience with *read*; the session reports an unknown one."""
    sound = asked.ambience or script.bed.sound
    if sound not in (None, "none"):
        with suppress(VoiceguideError):
            read(sound)


def _left(journal: Journal, script: Script, asked: Wishes) -> Wishes:
    """Return *asked*; if it is empty, return and print the wishes of the session left last."""
    from voiceguide.server.query import pairs

    left = journal.left(script.name, script.digest) if asked == Wishes() else None
    if left is None:
        return asked
    told = ", ".join(f"{name} {value}" for name, value in pairs(left.wishes).items() if name != "seed")
    click.echo(f"Going on with {script.title} as it was{f' ({told})' if told else ''}.")
    return left.wishes


def _tell_anew(journal: Journal, session: Session) -> None:
    """Print a line if the exercise of *session* has no bookmark."""
    if journal.left(session.script.name, session.script.digest) is None:
        click.echo(f"{session.script.title} was not left anywhere; it begins at its start.")


def _listener() -> VoiceControl | None:
    """Return the voice control; if it cannot be used, print why and return None."""
    from voiceguide.playback.controls.voice import PHRASES, VoiceControl

    try:
        listener = VoiceControl()
    except ListeningMissing as missing:
        click.echo(f"Not listening: {missing}.", err=True)
        return None
    click.echo(f"Listening, while the voice rests, for: {', '.join(phrase.words for phrase in PHRASES)}.")
    return listener


def _farewell(underruns: int, latency: str | float | None) -> str:
    """Return the closing words; *latency* is the device's, None if there was no device."""
    if not underruns:
        return "Take your time."
    times = "once" if underruns == 1 else f"{underruns} times"
    if latency is None:
        return f"Take your time. (The sound was late {times}.)"
    more = min(2.0, 2 * latency) if isinstance(latency, float) else 0.3
    return f"Take your time. (The sound was late {times}; --latency {more:g} may help.)"


commands = (play,)
