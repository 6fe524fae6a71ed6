"""Sizes, speeds and lengths of time as people read them, and markup of foreign text."""

from __future__ import annotations

import html
import re

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


def size(count: float) -> str:
    """Return a size in steps of 1024, the way Telegram counts its limits."""
    if count < 1024:
        return f"{count:.0f} bytes"
    for power, unit in enumerate(("KB", "MB", "GB"), start=1):
        number = count / 1024**power
        if number < 1023.95:
            return f"{_short(number)} {unit}"
    return f"{_short(count / 1024**4)} TB"


def speed(bytes_per_second: float) -> str:
    return f"{size(bytes_per_second)}/s"


def span(seconds: float) -> str:
    """Return a length of time in its two largest units."""
    whole = round(max(seconds, 0))
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest and minutes < 10 else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{hours // 24} days"


def percent(share: float) -> str:
    """Return a share, never rounded up to a whole that is not there."""
    return f"{int(min(max(share, 0.0), 1.0) * 100)} %"


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
