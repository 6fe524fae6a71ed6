from __future__ import annotations

import asyncio
from datetime import timedelta

from utils.clock import SystemClock


def test_now_is_aware_and_in_utc() -> None:
    assert SystemClock().now().utcoffset() == timedelta(0)


def test_monotonic_seconds_never_run_backwards() -> None:
    clock = SystemClock()
    seen = [clock.monotonic() for _ in range(100)]
    assert seen == sorted(seen)


async def test_sleeping_lets_at_least_that_time_pass() -> None:
    clock = SystemClock()
    loop = asyncio.get_running_loop()
    began = loop.time()
    await clock.sleep(0.01)
    assert loop.time() - began >= 0.01
