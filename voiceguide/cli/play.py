"""`play`: a session on this computer's speakers."""

from __future__ import annotations

import logging
from typing import Any

import click

from voiceguide.audio import Frames, clock
from voiceguide.cli.options import Length, wished, wishes
from voiceguide.studio.studio import Studio


class Device(click.ParamType[str | int]):
    """A sound device by its name, or its number."""

    name = "device"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str | int:
        return int(value) if str(value).isdigit() else str(value)


@click.command()
@click.argument("script")
@wishes
@click.option(
    "--device", type=Device(), metavar="NAME", help="Where to: part of its name. Default: the system's."
)
@click.option("--latency", metavar="SECONDS", default="0.1", help="What the card may hold: 0.1, low or high.")
@click.option("--volume", type=click.IntRange(0, 100), default=100, help="In percent.")
@click.option("--start", type=Length(), metavar="TIME", default=Frames(0), help="Where to begin: 2m30s.")
def play(
    script: str, device: str | int | None, latency: str, volume: int, start: Frames, **given: Any
) -> None:
    """Play SCRIPT on this computer's speakers."""
    from voiceguide.player import Player
    from voiceguide.sinks.device import open_output

    with Studio() as studio:
        session = studio.session(script, wished(given))
        held = latency if latency in ("low", "high") else float(latency)
        player = Player(
            session, lambda fill: open_output(fill, device, held), volume=volume / 100, start=start
        )
        try:
            player.open()
            click.echo(f"{session.script.title}, {clock(session.length)}, spoken by {session.voice}")
            while not player.wait(0.2):
                pass
        except KeyboardInterrupt:
            player.stop()
            player.wait(3.0)
            click.echo("Stopped. Take your time.")
        finally:
            player.close()
        if player.failure is not None:
            raise player.failure
        logging.getLogger("voiceguide").info("underruns: %d", player.now.underruns)


commands = (play,)
