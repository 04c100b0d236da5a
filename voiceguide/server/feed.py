"""A podcast feed: RSS 2.0 with the tags of Apple Podcasts and of Podcasting 2.0.

https://help.apple.com/itc/podcasts_connect/#/itcb54353390 and https://podcastindex.org/namespace/1.0
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Final
from xml.etree import ElementTree as xml

from msgspec import Struct

from voiceguide.audio import RATE, Frames
from voiceguide.export.text.text import clean

ITUNES: Final = "http://www.itunes.com/dtds/podcast-1.0.dtd"
PODCAST: Final = "https://podcastindex.org/namespace/1.0"
ATOM: Final = "http://www.w3.org/2005/Atom"

_SPACE: Final = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
"""The UUID namespace of feeds' GUIDs in Podcasting 2.0."""


class Episode(Struct, frozen=True):
    """One exercise in a feed. Addresses are absolute; `size` is in bytes, `when` in seconds since 1970.

    `number` is the episode's number in a serial feed, from 1.
    """

    name: str
    title: str
    summary: str
    length: Frames
    audio: str
    media_type: str
    size: int
    page: str
    picture: str
    chapters: str
    transcript: str
    when: float
    number: int | None = None


class Channel(Struct, frozen=True):
    """The feed itself: `address` is its URL, `page` that of the library. A `serial` is heard in order."""

    title: str
    summary: str
    address: str
    page: str
    picture: str
    language: str = "en"
    serial: bool = False


def feed(channel: Channel, episodes: Iterable[Episode], variant: str = "") -> bytes:
    """Return the feed as XML. Episodes have stable GUIDs, others for each *variant* (such as a length)."""
    for prefix, space in (("itunes", ITUNES), ("podcast", PODCAST), ("atom", ATOM)):
        xml.register_namespace(prefix, space)
    rss = xml.Element("rss", {"version": "2.0"})
    top = xml.SubElement(rss, "channel")
    _add(top, "title", channel.title)
    _add(top, "link", channel.page)
    _add(top, "description", channel.summary)
    _add(top, "language", channel.language)
    _add(top, "generator", "voiceguide")
    _add(top, f"{{{ATOM}}}link", href=channel.address, rel="self", type="application/rss+xml")
    _add(top, f"{{{ITUNES}}}author", "voiceguide")
    _add(top, f"{{{ITUNES}}}image", href=channel.picture)
    _add(top, f"{{{ITUNES}}}explicit", "false")
    _add(top, f"{{{ITUNES}}}type", "serial" if channel.serial else "episodic")
    _add(top, f"{{{ITUNES}}}block", "Yes")  # a person's own server: not for directories
    health = _add(top, f"{{{ITUNES}}}category", text="Health & Fitness")
    _add(health, f"{{{ITUNES}}}category", text="Mental Health")
    _add(top, f"{{{PODCAST}}}guid", str(uuid.uuid5(_SPACE, f"voiceguide/{variant}")))
    _add(top, f"{{{PODCAST}}}medium", "podcast")
    _add(top, f"{{{PODCAST}}}locked", "yes")
    for episode in episodes:
        _item(top, episode, variant)
    xml.indent(rss)
    text: bytes = xml.tostring(rss, "utf-8", xml_declaration=True)
    return text


def _item(top: xml.Element, episode: Episode, variant: str) -> None:
    item = _add(top, "item")
    _add(item, "title", episode.title)
    _add(item, "description", episode.summary)
    _add(item, "link", episode.page)
    _add(item, "guid", f"voiceguide:{episode.name}{':' if variant else ''}{variant}", isPermaLink="false")
    _add(item, "pubDate", format_datetime(datetime.fromtimestamp(int(episode.when), UTC)))
    _add(item, "enclosure", url=episode.audio, length=str(episode.size), type=episode.media_type)
    _add(item, f"{{{ITUNES}}}duration", str(round(episode.length / RATE)))
    _add(item, f"{{{ITUNES}}}image", href=episode.picture)
    _add(item, f"{{{ITUNES}}}episodeType", "full")
    if episode.number is not None:
        _add(item, f"{{{ITUNES}}}episode", str(episode.number))
    _add(item, f"{{{ITUNES}}}explicit", "false")
    _add(item, f"{{{PODCAST}}}chapters", url=episode.chapters, type="application/json+chapters")
    _add(item, f"{{{PODCAST}}}transcript", url=episode.transcript, type="text/vtt")


def _add(parent: xml.Element, tag: str, content: str | None = None, **attributes: str) -> xml.Element:
    """Add an element without characters that XML forbids: one U+FFFF in a title would break the feed."""
    element = xml.SubElement(parent, tag, {name: clean(value) for name, value in attributes.items()})
    element.text = content and clean(content)
    return element
