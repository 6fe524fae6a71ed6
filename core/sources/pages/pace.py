"""How fast hosts are asked: one request after another, so far apart, and a few at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from utils.clock import Clock

AT_ONCE_PER_HOST = 6
"""As browsers do, so that no server sees more than it is used to."""
LONGEST_PAUSE_SECONDS = 30.0
"""A host that asks for more between two requests gets that much."""


class Pace:
    """The least time between the beginnings of two requests to one host."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._seconds = seconds
        self._wider: dict[str, float] = {}
        self._free_at: dict[str, float] = {}
        self._rooms: dict[str, asyncio.Semaphore] = {}

    def widen(self, host: str, seconds: float) -> None:
        """Keep a larger distance at one host."""
        self._wider[host] = min(max(self._seconds, seconds), LONGEST_PAUSE_SECONDS)

    def hold(self, host: str, seconds: float) -> None:
        """Ask a host nothing for a while."""
        until = self._clock.monotonic() + seconds
        self._free_at[host] = max(self._free_at.get(host, 0.0), until)

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait until the host may be asked; at most a few ask it at once."""
        room = self._rooms.setdefault(host, asyncio.Semaphore(AT_ONCE_PER_HOST))
        async with room:
            while (wait := self._claim(host)) > 0:
                await self._clock.sleep(wait)
            yield

    def _claim(self, host: str) -> float:
        """Take the next moment; return how long to wait before trying, 0 when it is now."""
        now = self._clock.monotonic()
        free_at = self._free_at.get(host, 0.0)
        if free_at > now:
            return free_at - now
        self._free_at[host] = now + self._wider.get(host, self._seconds)
        return 0.0
