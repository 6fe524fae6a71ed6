"""Doing a thing alone, over tasks and processes: a lease in the store.

A lease that its holder did not free ends by itself; whoever holds the lock of the data folder
frees all of them at start, when nobody else can be at work.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from uuid import uuid4

from core.store.base import Store
from utils.clock import Clock

POLL_SECONDS = 0.2
"""Pause between two looks at a lease of somebody else."""
RENEWAL_SECONDS = 90.0
"""Longer than a renewal takes, which ends after `utils.http.Request.timeout_seconds`."""


class Leases:
    """Takes and frees leases."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    @asynccontextmanager
    async def hold(self, name: str, seconds: float) -> AsyncIterator[None]:
        """Wait for the lease and hold it, at most for ``seconds``.

        What is done within must end in that time, and must look again at what it is about: whoever
        had the lease before may have done it.
        """
        holder = uuid4().hex
        while not await self._take(name, holder, seconds):
            await self._clock.sleep(POLL_SECONDS)
        try:
            yield
        finally:
            await asyncio.shield(self._free(name, holder))

    def for_tokens(self, account_id: int) -> AbstractAsyncContextManager[None]:
        """Hold what changes the tokens of an account at the platform."""
        return self.hold(f"renew:{account_id}", RENEWAL_SECONDS)

    async def free_all(self) -> None:
        """Free what ended processes left; only for who holds the lock of the data folder."""
        async with self._store.transaction() as tx:
            await tx.run("leases.free_all")

    async def _take(self, name: str, holder: str, seconds: float) -> bool:
        now = self._clock.now().timestamp()
        async with self._store.transaction() as tx:
            taken = await tx.run(
                "leases.take", name=name, holder=holder, now=now, until_at=now + seconds
            )
        return taken == 1

    async def _free(self, name: str, holder: str) -> None:
        async with self._store.transaction() as tx:
            await tx.run("leases.free", name=name, holder=holder)
