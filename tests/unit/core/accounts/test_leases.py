from __future__ import annotations

import asyncio

import pytest

from core.accounts.leases import POLL_SECONDS, Leases
from core.store.sqlite import SqliteStore
from tests.clocks import ManualClock


async def test_one_holds_it_and_the_next_comes_when_it_is_free(
    store: SqliteStore, clock: ManualClock
) -> None:
    first, second = Leases(store, clock), Leases(store, clock)
    order: list[str] = []

    async def wait() -> None:
        async with second.hold("a", 10):
            order.append("second")

    async with asyncio.TaskGroup() as group:
        async with first.hold("a", 10):
            group.create_task(wait())
            await clock.sleeps(POLL_SECONDS)
            order.append("first")
        await clock.advance(POLL_SECONDS)
    assert order == ["first", "second"]


async def test_different_things_do_not_wait_for_each_other(
    store: SqliteStore, clock: ManualClock
) -> None:
    leases = Leases(store, clock)
    async with leases.hold("a", 10), leases.hold("b", 10):
        pass


async def test_it_is_freed_after_a_failure(store: SqliteStore, clock: ManualClock) -> None:
    leases = Leases(store, clock)
    with pytest.raises(ZeroDivisionError):
        async with leases.hold("a", 10):
            _ = 1 / 0
    async with leases.hold("a", 10):
        pass


async def test_who_comes_late_does_not_free_what_another_holds(
    store: SqliteStore, clock: ManualClock
) -> None:
    leases = Leases(store, clock)
    async with leases.hold("a", 10):
        await clock.advance(11)
        async with leases.hold("a", 10):
            async with store.transaction() as tx:
                assert await tx.run("leases.free", name="a", holder="the late one") == 0
            now = clock.now().timestamp()
            async with store.transaction() as tx:
                taken = await tx.run(
                    "leases.take", name="a", holder="third", now=now, until_at=now + 1
                )
            assert taken == 0
