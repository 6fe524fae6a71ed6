from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.accounts.windows import SECOND, WINDOWS, moment, read_ticks, ticks, window_end


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
    day = WINDOWS["pacific_day"]
    assert moment(day.since(ticks(utc(now))) + 1) == utc(start)
    assert moment(day.frees_at(ticks(utc(now)))) == window_end(utc(now)) == utc(end)


@pytest.mark.parametrize(
    ("window", "length"),
    [
        ("rolling_day", timedelta(days=1)),
        ("rolling_hour", timedelta(hours=1)),
        ("rolling_minute", timedelta(minutes=1)),
    ],
)
def test_a_unit_of_a_rolling_window_counts_for_its_length(window: str, length: timedelta) -> None:
    now = utc("2026-01-15 12:00")
    rolling = WINDOWS[window]
    assert moment(rolling.since(ticks(now))) == now - length
    assert moment(rolling.frees_at(ticks(now))) == now + length


@pytest.mark.parametrize("window", WINDOWS)
def test_a_unit_is_free_exactly_when_it_counts_no_more(window: str) -> None:
    at = ticks(utc("2026-03-08 09:59")) + 7
    end = WINDOWS[window].frees_at(at)
    assert at > WINDOWS[window].since(end - 1)
    assert at <= WINDOWS[window].since(end)


def test_times_survive_the_column() -> None:
    at = ticks(utc("2026-03-08 09:59")) + 7
    assert read_ticks(at / SECOND) == at
    assert moment(at).utcoffset() == timedelta(0)
