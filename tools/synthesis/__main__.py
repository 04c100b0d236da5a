"""``python -m tools.synthesis [NAME...]``: make the sounds of ``audio_assets``, all or those named."""

from __future__ import annotations

import sys
from pathlib import Path

from tools.synthesis.recipes import BEDS, BELLS
from tools.synthesis.shelf import write


def main(names: list[str]) -> int:
    """Make the sounds in *names*, or all. Return the exit status."""
    unknown = set(names) - {recipe.name for recipe in (*BEDS, *BELLS)}
    if unknown:
        print(f"unknown: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    write(Path(__file__).resolve().parents[2] / "audio_assets", set(names))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
