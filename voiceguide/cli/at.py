"""`at`: a session at an hour, on the speaker that runs here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from voiceguide.cli.options import wished, wishes
from voiceguide.errors import SinkError

NO_SPEAKER = "no speaker runs on this computer; start one in another terminal: voiceguide speaker"


@click.command()
@click.argument("time", required=False)
@click.argument("script", required=False)
@wishes
@click.option("--clear", is_flag=True, help="Forget what was asked for with this command.")
def at(time: str | None, script: str | None, clear: bool, **given: Any) -> None:
    """Have the speaker play SCRIPT when the clock next says TIME, such as 21:30.

    Without either it shows what comes. Sessions for every day are written in the file schedule.yaml of
    the data folder.
    """
    from voiceguide.server import remote
    from voiceguide.server.query import pairs

    if time is not None and script is None:
        raise click.UsageError("say which exercise too: voiceguide at 21:30 wind-down")
    speaker = remote.find()
    if speaker is None:
        raise SinkError(NO_SPEAKER)
    if clear:
        speaker.post("/schedule/clear")
        click.echo("Forgotten: what was asked for with this command; schedule.yaml still counts.")
    if time is not None:
        made = speaker.post("/schedule", {"at": time, "script": script, **pairs(wished(given))})
        minutes = round(float(made["length"]) / 60)
        click.echo(f"{made['title']}, {minutes} min, {_when(made['when'])}.")
    elif not clear:
        _show(speaker.get("/schedule"))


def _show(schedule: dict[str, Any]) -> None:
    for each in schedule["sessions"]:
        every = " (schedule.yaml)" if each["daily"] else ""
        click.echo(f"{_when(each['when'])}  {each['script']}{every}")
    if not schedule["sessions"]:
        click.echo("Nothing is planned.")
    for problem in schedule["problems"]:
        click.echo(problem, err=True)


def _when(moment: str) -> str:
    """Return the ISO time *moment* as shown to a person."""
    return f"{datetime.fromisoformat(moment):%a %d %b, %H:%M}"


commands = (at,)
