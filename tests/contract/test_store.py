"""What every store promises."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.store.base import Store, Tx
from core.store.errors import ConstraintError, StoreClosedError
from core.store.statements import StatementError
from tests.contract.stores import STORES, OpenStore


@pytest.fixture(params=STORES)
def open_store(request: pytest.FixtureRequest) -> OpenStore:
    return STORES[request.param]


@pytest.fixture
async def store(open_store: OpenStore, tmp_path: Path) -> AsyncIterator[Store]:
    opened = await open_store(tmp_path)
    yield opened
    await opened.close()


async def get(store: Store | Tx, key: str) -> str | None:
    row = await store.one("probe.get", key=key)
    return None if row is None else row["value"]


async def test_committed_rows_are_read_outside(store: Store) -> None:
    async with store.transaction() as tx:
        await tx.run("probe.set", key="a", value="1")
        assert await get(store, "a") is None
    assert await get(store, "a") == "1"


async def test_a_transaction_reads_its_own_rows(store: Store) -> None:
    async with store.transaction() as tx:
        await tx.run("probe.set", key="a", value="1")
        assert await get(tx, "a") == "1"


async def test_an_exception_rolls_back(store: Store) -> None:
    async def write() -> None:
        async with store.transaction() as tx:
            await tx.run("probe.set", key="a", value="1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await write()
    assert await get(store, "a") is None


async def test_data_survives_reopening(open_store: OpenStore, tmp_path: Path) -> None:
    first = await open_store(tmp_path)
    async with first.transaction() as tx:
        await tx.run("probe.set", key="a", value="1")
    await first.close()
    second = await open_store(tmp_path)
    assert await get(second, "a") == "1"
    await second.close()


async def test_counts_and_rows_of_statements(store: Store) -> None:
    async with store.transaction() as tx:
        rows = [{"key": key, "value": "1"} for key in "abc"]
        assert await tx.many("probe.set", rows) == 3
        made = await tx.one("probe.insert_returning", key="d", value="2")
        assert made == {"name": "d", "value": "2"}
        assert await tx.run("probe.insert_returning", key="e", value="2") == 1
        assert [row["name"] for row in await tx.all("probe.list")] == list("abcde")
        assert await tx.run("probe.delete_all") == 5
        assert await tx.one("probe.list") is None


async def test_each_gives_the_rows_of_each_in_order(store: Store) -> None:
    async with store.transaction() as tx:
        rows = [{"key": key, "value": "1"} for key in "ba"]
        made = await tx.each("probe.insert_returning", rows)
        assert [[row["name"] for row in found] for found in made] == [["b"], ["a"]]
        assert await tx.each("probe.insert_returning", []) == []


async def test_nothing_of_each_stays_when_one_row_fails(store: Store) -> None:
    rows = [{"key": key, "value": "1"} for key in "aba"]
    with pytest.raises(ConstraintError):
        async with store.transaction() as tx:
            await tx.each("probe.insert", rows)
    assert await store.all("probe.list") == []


async def test_nothing_of_many_stays_when_one_row_fails(store: Store) -> None:
    rows = [{"key": key, "value": "1"} for key in "aba"]
    with pytest.raises(ConstraintError):
        async with store.transaction() as tx:
            await tx.many("probe.insert", rows)
    assert await store.all("probe.list") == []


async def test_references_are_enforced(store: Store) -> None:
    with pytest.raises(ConstraintError):
        async with store.transaction() as tx:
            await tx.run("probe.orphan", post_id=404)


async def test_a_failed_statement_ends_the_transaction(store: Store) -> None:
    async def write() -> None:
        async with store.transaction() as tx:
            await tx.run("probe.set", key="a", value="1")
            with pytest.raises(ConstraintError):
                await tx.run("probe.orphan", post_id=404)
            with pytest.raises(ConstraintError):
                await tx.run("probe.set", key="b", value="1")

    with pytest.raises(ConstraintError):
        await write()
    assert await store.all("probe.list") == []


async def test_wrong_parameters_are_refused(store: Store) -> None:
    with pytest.raises(StatementError, match="key"):
        await store.one("probe.get", name="a")
    with pytest.raises(KeyError):
        await store.one("probe.unheard_of")


async def test_transactions_do_not_see_each_other_half_done(store: Store) -> None:
    async def count_up() -> None:
        async with store.transaction() as tx:
            before = int(await get(tx, "n") or 0)
            await tx.run("probe.set", key="n", value=str(before + 1))

    async with asyncio.TaskGroup() as group:
        for _ in range(200):
            group.create_task(count_up())
    assert await get(store, "n") == "200"


async def test_a_failing_transaction_leaves_its_neighbours_alone(store: Store) -> None:
    async def write(number: int) -> None:
        async with store.transaction() as tx:
            await tx.run("probe.set", key=f"{number:02}", value="1")
            if number % 3 == 0:
                raise ZeroDivisionError
            if number % 3 == 1:
                await tx.run("probe.orphan", post_id=404)

    results = await asyncio.gather(*map(write, range(30)), return_exceptions=True)
    assert [type(result) for result in results[:3]] == [
        ZeroDivisionError,
        ConstraintError,
        type(None),
    ]
    kept = [int(row["name"]) for row in await store.all("probe.list")]
    assert kept == [number for number in range(30) if number % 3 == 2]


async def test_cancelling_a_transaction_rolls_back_and_frees_the_store(store: Store) -> None:
    inside = asyncio.Event()

    async def hang() -> None:
        async with store.transaction() as tx:
            await tx.run("probe.set", key="a", value="1")
            inside.set()
            await asyncio.Event().wait()

    async with asyncio.TaskGroup() as group:
        hanging = group.create_task(hang())
        await inside.wait()
        hanging.cancel()
    async with store.transaction() as tx:
        assert await get(tx, "a") is None


async def test_cancelling_at_any_moment_never_blocks_the_others(store: Store) -> None:
    async def write(number: int) -> None:
        async with store.transaction() as tx:
            await tx.run("probe.set", key=str(number), value="1")

    for turns in range(25):
        async with asyncio.TaskGroup() as group:
            writers = [group.create_task(write(number)) for number in range(6)]
            for _ in range(turns):
                await asyncio.sleep(0)
            for writer in writers[::2]:
                writer.cancel()
    async with asyncio.timeout(5), store.transaction() as tx:
        assert await tx.run("probe.set", key="last", value="1") == 1
    names = {row["name"] for row in await store.all("probe.list")}
    assert {"1", "3", "5", "last"} <= names


async def test_callbacks_follow_the_commit(store: Store) -> None:
    seen: list[str] = []
    committed = asyncio.Event()
    async with store.transaction() as tx:
        await tx.run("probe.set", key="a", value="1")
        tx.after_commit(lambda: seen.append("called"))
        tx.after_commit(committed.set)
        assert seen == []
    assert seen == ["called"]
    assert committed.is_set()


async def test_callbacks_do_not_follow_a_rollback(store: Store) -> None:
    seen: list[str] = []

    async def write() -> None:
        async with store.transaction() as tx:
            tx.after_commit(lambda: seen.append("called"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await write()
    async with store.transaction() as tx:
        await tx.run("probe.set", key="a", value="1")
    assert seen == []


async def test_callbacks_run_although_the_caller_was_cancelled(store: Store) -> None:
    left, called = asyncio.Event(), asyncio.Event()

    async def write() -> None:
        async with store.transaction() as tx:
            await tx.run("probe.set", key="a", value="1")
            tx.after_commit(called.set)
            left.set()

    async with asyncio.TaskGroup() as group:
        writer = group.create_task(write())
        await left.wait()
        writer.cancel()
    async with asyncio.timeout(5):
        await called.wait()
    assert await get(store, "a") == "1"


async def test_a_transaction_inside_a_transaction_is_refused(store: Store) -> None:
    with pytest.raises(StatementError):
        async with store.transaction(), store.transaction():
            pass
    async with store.transaction() as tx:
        await tx.run("probe.set", key="a", value="1")


async def test_a_transaction_is_over_after_its_block(store: Store) -> None:
    async with store.transaction() as tx:
        pass
    with pytest.raises(StoreClosedError):
        await tx.run("probe.set", key="a", value="1")


async def test_an_empty_transaction_is_harmless(store: Store) -> None:
    async with store.transaction():
        pass
    async with store.transaction() as tx:
        await tx.run("probe.set", key="a", value="1")
    assert await get(store, "a") == "1"


async def test_many_readers_at_once(store: Store) -> None:
    async with store.transaction() as tx:
        await tx.run("probe.set", key="a", value="1")
    values = await asyncio.gather(*(get(store, "a") for _ in range(50)))
    assert values == ["1"] * 50


async def test_closing_lets_waiting_transactions_finish(
    open_store: OpenStore, tmp_path: Path
) -> None:
    store = await open_store(tmp_path)

    async def write(number: int) -> None:
        async with store.transaction() as tx:
            await tx.run("probe.set", key=str(number), value="1")

    async with asyncio.TaskGroup() as group:
        for number in range(20):
            group.create_task(write(number))
        await asyncio.sleep(0)
        group.create_task(store.close())
    again = await open_store(tmp_path)
    assert len(await again.all("probe.list")) == 20
    await again.close()


async def test_a_closed_store_refuses(open_store: OpenStore, tmp_path: Path) -> None:
    store = await open_store(tmp_path)
    await store.close()
    await store.close()
    with pytest.raises(StoreClosedError):
        await store.all("probe.list")
    with pytest.raises(StoreClosedError):
        async with store.transaction():
            pass
