"""What is installed with the package, held against what was reviewed: docs/licences.yaml."""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any, Final

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT: Final = Path(__file__).resolve().parent.parent
SHARED: Final = re.compile(r"\.(?:so|dylib|dll|pyd)(?:$|\.\d)")
MODULE: Final = re.compile(r"\.(?:cpython|pypy|abi3|cp)[\w-]*\.so$|\.pyd$|_ext\.so$|/_[^/]*\.so$")
"""A package's own code, which is under its own licence."""

FAMILIES: Final = (
    ("GPL-2.0 or later", r"^GPL-2"),
    ("LGPL, 2.0 to 3.0 or later", "LGPL"),
    ("GPL-3.0 with the GCC exception", "GCC-exception"),
    ("MPL-2.0", "MPL"),
    ("Apache-2.0", "Apache"),
    ("BSD, 2 or 3 clauses", "BSD-"),
    ("MIT and its kin", "MIT(?! with)"),
    ("others, each with its own", ""),
)
"""The rows of the README's table, what asks the most of who passes it on first."""


@cache
def reviewed() -> dict[str, dict[str, Any]]:
    """Return what was reviewed, by the package's name."""
    packages = yaml.safe_load((ROOT / "docs" / "licences.yaml").read_text(encoding="utf-8"))["packages"]
    assert isinstance(packages, dict)
    return packages


@cache
def closure() -> tuple[str, ...]:
    """Return the names of all packages that the base brings along here."""
    found: set[str] = set()
    waiting = ["voiceguide"]
    while waiting:
        name = waiting.pop()
        for written in importlib.metadata.requires(name) or ():
            wanted = Requirement(written)
            needed = canonicalize_name(wanted.name)
            if needed not in found and (wanted.marker is None or wanted.marker.evaluate({"extra": ""})):
                found.add(needed)
                waiting.append(needed)
    return tuple(sorted(found))


def says(name: str) -> str:
    """Return the licence that the installed package's metadata gives, in its first line."""
    metadata: Any = importlib.metadata.metadata(name)
    kinds = [each for each in metadata.get_all("Classifier") or () if each.startswith("License ::")]
    told = metadata.get("License-Expression") or (metadata.get("License") or "").split("\n")[0]
    if kinds and (not told or len(told) > 50):  # a whole licence, of which the first line says little
        told = kinds[0]
    return told.rsplit(" :: ", 1)[-1].strip()


def libraries(name: str) -> Iterator[str]:
    """Yield the names of the shared libraries in the installed package, without ``lib`` and version."""
    for file in importlib.metadata.files(name) or ():
        path = str(PurePosixPath(file))
        if SHARED.search(path) and not MODULE.search(path):
            stem = SHARED.split(re.sub(r"-[0-9a-f]{8,}", "", PurePosixPath(path).name))[0]
            yield re.split(r"[-.]\d", stem.removeprefix("lib"))[0]


def test_the_base_is_what_was_reviewed() -> None:
    """Every package that comes with the base is in the table; a new one is to be read first."""
    new = [name for name in closure() if name not in reviewed() and not name.startswith("pyobjc")]
    assert not new, f"read the notices of {new} and put them into docs/licences.yaml"


@pytest.mark.parametrize("name", reviewed())
def test_each_package_is_what_was_reviewed(name: str) -> None:
    """An installed package's metadata gives the reviewed licence, and no library in it is unknown."""
    if name not in closure():
        pytest.skip("it is for another system")
    entry = reviewed()[name]
    assert says(name) == entry.get("says", entry["licence"])
    known = {each for names in entry.get("libraries", {}).values() for each in names}
    assert set(libraries(name)) <= known


def test_no_gpl_package_is_in_the_base() -> None:
    """No package of the base is under the GPL; the README names the two libraries inside av that are."""
    gpl = re.compile(r"(?<!L)GPL-\d")
    assert not [name for name, entry in reviewed().items() if gpl.search(entry["licence"])]
    inside = [
        (name, library)
        for name, entry in reviewed().items()
        for licence, libraries in entry.get("libraries", {}).items()
        if gpl.search(licence) and not re.search("WITH|OR", licence)
        for library in libraries
    ]
    assert inside == [("av", "x264"), ("av", "x265")]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "x264 and x265" in readme


def family(licence: str) -> str:
    """Return the row of the README's table that *licence* belongs in."""
    return next(title for title, pattern in FAMILIES if re.search(pattern, licence))


def table() -> list[str]:
    """Return the rows of the README's table: a kind of licence, packages, and what is inside packages."""
    rows: dict[str, list[str]] = {}
    for name, entry in reviewed().items():
        rows.setdefault(family(entry["licence"]), []).append(f"`{name}`")
    for name, entry in reviewed().items():
        inside: dict[str, list[str]] = {}
        for part in ("libraries", "built_in"):
            for licence, names in entry.get(part, {}).items():
                inside.setdefault(family(licence), []).extend(names)
        for title, names in inside.items():
            rows.setdefault(title, []).append(f"in `{name}`: {', '.join(names)}")
    return [f"| {title} | {'; '.join(rows[title])} |" for title, _ in FAMILIES]


def test_the_readme_says_what_was_reviewed() -> None:
    """The README's table is the reviewed one, row by row."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "\n".join(table()) in readme, "\n" + "\n".join(table())
