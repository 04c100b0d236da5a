"""The settings of the engine `openai` in `engines.yaml`; error messages do not repeat their values."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct

from voiceguide.script import kinds
from voiceguide.script.form import Form
from voiceguide.script.source import Node, Pairs, Scalar
from voiceguide.voices.engine import Voice
from voiceguide.voices.settings import named, section

NAME: Final = "openai"
KEYS: Final = ("url", "model", "voices", "key")

_MOST_VOICES: Final = 100
_VOICE: Final = re.compile(r"[A-Za-z0-9_.-]{1,40}")
_VARIABLE: Final = re.compile(r"[A-Z][A-Z0-9_]{0,60}")
_URL: Final = re.compile(r"https?://[A-Za-z0-9.:\[\]-]{1,200}(?:/[A-Za-z0-9._~/-]{0,200})?")
_ANY_LANGUAGE: Final = "mul"


class Settings(Struct, frozen=True):
    """A server and its settings. `key` names the environment variable that holds the key; "" for none."""

    url: str
    model: str
    voices: tuple[Voice, ...]
    key: str = ""


def check(path: Path) -> None:
    """Check the file *path* and this engine's section in it, if there is one.

    Raises:
        ScriptError: with all problems of the file and of this engine's section.
    """
    if NAME in named(path):
        read(path)


def read(path: Path) -> Settings:
    """Return the settings in the file *path*.

    Raises:
        ScriptError: with all problems of the settings, or if there are none.
    """
    return section(path, NAME, KEYS, _settings)


def _settings(form: Form, pairs: Pairs) -> Settings:
    model = form.text(pairs, "model", NAME)
    return Settings(_url(form, pairs), model, _voices(form, pairs), _key(form, pairs))


def _url(form: Form, pairs: Pairs) -> str:
    text = form.text(pairs, "url", NAME).rstrip("/")
    if text and not (_URL.fullmatch(text) and _has_host(text)):
        form.fail(
            pairs.get("url") or pairs,
            f"{NAME}.url",
            "this is no address of a server; write what comes before /audio/speech, such as "
            "https://api.openai.com/v1, without a name, a password or a ? in it",
        )
    return text


def _has_host(text: str) -> bool:
    try:
        return bool(urlsplit(text).hostname) and urlsplit(text).port != 0
    except ValueError:
        return False


def _key(form: Form, pairs: Pairs) -> str:
    text = form.text(pairs, "key", NAME, needed=False)
    if text and not _VARIABLE.fullmatch(text):
        form.fail(
            pairs.get("key") or pairs,
            f"{NAME}.key",
            "the name of an environment variable belongs here, in capitals, such as OPENAI_API_KEY; "
            "the key itself is kept out of this file",
        )
    return text


def _voices(form: Form, pairs: Pairs) -> tuple[Voice, ...]:
    """Return the voices: a list of names, or a mapping of names to languages."""
    node = pairs.get("voices")
    if isinstance(node, Pairs) and node.pairs:
        found = [_voice(form, key, value) for key, value in node.pairs]
    else:
        found = [_voice(form, each) for _, each in form.items(pairs, "voices", NAME)]
    if len(found) > _MOST_VOICES or len({voice.name for voice in found}) < len(found):
        what = f"each voice is named once, and {_MOST_VOICES} are the most"
        form.fail(node or pairs, f"{NAME}.voices", what)
    return tuple(found)


def _voice(form: Form, name: Node, language: Node | None = None) -> Voice:
    spoken = _ANY_LANGUAGE
    if not (isinstance(name, Scalar) and _VOICE.fullmatch(name.text)):
        form.fail(name, f"{NAME}.voices", "a voice is called by letters, digits and . _ -, such as alloy")
    if language is not None:
        spoken = language.text if isinstance(language, Scalar) else ""
        try:
            kinds.LANGUAGE.read(spoken)
        except ValueError:
            form.fail(language, f"{NAME}.voices", "the language that it speaks belongs here, such as en-GB")
    return Voice(name.text if isinstance(name, Scalar) else "", spoken)
