"""A second, simple reading of what quotas mean, with nothing of ours in it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

CALIFORNIA = ZoneInfo("America/Los_Angeles")
LENGTHS = {
    "rolling_day": timedelta(days=1),
    "rolling_hour": timedelta(hours=1),
    "rolling_minute": timedelta(minutes=1),
}


@dataclass(frozen=True, slots=True)
class Limit:
    """One budget: whose, how much, in which window, counted when."""

    owner: str
    name: str
    most: int
    window: str
    units: int
    """What one video takes."""
    when: str


def california_day(at: datetime) -> date:
    return at.astimezone(CALIFORNIA).date()


def counts(limit: Limit, spent_at: datetime, now: datetime) -> bool:
    if limit.window == "pacific_day":
        return california_day(spent_at) == california_day(now)
    return spent_at > now - LENGTHS[limit.window]


def returns_at(limit: Limit, spent_at: datetime) -> datetime:
    if limit.window != "pacific_day":
        return spent_at + LENGTHS[limit.window]
    day = california_day(spent_at) + timedelta(days=1)
    return datetime(day.year, day.month, day.day, tzinfo=CALIFORNIA).astimezone(UTC)


class Books:
    """What was spent when, and what is promised but not spent."""

    def __init__(self) -> None:
        self.spent: defaultdict[tuple[str, str], list[tuple[datetime, int]]] = defaultdict(list)
        self.promised: defaultdict[tuple[str, str], dict[int, int]] = defaultdict(dict)

    def used(self, limit: Limit, now: datetime) -> int:
        key = (limit.owner, limit.name)
        fresh = [item for item in self.spent[key] if counts(limit, item[0], now)]
        self.spent[key] = fresh
        return sum(units for _, units in fresh) + sum(self.promised[key].values())

    def has_room(self, limits: list[Limit], now: datetime, video: int) -> bool:
        return all(
            self.used(limit, now)
            - self.promised[limit.owner, limit.name].get(video, 0)
            + limit.units
            <= limit.most
            for limit in limits
        )

    def promise(self, limits: list[Limit], video: int) -> None:
        for limit in limits:
            self.promised[limit.owner, limit.name][video] = limit.units

    def spend(self, limits: list[Limit], now: datetime, video: int, when: str) -> None:
        for limit in limits:
            if limit.when == when:
                units = self.promised[limit.owner, limit.name].pop(video, 0)
                if units:
                    self.spent[limit.owner, limit.name].append((now, units))

    def take_back(self, limits: list[Limit], video: int) -> None:
        for limit in limits:
            self.promised[limit.owner, limit.name].pop(video, None)
