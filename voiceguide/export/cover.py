"""Cover art: the title, with a drawing for the kind of exercise."""

from __future__ import annotations

import unicodedata
from io import BytesIO
from typing import TYPE_CHECKING, Final
from zlib import crc32

from voiceguide.audio import RATE, Frames, clock
from voiceguide.export.drawings import PAPER, Page, kind_of

if TYPE_CHECKING:
    from PIL import ImageFont

    Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

FEED_SIZE: Final = 1400
"""Pixels on each side, the least that podcast directories accept."""

EMBEDDED_SIZE: Final = 600

_FINER: Final = 3
"""The factor by which the cover is drawn larger, then scaled down for smooth edges."""

_INK: Final = (239, 230, 216)
_FADED: Final = (158, 148, 136)


def cover(title: str, technique: str, length: Frames, size: int = EMBEDDED_SIZE) -> bytes:
    """Return a JPEG of *size* by *size* pixels; the same words give the same bytes."""
    from PIL import Image, ImageDraw

    kind = kind_of(technique)
    image = Image.new("RGB", (size * _FINER, size * _FINER), PAPER)
    page = Page(ImageDraw.Draw(image), size * _FINER, kind.accent, crc32(technique.encode()))
    kind.draw(page)
    _words(page, title, length)
    file = BytesIO()
    small = image.resize((size, size), Image.Resampling.LANCZOS)
    small.save(file, "JPEG", quality=88, subsampling=0, optimize=True)
    return file.getvalue()


def _words(page: Page, title: str, length: Frames) -> None:
    font, lines = _fitted(page, plain(title))
    step = _height(font) * 1.32
    y = 0.705 * page.side - step * (len(lines) - 1) / 2
    for line in lines:
        page.draw.text((page.side / 2, y), line, _INK, font, anchor="mm")
        y += step
    small = _font(0.026 * page.side)
    below = max(0.835 * page.side, y + 0.01 * page.side)
    page.draw.text((page.side / 2, below), length_words(length), page.shade(1.0), small, anchor="mm")
    page.draw.text((page.side / 2, 0.93 * page.side), "voiceguide", _FADED, small, anchor="mm")


def length_words(length: Frames) -> str:
    """Return *length* for a cover: whole hours and minutes in words, any other as a clock time."""
    total = round(length / RATE)
    for unit, name in ((3600, "hour"), (60, "minute")):
        if total and total % unit == 0:
            count = total // unit
            return f"{count} {name}" if count == 1 else f"{count} {name}s"
    return clock(length)


def plain(title: str) -> str:
    """Return *title* in characters that the font has, without accents; "" if most are of another script."""
    for fancy, simple in (
        ("‘", "'"),
        ("’", "'"),
        ("“", '"'),
        ("”", '"'),
        ("–", "-"),
        ("—", "-"),
        ("ß", "ss"),
    ):
        title = title.replace(fancy, simple)
    letters = [each for each in unicodedata.normalize("NFKD", title) if not unicodedata.combining(each)]
    kept = [each for each in letters if each.isascii() and each.isprintable()]
    return "".join(kept).strip() if 2 * len(kept) > len(letters) else ""


def _fitted(page: Page, title: str) -> tuple[Font, list[str]]:
    """Return the largest font in which *title* fits in three even lines, and these lines."""
    for share in (0.076, 0.066, 0.056, 0.047, 0.039):
        font = _font(share * page.side)
        lines = _wrapped(title, font, 0.8 * page.side)
        if len(lines) <= (2 if share > 0.06 else 3):
            return font, lines
    return font, [*lines[:2], _shortened(lines[2], font, 0.8 * page.side)]


def _wrapped(title: str, font: Font, width: float) -> list[str]:
    """Return *title* in the fewest lines no wider than *width*, as even as possible."""
    count = len(_filled(title, font, width))
    narrow, wide = width / 4, width
    while wide - narrow > width / 100:
        middle = (narrow + wide) / 2
        lines = _filled(title, font, middle)
        if len(lines) > count or any(font.getlength(line) > middle for line in lines):
            narrow = middle
        else:
            wide = middle
    return _filled(title, font, wide)


def _filled(title: str, font: Font, width: float) -> list[str]:
    lines: list[str] = []
    for word in title.split() or [""]:
        if lines and font.getlength(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(_shortened(word, font, width))
    return lines


def _shortened(text: str, font: Font, width: float) -> str:
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(f"{text}...") > width:
        text = text[:-1]
    return f"{text}..."


def _font(size: float) -> Font:
    from PIL import ImageFont

    return ImageFont.load_default(size)


def _height(font: Font) -> float:
    _, top, _, bottom = font.getbbox("Hg")
    return bottom - top
