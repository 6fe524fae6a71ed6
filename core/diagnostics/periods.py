"""The times that figures are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

PERIODS = ("today", "7d", "30d")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOMENT = timedelta(milliseconds=1)
"""What happens at the very moment of the question belongs to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A time ``[since, until)``, the one before it, and the step of its course."""

    name: str
    since: datetime
    until: datetime
    length: timedelta
    """How far the time before lies back; of today it is yesterday up to the same minute."""
    step: timedelta

    @property
    def before(self) -> Period:
        return Period(
            name=self.name,
            since=self.since - self.length,
            until=self.until - self.length,
            length=self.length,
            step=self.step,
        )


def period_of(name: str, now: datetime, zone: tzinfo) -> Period | None:
    """Return the period of that name at a moment; None for any other word."""
    if name == "today":
        local = now.astimezone(zone)
        start = local.replace(hour=0, minute=0, second=0, microsecond=0)
        return _period(name, start.astimezone(UTC), now, DAY, HOUR)
    if name not in PERIODS:
        return None
    length = DAY * int(name.removesuffix("d"))
    return _period(name, now - length, now, length, DAY)


def run_period(since: datetime, now: datetime) -> Period:
    """Return the time of one run of a command."""
    return _period("run", since, now, max(now - since, timedelta(seconds=1)), HOUR)


def _period(
    name: str, since: datetime, now: datetime, length: timedelta, step: timedelta
) -> Period:
    return Period(name=name, since=since, until=now + MOMENT, length=length, step=step)
