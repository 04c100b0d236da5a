"""`listeners`: who listens here, and what is stored of them."""

from __future__ import annotations

from contextlib import closing

import click

from voiceguide.cli import credentials
from voiceguide.cli.credentials import rights
from voiceguide.cli.journals import folder, id_of, roster, store_of
from voiceguide.errors import StoreError
from voiceguide.files.folders import user_data
from voiceguide.listeners import earlier, granting
from voiceguide.listeners.export import as_csv, as_json


@click.group(invoke_without_command=True)
@click.pass_context
def listeners(ctx: click.Context) -> None:
    """List who listens here; each has places and a history of their own.

    Without --listener NAME, `play` and `speaker` use those of a listener without a name, who is always there.
    """
    if ctx.invoked_subcommand is None:
        for each in roster().all():
            click.echo(each.name)


@listeners.command()
@click.argument("name")
@click.option("--may", default="listen", metavar="RIGHTS", help="Of listen, write and admin, with commas.")
def add(name: str, may: str) -> None:
    """Add a listener called NAME, who may listen, and what --may says."""
    made = roster().add(name, rights(may))
    click.echo(f'{made.name} is added; use it as --listener "{made.name}"')


@listeners.command()
@click.argument("name")
@click.confirmation_option("--yes", prompt="This deletes the listener and all that is stored of them. Go on?")
def remove(name: str) -> None:
    """Remove the listener NAME, and delete all that is stored of them."""
    names = roster()
    gone = names.find(name)
    with closing(folder()) as stores:
        granting.remove(names, stores, gone.id)
    click.echo(f"{gone.name} is removed")


@listeners.command()
@click.argument("name", required=False)
@click.confirmation_option("--yes", prompt="This deletes all places, history and notes. Go on?")
def forget(name: str | None) -> None:
    """Delete all that is stored of NAME, or of the listener without a name."""
    listener = id_of(name)
    with closing(folder()) as stores:
        store_of(stores, listener).forget()
    left = user_data() / earlier.FOLDER
    if name is None and left.exists():
        raise StoreError(f"{left}, with places that an earlier version kept, cannot be deleted; delete it")
    click.echo("all is forgotten")


@listeners.command()
@click.argument("name", required=False)
@click.option("--json", "form", flag_value="json", default=True, help="As JSON. The default.")
@click.option("--csv", "form", flag_value="csv", help="As a table, one row a record.")
def export(name: str | None, form: str) -> None:
    """Print all that is stored of NAME, or of the listener without a name."""
    listener = id_of(name)
    with closing(folder()) as stores:
        kept = store_of(stores, listener).everything()
    click.echo(as_csv(kept) if form == "csv" else as_json(kept), nl=False)


for each in credentials.commands:
    listeners.add_command(each)

commands = (listeners,)
