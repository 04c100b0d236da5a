"""`listeners may`, `link`, `pin` and `app-password`: what lets a listener into the server."""

from __future__ import annotations

import click

from voiceguide.cli.hosted import kept_key
from voiceguide.cli.journals import roster
from voiceguide.errors import LimitError
from voiceguide.files.folders import user_data
from voiceguide.listeners import granting
from voiceguide.listeners.passwords import Door
from voiceguide.listeners.rights import Right


def rights(text: str) -> frozenset[Right]:
    """Return the rights in *text*, with commas between them; to listen is one of all.

    Raises:
        LimitError: if one is none.
    """
    try:
        return frozenset({Right.LISTEN, *(Right(each.strip()) for each in text.split(",") if each.strip())})
    except ValueError as error:
        raise LimitError(f"a listener may {', '.join(Right)}; write some of these, with commas") from error


@click.command()
@click.argument("name")
@click.argument("what", metavar="RIGHTS")
def may(name: str, what: str) -> None:
    """Let NAME do what RIGHTS says: of listen, write and admin, with commas; to listen is one of all."""
    found = granting.set_rights(roster(), roster().find(name).id, rights(what))
    click.echo(f"{found.name} may {', '.join(each for each in Right if each in found.may)} now")


@click.command()
@click.argument("name")
@click.option("--new", is_flag=True, help="Make another; the last one ends.")
@click.option("--at", metavar="ADDRESS", help="Where the page is, such as http://server.local:8765.")
def link(name: str, new: bool, at: str | None) -> None:
    """Print the token link of NAME; without --at, only its token."""
    from voiceguide.server.key import KEY
    from voiceguide.server.links import token_of
    from voiceguide.server.signing import Signer

    found = roster().find(name)
    if new:
        found = granting.new_link(roster(), found.id)
    token = token_of(found, Signer(kept_key(user_data() / KEY)))
    click.echo(token if at is None else f"{at.rstrip('/')}/?token={token}")


@click.command()
@click.argument("name")
@click.option("--none", "away", is_flag=True, help="Take the PIN away.")
def pin(name: str, away: bool) -> None:
    """Set the PIN of NAME, which is asked for twice, or take it away."""
    from voiceguide.listeners.pin import new_pin

    found = roster().find(name)
    made = None
    if not away:
        made = new_pin(click.prompt("PIN", hide_input=True, confirmation_prompt="Once more"))
    granting.set_pin(roster(), found.id, made)
    click.echo(f"{found.name} has {'no PIN' if made is None else 'a PIN'} now")


@click.group("app-password")
def app_password() -> None:
    """Passwords for a listener's apps, each for one door."""


@app_password.command("add")
@click.argument("name")
@click.argument("label")
@click.option(
    "--door",
    type=click.Choice([each.value for each in Door]),
    default=Door.FEED.value,
    show_default=True,
    help="What it opens.",
)
def add_password(name: str, label: str, door: str) -> None:
    """Make an app password of NAME, called LABEL, such as phone, and print it: it is not shown again."""
    _, secret = granting.add_password(roster(), roster().find(name).id, label, Door(door))
    click.echo(secret)


@app_password.command("remove")
@click.argument("name")
@click.argument("label")
def remove_password(name: str, label: str) -> None:
    """Remove the app password of NAME called LABEL: it opens nothing any more."""
    found = roster().find(name)
    granting.remove_password(roster(), found.id, label)
    click.echo("the app password is removed")


@app_password.command("list")
@click.argument("name")
def list_passwords(name: str) -> None:
    """List the labels of the app passwords of NAME, and what each opens."""
    for each in roster().find(name).passwords:
        click.echo(f"{each.label}  {each.door}")


commands = (may, link, pin, app_password)
