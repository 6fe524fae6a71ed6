"""A clock that stands still until a test moves it."""

from __future__ import annotations

import asyncio
import heapq
from datetime import UTC, datetime, timedelta
from itertools import count

START = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)


class ManualClock:
    """Time that passes only in `advance`; wakes who sleeps, in the order of their times."""

    def __init__(self, start: datetime = START) -> None:
        self._start = start
        self._elapsed = 0.0
        self._order = count()
        self._sleeping: list[tuple[float, int, asyncio.Future[None]]] = []
        self._changed = asyncio.Event()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        return self._elapsed

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleeping, (self._elapsed + seconds, next(self._order), turn))
        self._changed.set()
        await turn

    async def advance(self, seconds: float) -> None:
        """Let that much time pass; who wakes may sleep again within it."""
        end = self._elapsed + seconds
        while (due := self._next_due()) is not None and due <= end:
            _, _, turn = heapq.heappop(self._sleeping)
            self._elapsed = max(self._elapsed, due)
            turn.set_result(None)
            await _settle()
        self._elapsed = end
        await _settle()

    async def sleepers(self, wanted: int = 1) -> None:
        """Wait until at least that many sleep."""
        while self._count() < wanted:
            self._changed.clear()
            await self._changed.wait()

    def is_awaited(self) -> bool:
        """Return whether anybody sleeps."""
        return self._count() > 0

    async def sleeps(self, seconds: float) -> None:
        """Wait until somebody sleeps for exactly that long from now."""
        while not self._is_awaited_for(seconds):
            self._changed.clear()
            await self._changed.wait()

    def _is_awaited_for(self, seconds: float) -> bool:
        due = self._elapsed + seconds
        return any(abs(at - due) < 1e-6 and not turn.done() for at, _, turn in self._sleeping)

    def _next_due(self) -> float | None:
        while self._sleeping and self._sleeping[0][2].done():
            heapq.heappop(self._sleeping)
        return self._sleeping[0][0] if self._sleeping else None

    def _count(self) -> int:
        return sum(not turn.done() for _, _, turn in self._sleeping)


async def _settle() -> None:
    """Give everything that is ready to run its turn."""
    for _ in range(10):
        await asyncio.sleep(0)
