"""The languages of the chat: which there are, which one is spoken now, how they count and date.

What is said in one place is said in one language: whoever serves a chat enters `speaking` with
the language of that chat, and every sentence inside follows. Outside of it English is spoken.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from importlib import import_module
from types import ModuleType

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

ENGLISH = "en"
LANGUAGES = (ENGLISH, "uz", "ru", "vi")
"""Each is a package beside this file with ``SENTENCES``, ``NAME``, ``DAY`` and ``DAY_OF_YEAR``."""

_spoken: ContextVar[str] = ContextVar("spoken", default=ENGLISH)


def spoken() -> str:
    """Return the language that is spoken now."""
    return _spoken.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language inside; one that is not spoken here is English."""
    token = _spoken.set(language if language in LANGUAGES else ENGLISH)
    try:
        yield
    finally:
        _spoken.reset(token)


def language_of(tag: str | None) -> str:
    """Return the language of an IETF tag such as ``ru`` or ``vi-VN``; empty if not spoken here."""
    code = (tag or "").replace("_", "-").split("-")[0].casefold()
    return code if code in LANGUAGES else ""


def language_accepted(header: str) -> str:
    """Return the first spoken language of an ``Accept-Language`` header, else English."""
    wanted = [item.split(";")[0].strip() for item in header.split(",")]
    return next((code for code in map(language_of, wanted) if code), ENGLISH)


def language_named(given: str) -> str:
    """Return the language that a person named by its code or name; empty if not spoken here."""
    word = given.strip().casefold().translate(_APOSTROPHES)
    return language_of(word) or next((code for code in LANGUAGES if word in _names(code)), "")


@cache
def module_of(language: str) -> ModuleType:
    """Return the package of a language; English for one that there is not."""
    name = language if language in LANGUAGES else ENGLISH
    return import_module(f"bot.chat.texts.{name}")


def name_of(language: str) -> str:
    """Return what a language calls itself."""
    return str(module_of(language).NAME)


@cache
def category(language: str, count: int) -> str:
    """Return which form goes with a whole number: ``one``, ``few``, ``many`` or ``other``."""
    return _locale(language).plural_form(count)


def number(value: float, *, grouped: bool = True) -> str:
    """Return a number with the signs of the language, at most three places behind the point."""
    return format_decimal(value, locale=_locale(spoken()), group_separator=grouped)


def day(on: date, today: date) -> str:
    """Return a date, with its year when that is another one."""
    module = module_of(spoken())
    pattern = module.DAY if on.year == today.year else module.DAY_OF_YEAR
    return format_date(on, pattern, locale=_locale(spoken()))


def clock(moment: datetime, *, seconds: bool = False) -> str:
    """Return the time of a day; all these languages write it with 24 hours and a colon."""
    return f"{moment:%H:%M:%S}" if seconds else f"{moment:%H:%M}"


_APOSTROPHES = {ord(sign): "ʻ" for sign in "'`‘’ʼ"}


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language if language in LANGUAGES else ENGLISH)


@cache
def _names(language: str) -> frozenset[str]:
    """Return the names of a language in itself and in all the others."""
    names = {name_of(language)}
    names |= {_locale(other).languages.get(language, "") for other in LANGUAGES}
    return frozenset(name.casefold().translate(_APOSTROPHES) for name in names if name)
