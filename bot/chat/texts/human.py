"""Sizes, speeds and lengths of time in the spoken language, and markup of foreign text."""

from __future__ import annotations

import html
import re

from bot.chat.texts import lexicon, tongues

_TAG = re.compile(r"<[^>]*>")


class Markup(str):
    """Text that is HTML already and is not escaped again."""

    __slots__ = ()

    def __add__(self, other: str) -> Markup:
        return Markup(str(self) + escape(other))


def escape(text: str) -> Markup:
    """Return foreign text as markup that shows it, without what the Bot API refuses."""
    if isinstance(text, Markup):
        return text
    kept = "".join(sign for sign in text if sign >= " " or sign == "\n")
    clean = kept.encode("utf-8", "replace").decode("utf-8")
    return Markup(html.escape(clean, quote=True))


def plain(markup: str) -> str:
    """Return markup as the text that people see, for buttons and terminals."""
    return html.unescape(_TAG.sub("", markup))


def visible_length(markup: str) -> int:
    """Return how long Telegram counts a text: UTF-16 units after the markup is parsed."""
    return len(plain(markup).encode("utf-16-le")) // 2


def number(value: float) -> str:
    """Return a number with its thousands apart."""
    return tongues.number(value)


def size(count: float) -> str:
    """Return a size in steps of 1024, the way Telegram counts its limits."""
    if count < 1024:
        return _unit("bytes", round(count))
    for power, unit in enumerate(("kb", "mb", "gb"), start=1):
        amount = count / 1024**power
        if amount < 1023.95:
            return _unit(unit, amount)
    return _unit("tb", count / 1024**4)


def speed(bytes_per_second: float) -> str:
    return _unit("speed", size(bytes_per_second))


def span(seconds: float) -> str:
    """Return a length of time in its two largest units."""
    whole = round(max(seconds, 0))
    if whole < 60:
        return _unit("seconds", whole)
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        told = _unit("minutes", minutes)
        return f"{told} {_unit('seconds', rest)}" if rest and minutes < 10 else told
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        told = _unit("hours", hours)
        return f"{told} {_unit('minutes', minutes)}" if minutes else told
    return _unit("days", hours // 24)


def percent(share: float) -> str:
    """Return a share, never rounded up to a whole that is not there."""
    return _unit("percent", int(min(max(share, 0.0), 1.0) * 100))


def _unit(name: str, amount: float | str) -> str:
    """Return an amount with its unit, with one place behind the point at most."""
    told = amount if isinstance(amount, str) else tongues.number(round(amount, 1), grouped=False)
    sentence = lexicon.find(f"unit_{name}", tongues.spoken(), amount)
    return (sentence or "{count}").replace("{count}", told)
