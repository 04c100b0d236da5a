from __future__ import annotations

from importlib import import_module

from tests.cli.conftest import Run
from voiceguide.cli import COMMANDS


def test_every_command_is_where_the_table_says() -> None:
    """The table has exactly the commands that its modules have."""
    for module in set(COMMANDS.values()):
        names = {command.name for command in import_module(f"voiceguide.cli.{module}").commands}
        assert names == {name for name, where in COMMANDS.items() if where == module}


def test_help_names_every_command(run: Run) -> None:
    """`--help` lists all of them, and each has help of its own."""
    listed = run("--help").output
    for name in COMMANDS:
        assert f"  {name}" in listed
        assert run(name, "--help").exit_code == 0


def test_an_unknown_command_is_refused(run: Run) -> None:
    """A command that is not there fails with 2."""
    assert run("nothing-like-it").exit_code == 2
