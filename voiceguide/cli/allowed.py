"""The option that lets a server's listeners ask for a voice that sends text over the network."""

from __future__ import annotations

import click


def _known(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return *names*, after a check that each is an engine.

    Raises:
        EngineError: if one is not, or cannot be loaded.
    """
    from voiceguide.voices.registry import load

    for name in names:
        load(name)
    return names


allow_engine = click.option(
    "--allow-engine",
    "engines",
    multiple=True,
    metavar="NAME",
    callback=lambda ctx, param, names: _known(names),
    help="Let listeners ask for this voice, which sends what it says over the network; may be repeated.",
)
