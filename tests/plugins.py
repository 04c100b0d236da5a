"""Engines of other people's: packages as pip leaves them, in a folder of the test's own."""

from __future__ import annotations

from pathlib import Path


def installed(site: Path, name: str, source: str, kind: str = "Engine") -> None:
    """Install into *site* a package with *source*, whose entry point *name* is the class *kind* in it."""
    info = site / f"plugin_{name}-1.0.dist-info"
    info.mkdir(parents=True)
    (site / f"plugin_{name}.py").write_text(source)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: plugin-{name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[voiceguide.engines]\n{name} = plugin_{name}:{kind}\n")
