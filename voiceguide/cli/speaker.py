"""`speaker`: plays the sessions asked for over HTTP, and those of the schedule."""

from __future__ import annotations

import ipaddress
import os
import sys
import threading
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from voiceguide.cli.allowed import allow_engine
from voiceguide.cli.hosted import asked_of_others, run
from voiceguide.cli.journals import id_of, journal_of, listener_option
from voiceguide.cli.offered import offers
from voiceguide.cli.play import Device, Latency
from voiceguide.cli.quiet import quiet

if TYPE_CHECKING:
    from voiceguide.server.web.hosting import Host

_PATIENCE = 120.0
"""Seconds in which a session has to be planned: longer than on the page, where a listener waits."""

_KEPT = ("VOICEGUIDE_DATA", "VOICEGUIDE_CACHE")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8766, show_default=True)
@click.option(
    "--token",
    envvar="VOICEGUIDE_TOKEN",
    help="Asked of everybody; where one is needed and none is given, one is made and kept.",
)
@click.option("--new-token", is_flag=True, help="Make another in place of the one that is kept.")
@click.option("--device", type=Device(), help="Part of its name, or its number. Default: the system's.")
@click.option("--latency", type=Latency(), default=0.3, help="What the device may hold back. Default: 0.3.")
@click.option("--volume", type=click.IntRange(0, 100), default=100, help="In percent, at the start.")
@click.option(
    "--announce/--no-announce", default=True, help="Tell the network at home, by mDNS, that it is here."
)
@allow_engine
@listener_option
@click.option(
    "--unit",
    is_flag=True,
    help="Print a systemd user unit that runs this, make the folders and the token it needs, and do no more.",
)
def speaker(host: str, port: int, token: str | None, unit: bool, **given: Any) -> None:
    """Be a speaker: play here what other programs, the page and the schedule ask for, one at a time."""
    from voiceguide.server.web.access import LOOPBACK, is_loopback

    local = is_loopback(host)
    if unit:
        click.echo(_unit(host, port, token, given, local=local), nl=False)
        return
    from voiceguide.files.folders import stamp, user_data
    from voiceguide.playback import Players
    from voiceguide.playback.controls.mpris import DesktopRemote
    from voiceguide.playback.device.card import Card
    from voiceguide.server.catalogue import Catalogue
    from voiceguide.server.limits import Limits
    from voiceguide.server.playable import PlayableScripts
    from voiceguide.server.sessions import Sessions
    from voiceguide.server.warn_once import WarnOnce
    from voiceguide.session import Studio
    from voiceguide.speaker import Speaker, create_api, once
    from voiceguide.speaker.kept_queue import KeptQueue
    from voiceguide.speaker.queue_item import ground_item, queue_item
    from voiceguide.speaker.schedule import FILE, read
    from voiceguide.speaker.scheduler import Scheduler
    from voiceguide.speaker.systemd import KEPT_IN
    from voiceguide.speaker.timetable import Timetable

    token = asked_of_others(
        user_data() / KEPT_IN.format(port=port), token, needed=not local, new=given["new_token"]
    )
    with (
        quiet(),
        closing(journal_of(id_of(given["listener"]), port=port)) as journal,
        Studio(clips=Limits().clips, allowed=given["engines"]) as studio,
        ExitStack() as until_over,
    ):
        catalogue = Catalogue(studio.library)
        sessions = Sessions(studio, catalogue, patience=_PATIENCE)
        scripts = PlayableScripts(catalogue, sessions, WarnOnce())
        ground, schedule = studio.ground(), user_data() / FILE
        kept = KeptQueue(journal)
        waiting = tuple(kept.items(lambda script, asked, on: queue_item(sessions, script, asked, resume=on)))
        made = Speaker(
            Players(
                lambda item: sessions.get(item.script, item.asked).session,
                Card(given["device"], given["latency"]),
                ground=ground,
                journal=journal,
                answers="buttons",
            ),
            ground=None if ground is None else ground_item(sessions, ground),
            volume=given["volume"] / 100,
            show=DesktopRemote,
            kept=kept,
        )
        until_over.callback(made.close, gently=True)
        made.put_back(waiting)
        scheduler = until_over.enter_context(
            closing(
                Scheduler(
                    made,
                    Timetable(partial(read, schedule, offers(scripts.script)), partial(stamp, schedule)),
                    partial(queue_item, sessions),
                    kept=user_data() / once.FILE.format(port=port),
                )
            )
        )
        scheduler.start()
        app = create_api(made, scheduler, sessions, token=token, hosts=LOOPBACK if local else None)
        run(app, host, port, token, partial(_tell, host, token, given["announce"] and not local, until_over))


def _tell(host: str, token: str | None, announce: bool, until_over: ExitStack, hosted: Host) -> None:
    """Let the user's programs, and with *announce* the local network, find the speaker until it ends."""
    from voiceguide.server import remote

    bound, port = hosted.listening[0]
    here = remote.SpeakerClient(_near(bound), port, token)
    remote.leave(here)
    until_over.callback(remote.take_back, here)
    if announce:
        over = threading.Event()
        thread = threading.Thread(target=_announce, args=(host, port, over), name="announce", daemon=True)
        thread.start()
        until_over.callback(thread.join, 5.0)
        until_over.callback(over.set)


def _near(bound: str) -> str:
    """Return the address at which this computer reaches its own server on *bound*."""
    address = ipaddress.ip_address(bound)
    if not address.is_unspecified:
        return bound
    return "127.0.0.1" if address.version == 4 else "::1"


def _announce(host: str, port: int, over: threading.Event) -> None:
    from voiceguide.speaker.beacon import beacon, reachable

    with beacon(port, reachable(host), asks_token=True) as name:
        if name:
            click.echo(f'Announced as "{name}".')
        over.wait()


def _unit(host: str, port: int, token: str | None, given: dict[str, Any], *, local: bool) -> str:
    """Return the unit for this command as it was given, and make the folders and the token it needs."""
    from voiceguide.export.file import explained
    from voiceguide.files.folders import user_cache, user_data
    from voiceguide.server.secret import keep_token, kept_token
    from voiceguide.speaker.systemd import KEPT_IN, unit

    id_of(given["listener"])  # refused now, not when the unit starts
    words = [sys.executable, "-m", "voiceguide", "speaker", "--host", host, "--port", str(port)]
    words += ["--volume", str(given["volume"]), "--latency", str(given["latency"])]
    words += [] if given["device"] is None else ["--device", str(given["device"])]
    words += [] if given["announce"] else ["--no-announce"]
    words += [] if given["listener"] is None else ["--listener", given["listener"]]
    words += [word for name in given["engines"] for word in ("--allow-engine", name)]
    folders = [user_data().absolute(), user_cache().absolute()]
    secret = folders[0] / KEPT_IN.format(port=port) if token or not local else None
    for folder in folders:
        with explained(folder):
            folder.mkdir(parents=True, exist_ok=True)
    if secret is not None:
        with explained(secret):
            if token:
                keep_token(secret, token)
            else:  # a kept token stays valid
                kept_token(secret, new=given["new_token"])
        click.echo(f"The token is in {secret}, which only you can read.", err=True)
    kept = {name: str(Path(os.environ[name]).absolute()) for name in _KEPT if os.environ.get(name)}
    return unit(words, kept, folders, secret)


commands = (speaker,)
