"""Waiting for an event and the clock at once."""

from __future__ import annotations

import asyncio

from utils.clock import Clock


async def wait_event(event: asyncio.Event, clock: Clock, seconds: float) -> bool:
    """Wait for the event at most that long; return whether it is set."""
    if event.is_set():
        return True
    async with asyncio.TaskGroup() as group:
        timer = group.create_task(clock.sleep(seconds))
        waiter = group.create_task(event.wait())
        await asyncio.wait({timer, waiter}, return_when=asyncio.FIRST_COMPLETED)
        timer.cancel()
        waiter.cancel()
    return event.is_set()
