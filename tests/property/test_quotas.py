"""Quotas against a simple model: ten thousand days of random publishing in simulated time."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.platforms.base import QuotaRule
from tests.quota_world import Channel, World, make_book, utc

DAYS = 250
EXAMPLES = 40

WINDOWS = ("pacific_day", "rolling_day", "rolling_hour", "rolling_minute")


@st.composite
def rules(draw: st.DrawFn, name: str) -> QuotaRule:
    units = draw(st.sampled_from((1, 1, 1, 3)))
    window = draw(st.sampled_from(WINDOWS))
    lasting = window.endswith("day")
    return QuotaRule(
        name=name,
        limit=units * draw(st.integers(1, 4)) + draw(st.integers(0, units - 1)),
        window=window,
        scope=draw(st.sampled_from(("account", "project"))),
        source="a test",
        costs={"publish": units},
        # A unit that is held for hours fills a short window all the time: that is true but slow.
        spent_at=draw(st.sampled_from(("begin", "commit"))) if lasting else "begin",
    )


@st.composite
def worlds(draw: st.DrawFn) -> World:
    platforms = {
        name: [draw(rules(f"{name} {number}")) for number in range(draw(st.integers(0, 2)))]
        for name in ("one", "two")
    }
    channels = [
        Channel(
            id=number,
            platform=draw(st.sampled_from(tuple(platforms))),
            project=draw(st.sampled_from(("", "a"))),
        )
        for number in range(1, draw(st.integers(1, 4)) + 1)
    ]
    start = draw(st.sampled_from((utc(2026, 1, 1), utc(2026, 3, 1), utc(2026, 10, 20))))
    return World(
        book=make_book(platforms, per_channel=draw(st.integers(2, 5))),
        channels=channels,
        rng=random.Random(draw(st.integers(0, 2**32))),
        start=start,
        crashes=draw(st.sampled_from((0.0, 0.1))),
    )


def plan_arrivals(world: World, days: int) -> None:
    """Let people come at random: quiet days, and now and then a crowd at once."""
    rng = world.rng

    def come(second: float) -> None:
        at = world.start + timedelta(microseconds=round(second * 1e6))
        channel = rng.choice(world.channels)
        wish = {"priority": rng.choice((0, 0, 0, 5)), "seconds": rng.choice((0, 40, 4000, 40_000))}

        async def arrive() -> None:
            video = await world.arrive(channel, **wish)
            if rng.random() < 0.15:
                leave = world.clock.at + timedelta(seconds=rng.uniform(1, 200_000))
                world.at(leave, lambda: world.cancel(video), (0, 0))

        world.at(at, arrive)

    for day in range(days):
        crowd = rng.random() < 0.05
        base = day * 86_400 + rng.uniform(0, 86_000)
        for _ in range(rng.randrange(12) if crowd else rng.choice((0, 1, 2, 3))):
            come(base + rng.uniform(0, 60) if crowd else day * 86_400 + rng.uniform(0, 86_400))


@settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None
)
@given(world=worlds())
def test_no_quota_is_exceeded_and_no_unit_left_unused(world: World) -> None:
    plan_arrivals(world, DAYS)
    asyncio.run(world.run())
    assert all(not video.waits for video in world.videos.values())
