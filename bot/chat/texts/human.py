"""Sizes, speeds, times and lengths as people read them."""

from __future__ import annotations

import html
import re
from datetime import datetime, timedelta

_TAG = re.compile(r"<[^>]*>")


class Markup(str):
    """Text that is markup already: it is put into a sentence as it is."""

    __slots__ = ()


def escape(text: str) -> Markup:
    """Return foreign text as markup that shows it unchanged."""
    return Markup(html.escape(_printable(text), quote=True))


def visible_length(markup: str) -> int:
    """Return how long Telegram counts a text: UTF-16 units after the markup is parsed."""
    return len(unmark(markup).encode("utf-16-le")) // 2


def unmark(markup: str) -> str:
    """Return the text that people see."""
    return html.unescape(_TAG.sub("", markup))


def size(count: float) -> str:
    """Return bytes as Telegram's clients show them, in steps of 1024."""
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
    """Return a span of time with at most two units."""
    if seconds < 10:
        return f"{_short(max(seconds, 0))} s"
    whole = round(seconds)
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
    """Return a share without rounding up to a whole that is not there."""
    return f"{int(min(max(share, 0.0), 1.0) * 100)} %"


def clock_time(at: datetime, now: datetime) -> str:
    """Return a local time as short as it is clear at ``now``, both in the person's zone."""
    clock = f"{at:%H:%M:%S}" if abs(at - now) < timedelta(minutes=2) else f"{at:%H:%M}"
    if at.date() == now.date():
        return clock
    if at.date() == now.date() + timedelta(days=1):
        return f"tomorrow {clock}"
    return f"{at:%Y-%m-%d} {clock}"


def count(number: int, one: str, many: str) -> str:
    """Return a number with its word."""
    return f"{number} {one if number == 1 else many}"


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _printable(text: str) -> str:
    """Drop what the Bot API refuses or what would break the line."""
    return "".join(sign for sign in text if sign == "\n" or (sign >= " " and sign != "\x7f"))
