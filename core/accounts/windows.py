"""Where a quota's window begins and when it gives the next unit."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from core.platforms.base import QuotaRule

PACIFIC = ZoneInfo("America/Los_Angeles")
"""YouTube's day. Source: developers.google.com/youtube/v3/determine_quota_cost, 2026-06-03."""

ROLLING = {"rolling_day": timedelta(days=1), "rolling_minute": timedelta(minutes=1)}


def window_start(rule: QuotaRule, now: datetime) -> datetime:
    """Return from when on units count against the limit."""
    if rule.window == "pacific_day":
        local = now.astimezone(PACIFIC)
        return local.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(now.tzinfo)
    return now - ROLLING[rule.window]


def next_unit_at(rule: QuotaRule, now: datetime, oldest: datetime | None) -> datetime:
    """Return when a used-up window gives a unit again.

    ``oldest`` is the oldest unit inside the window; it only matters for rolling windows.
    """
    if rule.window == "pacific_day":
        return window_end(now)
    return (oldest or now) + ROLLING[rule.window]


def window_end(now: datetime) -> datetime:
    """Return the next midnight Pacific time."""
    local = now.astimezone(PACIFIC)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    following = (midnight + timedelta(days=1)).replace(tzinfo=PACIFIC)
    return following.astimezone(now.tzinfo)


__all__ = ["next_unit_at", "window_end", "window_start"]
