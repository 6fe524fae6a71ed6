"""Sizes, speeds and times as people read them."""

from __future__ import annotations

from datetime import datetime, timedelta

UNITS = ("bytes", "KB", "MB", "GB", "TB")


def size(count: float) -> str:
    """Return a size in decimal units, as phones show it."""
    value = float(count)
    for unit in UNITS:
        if value < 1000 or unit == UNITS[-1]:
            return f"{value:.0f} {unit}" if unit in {"bytes", "KB"} else f"{value:.1f} {unit}"
        value /= 1000
    raise AssertionError("the last unit takes everything")


def speed(bytes_per_second: float) -> str:
    return f"{size(bytes_per_second)}/s"


def span(time: timedelta | float) -> str:
    """Return a length of time in its two largest units."""
    seconds = round(time.total_seconds() if isinstance(time, timedelta) else time)
    if seconds < 60:
        return f"{max(seconds, 0)} s"
    minutes, seconds = divmod(seconds, 60)
    if minutes < 60:
        return f"{minutes} min {seconds} s" if seconds and minutes < 10 else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{hours // 24} days"


def clock_time(moment: datetime, now: datetime) -> str:
    """Return a time of today as ``18:30``, another as ``2026-12-01 18:30``."""
    same_day = moment.date() == now.date()
    return moment.strftime("%H:%M" if same_day else "%Y-%m-%d %H:%M")


def percent(share: float) -> str:
    return f"{int(share * 100)} %"


def count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
