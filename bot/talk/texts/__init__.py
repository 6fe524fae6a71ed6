"""Every sentence of the chat, by key and language."""

from __future__ import annotations

import re
from html import escape, unescape

from bot.talk.texts import en

LANGUAGES: dict[str, dict[str, str]] = {"en": en.SENTENCES}


class Markup(str):
    """Text that is HTML already and is not escaped again."""

    __slots__ = ()

    def __add__(self, other: str) -> Markup:
        return Markup(str(self) + _escape(other))


def has(key: str, language: str = "en") -> bool:
    return key in LANGUAGES[language]


def say(key: str, language: str = "en", /, **facts: object) -> Markup:
    """Return the sentence as HTML, its facts escaped.

    Raises:
        KeyError: there is no such sentence, or a fact it needs is missing.
    """
    safe = {name: _escape(value) for name, value in facts.items()}
    return Markup(LANGUAGES[language][key].format(**safe))


def plain(text: str) -> str:
    """Return markup as the text that people see, for buttons and terminals."""
    return unescape(re.sub(r"<[^>]+>", "", text))


def _escape(value: object) -> str:
    if isinstance(value, Markup):
        return str(value)
    if isinstance(value, (list, tuple)):
        return ", ".join(_escape(item) for item in value)
    return escape(str(value))
