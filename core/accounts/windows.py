"""When a unit of a quota stops to count, and for how long a window counts.

Times are *ticks* here, whole microseconds since 1970, which add up exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

from core.platforms.base import QuotaRule

PACIFIC = ZoneInfo("America/Los_Angeles")
"""YouTube's day. Source: developers.google.com/youtube/v3/determine_quota_cost, 2026-06-03."""
SECOND = 1_000_000
HOUR = 3600 * SECOND
DAY = 24 * HOUR

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


def ticks(moment: datetime) -> int:
    return (moment - _EPOCH) // _TICK


def moment(tick: int) -> datetime:
    return _EPOCH + timedelta(microseconds=tick)


def read_ticks(seconds: float) -> int:
    """Return the ticks of a column; it holds the number nearest to them."""
    return round(seconds * SECOND)


class Window(Protocol):
    """How long a unit counts."""

    @property
    def lasting(self) -> bool:
        """Whether it is so long that people plan with it."""
        ...

    def frees_at(self, at: int) -> int:
        """Return when a unit that was spent ``at`` counts no more."""
        ...

    def since(self, now: int) -> int:
        """Return the latest time at which spent units count no more ``now``."""
        ...


@dataclass(frozen=True, slots=True)
class Rolling:
    """A unit counts for a length of time."""

    length: int

    @property
    def lasting(self) -> bool:
        return self.length >= DAY

    def frees_at(self, at: int) -> int:
        return at + self.length

    def since(self, now: int) -> int:
        return now - self.length


@dataclass(frozen=True, slots=True)
class PacificDay:
    """A unit counts until midnight in California, across daylight saving."""

    @property
    def lasting(self) -> bool:
        return True

    def frees_at(self, at: int) -> int:
        return _day(at // HOUR)[1]

    def since(self, now: int) -> int:
        return _day(now // HOUR)[0] - 1


@lru_cache(maxsize=4096)
def _day(hour: int) -> tuple[int, int]:
    """Return start and end of the Pacific day of an hour, which never crosses a midnight there."""
    local = moment(hour * HOUR).astimezone(PACIFIC).replace(tzinfo=None)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    start = midnight.replace(tzinfo=PACIFIC)
    end = (midnight + timedelta(days=1)).replace(tzinfo=PACIFIC)
    return ticks(start), ticks(end)


WINDOWS: dict[str, Window] = {
    "pacific_day": PacificDay(),
    "rolling_day": Rolling(DAY),
    "rolling_hour": Rolling(HOUR),
    "rolling_minute": Rolling(60 * SECOND),
}
"""What `QuotaRule.window` may name."""


def window_of(rule: QuotaRule) -> Window:
    return WINDOWS[rule.window]


def window_end(now: datetime) -> datetime:
    """Return the next midnight Pacific time."""
    return moment(WINDOWS["pacific_day"].frees_at(ticks(now)))


__all__ = [
    "DAY",
    "HOUR",
    "SECOND",
    "WINDOWS",
    "PacificDay",
    "Rolling",
    "Window",
    "moment",
    "read_ticks",
    "ticks",
    "window_end",
    "window_of",
]
