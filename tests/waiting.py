"""Waiting in tests: for a condition, with a limit."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

LIMIT_SECONDS = 10.0


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Return when the condition holds; each look gives everybody else a turn."""
    async with asyncio.timeout(LIMIT_SECONDS):
        while not await condition():  # noqa: ASYNC110 - the condition is in a database
            await asyncio.sleep(0)
