from __future__ import annotations

import pytest

from voiceguide.voices.engine import Voice
from voiceguide.voices.languages import best, called, foreign, label, speaks

VOICES = (
    Voice("joe", "en-US"),
    Voice("away", "de-DE", ready=False),
    Voice("emma", "en-GB"),
    Voice("greta", "de-AT"),
    Voice("otto", "de-DE"),
    Voice("mandarin", "cmn"),
)


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("en", "joe"),
        ("en-GB", "emma"),
        ("en-AU", "joe"),
        ("de", "greta"),
        ("de-DE", "otto"),
        ("DE-de", "otto"),
        ("de-CH", "greta"),
        ("zh", "mandarin"),
        ("ja", "joe"),
    ],
)
def test_the_voice_of_the_language_speaks(language: str, name: str) -> None:
    """Of those ready: the first of the region, else the first of the language, else the first."""
    chosen = best(VOICES, language)
    assert chosen is not None
    assert chosen.name == name


def test_nobody_speaks_where_none_is_ready() -> None:
    """A voice that is not installed is not chosen."""
    assert best(VOICES[1:2], "de") is None


@pytest.mark.parametrize(
    ("tag", "language", "can", "wrong"),
    [
        ("en-US", "en-GB", True, False),
        ("en-US", "de", False, True),
        ("cmn", "zh-CN", True, False),
        ("nb", "no", True, False),
        ("zxx", "de", False, False),
        ("und", "de", False, False),
        ("", "de", False, False),
        ("en-US", "und", False, False),
    ],
)
def test_a_voice_is_wrong_only_where_its_language_is_known(
    tag: str, language: str, can: bool, wrong: bool
) -> None:
    """Who says no words, or does not tell the language, neither speaks it nor another one."""
    assert (speaks(tag, language), foreign(tag, language)) == (can, wrong)


@pytest.mark.parametrize(
    ("voice", "name"),
    [
        (Voice("joe", "en-US", title="Joe"), "Joe (US English)"),
        (Voice("de-DE", "de-DE", title="Pico"), "Pico (German)"),
        (Voice("de", "de", title="eSpeak, German"), "eSpeak, German"),
        (Voice("xex", "xex", title="xextan"), "xextan (xex)"),
        (Voice("low", "zxx", title="A hum without words"), "A hum without words"),
        (Voice("robin", "fr-CA"), "robin (Canadian French)"),
    ],
)
def test_a_voice_has_a_name_for_people(voice: Voice, name: str) -> None:
    """It is called by its title, with its language where that does not say it."""
    assert label(voice) == name


def test_a_language_without_a_name_is_called_by_its_tag() -> None:
    """What is not in the table is told as it was written."""
    assert (called("de-CH"), called("de-LI"), called("tlh")) == ("Swiss German", "German", "tlh")
