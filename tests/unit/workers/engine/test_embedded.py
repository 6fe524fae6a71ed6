from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from core.ports import Run, Task, TaskState
from core.store.sqlite import SqliteStore
from tests.clocks import ManualClock
from tests.waiting import until
from workers.engine import table
from workers.engine.embedded import EmbeddedEngine
from workers.engine.lock import FileLock, InUseError


@asynccontextmanager
async def running(engine: EmbeddedEngine) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as group:
        group.create_task(engine.run())
        try:
            yield
        finally:
            await engine.stop(timedelta(0))


async def submit(store: SqliteStore, engine: EmbeddedEngine, *tasks: Task) -> list[bool]:
    async with store.transaction() as tx:
        return [await engine.submit(task, tx) for task in tasks]


async def query_only(store: SqliteStore, switch: str) -> None:
    await store._writer._connection.call(lambda raw: raw.execute(f"PRAGMA query_only = {switch}"))


class Gate:
    """A handler that ends when it is let go."""

    def __init__(self, engine: EmbeddedEngine) -> None:
        self.started = asyncio.Queue[str]()
        self.may_end = asyncio.Event()
        engine.handler("work", self)

    async def __call__(self, run: Run) -> None:
        self.started.put_nowait(run.task.key)
        await self.may_end.wait()


async def test_a_second_process_is_told_who_works(
    store: SqliteStore, engine: EmbeddedEngine
) -> None:
    with FileLock.beside(store.path), pytest.raises(InUseError, match="in use by process"):
        await engine.run()


async def test_the_lock_is_held_while_it_runs(store: SqliteStore, engine: EmbeddedEngine) -> None:
    gate, lock = Gate(engine), FileLock.beside(store.path)
    await submit(store, engine, Task(kind="work", key="a"))
    async with running(engine):
        await gate.started.get()
        with pytest.raises(InUseError):
            lock.acquire()
    with lock:
        assert lock.held


async def test_it_runs_once_at_a_time(store: SqliteStore, engine: EmbeddedEngine) -> None:
    gate = Gate(engine)
    await submit(store, engine, Task(kind="work", key="a"))
    async with running(engine):
        await gate.started.get()
        with pytest.raises(RuntimeError, match="runs already"):
            await engine.run()


async def test_a_database_that_fails_is_waited_for(
    store: SqliteStore,
    engine: EmbeddedEngine,
    clock: ManualClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    gate = Gate(engine)
    await submit(store, engine, Task(kind="work", key="a"))
    async with running(engine):
        await gate.started.get()
        await query_only(store, "ON")
        gate.may_end.set()
        for _ in range(3):
            await clock.sleeps(1)
            await clock.advance(1)
        assert await engine.state("a") is TaskState.RUNNING
        await clock.sleeps(1)
        await query_only(store, "OFF")
        await clock.advance(1)

        async def is_gone() -> bool:
            return await engine.state("a") is TaskState.ABSENT

        await until(is_gone)
    assert caplog.text.count("waits for the database") == 1
    assert caplog.text.count("the database works again") == 1


async def test_it_stops_although_the_database_fails(
    store: SqliteStore, engine: EmbeddedEngine, caplog: pytest.LogCaptureFixture
) -> None:
    gate = Gate(engine)
    await submit(store, engine, Task(kind="work", key="a"))
    async with running(engine):
        await gate.started.get()
        await query_only(store, "ON")
    assert "those tasks run again" in caplog.text


async def test_leases_of_moving_runs_are_prolonged(
    store: SqliteStore, engine: EmbeddedEngine, clock: ManualClock
) -> None:
    gate = Gate(engine)
    await submit(store, engine, Task(kind="work", key="a"))

    async def leased_for(seconds: float) -> bool:
        end = (clock.now() + timedelta(seconds=seconds)).timestamp()
        return not await store.all("tasks.expired", now=end - 1)

    async with running(engine):
        await gate.started.get()
        assert await leased_for(40)
        assert not await leased_for(42)
        await clock.sleeps(10)
        await clock.advance(10)
        await until(lambda: leased_for(40))


async def test_a_running_row_that_nobody_runs_is_freed(
    store: SqliteStore, engine: EmbeddedEngine, clock: ManualClock
) -> None:
    gate = Gate(engine)
    async with running(engine):
        await clock.sleeps(10)
        # As if a claim had been committed and its run never started.
        async with store.transaction() as tx:
            await table.add(tx, Task(kind="work", key="a"), clock.now())
            await table.claim(tx, "default", 1, clock.now() + timedelta(seconds=5))
        await clock.advance(10)
        assert await gate.started.get() == "a"


async def test_more_tasks_than_a_batch_become_due_at_once(
    store: SqliteStore, engine: EmbeddedEngine, clock: ManualClock
) -> None:
    gate = Gate(engine)
    gate.may_end.set()
    run_at = clock.now() + timedelta(seconds=5)
    count = 2 * table.PROMOTE_AT_ONCE + 1
    tasks = [Task(kind="work", key=str(number), run_at=run_at) for number in range(count)]
    await submit(store, engine, *tasks)
    async with running(engine):
        await clock.sleeps(5)
        await clock.advance(5)
        keys = [await gate.started.get() for _ in range(count)]
    assert keys == [task.key for task in tasks]


async def test_keys_are_forgotten_after_a_month(
    store: SqliteStore, engine: EmbeddedEngine, clock: ManualClock
) -> None:
    gate = Gate(engine)
    gate.may_end.set()
    await submit(store, engine, Task(kind="work", key="a"))

    async with running(engine):
        await gate.started.get()
        for days, expected in ((29, [False]), (2, [True])):
            await clock.sleeps(10)
            await clock.advance(timedelta(days=days).total_seconds())
            await clock.sleeps(10)
            await clock.advance(10)
            await clock.sleeps(10)
            assert await submit(store, engine, Task(kind="work", key="a")) == expected


async def test_a_process_that_stood_still_is_noticed(
    engine: EmbeddedEngine, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(engine):
        await clock.sleeps(10)
        clock._elapsed += 60
        await clock.advance(0)
    assert "stood still for 50 s" in caplog.text


async def test_of_all_tasks_with_one_lock_one_is_ready_or_running(
    store: SqliteStore, engine: EmbeddedEngine, clock: ManualClock
) -> None:
    now = clock.now()
    later = now + timedelta(seconds=5)
    tasks = [
        Task(kind="work", key=f"{number}", lock="x", priority=number % 3, run_at=run_at)
        for number, run_at in enumerate([None, later] * 5)
    ]
    await submit(store, engine, *tasks)
    async with store.transaction() as tx:
        await table.promote_due(tx, later)
        states = {row["state"]: row["tasks"] for row in await tx.all("tasks.counts")}
        assert states == {"ready": 1, "blocked": 9}
        claims = await table.claim(tx, "default", 8, later)
    assert [claim.task.priority for claim in claims] == [2]
