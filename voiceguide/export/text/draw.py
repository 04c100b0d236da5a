"""The parts of SVG that the picture of a timeline needs: escaped elements, colours, widths of text."""

from __future__ import annotations

import math
from html import escape
from typing import Final

from voiceguide.export.text.text import clean

SANS: Final = "system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"
SERIF: Final = "Georgia, 'Iowan Old Style', 'Palatino Linotype', 'DejaVu Serif', serif"

# Contrast is at least 4.5 to 1 for text (WCAG 2.2, 1.4.3), and 3 to 1 for marks with meaning (1.4.11).
PAPER: Final = "#fffdf8"
BAND: Final = "#f4eee2"
BAND_ALT: Final = "#ebe3d3"
INK: Final = "#2b2620"
SOFT_INK: Final = "#5c5449"
HAIR: Final = "#d8cfbf"
SPEECH: Final = "#1f5a66"
SOUND: Final = "#6a4c93"
REST: Final = "#75694f"
CHAPTER: Final = "#7a2e4d"
BREATH: Final = "#a8481f"
BELL: Final = "#8a6100"
BED: Final = "#4d7a6c"
BED_FILL: Final = "#cfe0d8"

_CHARACTER: Final = 0.58  # width of an average character of a wide sans, in ems


def element(name: str, *inside: str, **attributes: object) -> str:
    """Return an element; in attributes ``_`` becomes ``-``, floats have two decimals. *inside* is markup."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_value(it)}"' for key, it in attributes.items()
    )
    return f"<{name}{written}>{''.join(inside)}</{name}>" if inside else f"<{name}{written}/>"


def words(text: str) -> str:
    """Return *text* escaped as markup."""
    return escape(clean(text))


def tip(text: str) -> str:
    """Return a title element, which browsers show when the mark is pointed at."""
    return f"<title>{words(text)}</title>"


def label(text: str, x: float, y: float, *, size: int = 11, fill: str = SOFT_INK, **more: object) -> str:
    """Return *text* with its baseline at (*x*, *y*)."""
    return element("text", words(text), x=x, y=y, font_size=size, fill=fill, **more)


def bar(x: float, y: float, width: float, height: float, fill: str, *inside: str, **more: object) -> str:
    """Return a filled rectangle."""
    return element("rect", *inside, x=x, y=y, width=width, height=height, fill=fill, **more)


def stroke(d: str, colour: str, width: float, *inside: str, **more: object) -> str:
    """Return the path *d* drawn as a line."""
    return element(
        "path", *inside, **{"d": d, "fill": "none", "stroke": colour, "stroke_width": width, **more}
    )


def room(pixels: float, size: int = 11) -> int:
    """Return how many characters of text fit in *pixels*."""
    return max(0, math.floor(pixels / (size * _CHARACTER)))


def number(value: float) -> str:
    """Return a coordinate as short as possible."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _value(value: object) -> str:
    return number(value) if isinstance(value, float) else escape(clean(str(value)))
