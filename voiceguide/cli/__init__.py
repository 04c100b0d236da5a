"""The command line: it reads words, calls the studio, and prints."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final

import click

from voiceguide.cli.ended import Ended, ended
from voiceguide.cli.streams import open_closed
from voiceguide.errors import VoiceguideError

COMMANDS: Final[Mapping[str, str]] = {
    "render": "making",
    "plan": "making",
    "play": "play",
    "list": "library",
    "voices": "library",
    "ambiences": "library",
    "ambience": "library",
    "doctor": "library",
    "check": "author",
    "schema": "author",
    "serve": "serve",
    "speaker": "speaker",
    "listeners": "listeners",
    "at": "at",
    "program": "programs",
    "support": "programs",
    "new": "starter",
}
"""Every command and the module here that defines it, imported only when it is needed, for a fast start."""


class _Edge(click.Group):
    """Turns errors into one line and an exit status."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"voiceguide.cli.{COMMANDS[cmd_name]}")
        return next((command for command in module.commands if command.name == cmd_name), None)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        open_closed()
        return super().main(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> object:
        try:
            with ended():
                return super().invoke(ctx)
        except VoiceguideError as error:
            click.echo(f"voiceguide: {error}" if error.exit_status != 2 else str(error), err=True)
            ctx.exit(error.exit_status)
        except BrokenPipeError:
            # The reader of our output has closed the pipe.
            sys.stderr.close()
            ctx.exit(0)
        except MemoryError:
            click.echo("voiceguide: there is not enough memory for this; close other programs", err=True)
            ctx.exit(1)
        except KeyboardInterrupt as stop:
            click.echo("Stopped; nothing half-made is left.", err=True)
            ctx.exit(stop.exit_status if isinstance(stop, Ended) else 130)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            if os.environ.get("VOICEGUIDE_DEBUG"):
                raise
            what = f"a mistake of the program ({type(error).__name__}: {error})"
            click.echo(f"voiceguide: {what}; set VOICEGUIDE_DEBUG=1 to see where", err=True)
            ctx.exit(70)


@click.group(cls=_Edge, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="voiceguide")
def main() -> None:
    """Guided exercises, spoken by a synthetic voice with exactly timed pauses over ambient sound."""
    logging.basicConfig(format="voiceguide: %(message)s", level=logging.WARNING)
