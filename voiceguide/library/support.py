"""Support lines by region, from one editable, dated file. No region is assumed to be the user's."""

from __future__ import annotations

import difflib
from datetime import date
from pathlib import Path
from typing import Final

from msgspec import Struct

from voiceguide.errors import WishError
from voiceguide.files.folders import shipped, user_data
from voiceguide.script.form import Form
from voiceguide.script.source import Node

BEFORE: Final = "Check before you rely on it."
"""Shown with every line."""

_TOP: Final = ("title", "note", "written", "regions")
_REGION: Final = ("region", "code", "emergency", "note", "lines")
_LINE: Final = ("name", "number", "address", "by", "hours", "language", "note", "checked")


class SupportLine(Struct, frozen=True):
    """One line: `number` to call or text, or a page's `address`; `by` says how, `checked` is when checked."""

    name: str
    number: str
    address: str
    by: str
    hours: str
    language: str
    note: str
    checked: date


class Region(Struct, frozen=True):
    """A country, or the whole world. `code` is ISO 3166's two letters, or ""."""

    name: str
    code: str
    emergency: str
    note: str
    lines: tuple[SupportLine, ...]


class Support(Struct, frozen=True):
    """All regions of one file; those without a code apply everywhere and can be shown unasked."""

    note: str
    regions: tuple[Region, ...]

    @property
    def everywhere(self) -> tuple[Region, ...]:
        """The regions that belong to no country."""
        return tuple(region for region in self.regions if not region.code)

    def find(self, name: str) -> Region:
        """Return the region of this *name* or code, ignoring case.

        Raises:
            WishError: if there is none; with the nearest ones.
        """
        wanted = name.strip().lower()
        for region in self.regions:
            if wanted in (region.name.lower(), region.code.lower()):
                return region
        names = {region.name.lower(): region.name for region in self.regions}
        near = [names[each] for each in difflib.get_close_matches(wanted, names, 3, 0.5)]
        hint = (
            f"did you mean {' or '.join(near)}?" if near else "voiceguide support lists the regions there are"
        )
        raise WishError(f'there are no support lines for "{name}"; {hint}')


def load(path: Path | None = None) -> Support:
    """Return the lines in *path*, by default the user's own file if there is one, or else the shipped one.

    Raises:
        ScriptError: with all problems, such as a line without its date.
    """
    own = user_data() / "support.yaml"
    form = Form(path or (own if own.is_file() else shipped("scripts") / "support.yaml"))
    root = form.root("a list of support lines", _TOP)
    note = form.text(root, "note", "", needed=False)
    if root.get("written") is not None:
        form.day(root, "written", "")
    regions = tuple(_region(form, node, field) for field, node in form.items(root, "regions", ""))
    form.finish()
    return Support(note, regions)


def _region(form: Form, node: Node, field: str) -> Region:
    pairs = form.pairs(node, field, _REGION)
    return Region(
        name=form.text(pairs, "region", field),
        code=form.text(pairs, "code", field, needed=False),
        emergency=form.text(pairs, "emergency", field, needed=False),
        note=form.text(pairs, "note", field, needed=False),
        lines=tuple(_line(form, line, place) for place, line in form.items(pairs, "lines", field)),
    )


def _line(form: Form, node: Node, field: str) -> SupportLine:
    pairs = form.pairs(node, field, _LINE)
    number = form.text(pairs, "number", field, needed=False)
    address = form.text(pairs, "address", field, needed=False)
    if not (number or address):
        form.fail(node, field, "a line has a number or an address; write one")
    by = form.text(pairs, "by", field, needed=False) or ("phone" if number else "web")
    return SupportLine(
        name=form.text(pairs, "name", field),
        number=number,
        address=address,
        by=by,
        hours=form.text(pairs, "hours", field),
        language=form.text(pairs, "language", field),
        note=form.text(pairs, "note", field, needed=False),
        checked=form.day(pairs, "checked", field),
    )
