"""The command line: it reads words, calls the studio, and prints."""

from __future__ import annotations

import logging
import os
import sys

import click

from voiceguide.cli import author, library, making, play, programs, serve, starter
from voiceguide.errors import VoiceguideError


class _Edge(click.Group):
    """Where errors become one line and an exit status."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except VoiceguideError as error:
            click.echo(f"voiceguide: {error}" if error.exit_status != 2 else str(error), err=True)
            ctx.exit(error.exit_status)
        except BrokenPipeError:
            # Whoever read our output has had enough.
            sys.stderr.close()
            ctx.exit(0)
        except MemoryError:
            click.echo("voiceguide: there is not enough memory for this; close other programs", err=True)
            ctx.exit(1)
        except KeyboardInterrupt:
            click.echo("Stopped; nothing half-made is left.", err=True)
            ctx.exit(130)
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


for module in (making, play, library, author, serve, programs, starter):
    for command in module.commands:
        main.add_command(command)
