from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.accounts.windows import next_unit_at, window_end, window_start
from core.platforms.base import QuotaRule


def rule(window: str) -> QuotaRule:
    return QuotaRule(name="inserts", limit=2, window=window, scope="account", source="a test")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "start", "end"),
    [
        ("2026-01-15 12:00", "2026-01-15 08:00", "2026-01-16 08:00"),
        ("2026-01-15 08:00", "2026-01-15 08:00", "2026-01-16 08:00"),
        ("2026-01-15 07:59", "2026-01-14 08:00", "2026-01-15 08:00"),
        ("2026-07-15 12:00", "2026-07-15 07:00", "2026-07-16 07:00"),
        # The day on which the clocks go forward has 23 hours, and the other one 25.
        ("2026-03-08 20:00", "2026-03-08 08:00", "2026-03-09 07:00"),
        ("2026-11-01 20:00", "2026-11-01 07:00", "2026-11-02 08:00"),
        ("2026-11-01 09:30", "2026-11-01 07:00", "2026-11-02 08:00"),
        ("2026-12-31 23:00", "2026-12-31 08:00", "2027-01-01 08:00"),
    ],
)
def test_the_day_of_youtube_is_that_of_the_pacific(now: str, start: str, end: str) -> None:
    pacific = rule("pacific_day")
    assert window_start(pacific, utc(now)) == utc(start)
    assert window_end(utc(now)) == utc(end)
    assert next_unit_at(pacific, utc(now), None) == utc(end)


@pytest.mark.parametrize(
    ("window", "length"),
    [("rolling_day", timedelta(days=1)), ("rolling_minute", timedelta(minutes=1))],
)
def test_a_rolling_window_gives_a_unit_when_its_oldest_leaves(
    window: str, length: timedelta
) -> None:
    now = utc("2026-01-15 12:00")
    oldest = now - length / 4
    assert window_start(rule(window), now) == now - length
    assert next_unit_at(rule(window), now, oldest) == oldest + length
    assert next_unit_at(rule(window), now, None) == now + length


@pytest.mark.parametrize("window", ["pacific_day", "rolling_day", "rolling_minute"])
def test_times_stay_aware_and_in_utc(window: str) -> None:
    now = utc("2026-06-15 12:00")
    times = (window_start(rule(window), now), next_unit_at(rule(window), now, now))
    assert all(time.utcoffset() == timedelta(0) for time in times)
    assert times[0] <= now < times[1]
