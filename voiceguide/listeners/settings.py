"""The settings that apply to an exercise."""

from __future__ import annotations

from collections.abc import Iterable

from voiceguide.listeners.records import Setting


def settings_of(settings: Iterable[Setting], script: str) -> dict[str, str]:
    """Return the values of *settings* for *script* by name; its own override those for all exercises."""
    given = list(settings)
    general = {each.name: each.value for each in given if not each.script}
    return general | {each.name: each.value for each in given if each.script == script}
