from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
import threading
from contextlib import closing
from pathlib import Path

import pytest

from core.errors import KarvonError
from core.store.errors import (
    ConstraintError,
    StoreCorruptError,
    StoreError,
    StoreFullError,
    StoreLockedError,
    StoreReadOnlyError,
)
from core.store.sqlite import SqliteStore
from core.store.sqlite_writer import GROUP_BODIES
from core.store.statements import load_statements
from tests.clocks import ManualClock


async def pragma(store: SqliteStore, name: str) -> object:
    def read(raw: sqlite3.Connection) -> object:
        return next(iter(raw.execute(f"PRAGMA {name}").fetchone().values()))

    return await store._writer._connection.call(read)


async def execute(store: SqliteStore, sql: str) -> None:
    await store._writer._connection.call(lambda raw: raw.execute(sql).fetchall())


async def remember(store: SqliteStore, key: str) -> None:
    async with store.transaction() as tx:
        await tx.run("tasks.remember", key=key, now=0.0)


def keys(database: Path) -> set[str]:
    with closing(sqlite3.connect(database)) as raw:
        return {row[0] for row in raw.execute("SELECT key FROM task_keys")}


def put(path: Path, content: bytes, permissions: int = 0o600) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    path.chmod(permissions)


def spoil(database: Path) -> None:
    with database.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(database.stat().st_size - 4096))


def new_threads(before: set[threading.Thread]) -> list[threading.Thread]:
    """Return who is still alive after a while of those that were not there before."""
    others = set(threading.enumerate()) - before
    for thread in others:
        thread.join(timeout=5)
    return [thread for thread in others if thread.is_alive()]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
async def commits(store: SqliteStore) -> list[str]:
    """Return a list that grows with each statement that ends a transaction."""
    seen: list[str] = []

    def trace(statement: str) -> None:
        if statement in {"COMMIT", "ROLLBACK"}:
            seen.append(statement)

    await store._writer._connection.call(lambda raw: raw.set_trace_callback(trace))
    return seen


async def test_settings_that_make_it_durable(store: SqliteStore) -> None:
    assert await pragma(store, "journal_mode") == "wal"
    assert await pragma(store, "synchronous") == 2
    assert await pragma(store, "foreign_keys") == 1


async def test_nobody_else_may_read_the_files(store: SqliteStore) -> None:
    await remember(store, "a")
    assert mode(store.path.parent) == 0o700
    files = list(store.path.parent.iterdir())
    assert {file.name for file in files} == {"karvon.db", "karvon.db-wal", "karvon.db-shm"}
    assert {mode(file) for file in files} == {0o600}


async def test_an_open_file_mode_is_tightened(database: Path, clock: ManualClock) -> None:
    put(database, b"", 0o644)
    async with await SqliteStore.open(database, clock=clock):
        assert mode(database) == 0o600


async def test_waiting_transactions_share_commits(store: SqliteStore, commits: list[str]) -> None:
    await asyncio.gather(*(remember(store, str(number)) for number in range(100)))
    assert len(keys(store.path)) == 100
    assert len(commits) < 30


async def test_a_group_is_bounded(
    store: SqliteStore, commits: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.store.sqlite_writer.GROUP_SECONDS", 60.0)
    await asyncio.gather(*(remember(store, str(number)) for number in range(2 * GROUP_BODIES)))
    assert commits == ["COMMIT", "COMMIT"]


async def test_a_single_transaction_is_committed_at_once(
    store: SqliteStore, commits: list[str]
) -> None:
    for number in range(3):
        await remember(store, str(number))
        assert str(number) in keys(store.path)
    assert commits == ["COMMIT"] * 3


async def test_a_failed_commit_reaches_the_whole_group(store: SqliteStore) -> None:
    # A deferred reference is looked at by the commit, not by the statement.
    await execute(store, "CREATE TABLE a (id INTEGER PRIMARY KEY)")
    await execute(
        store, "CREATE TABLE b (a_id INTEGER REFERENCES a (id) DEFERRABLE INITIALLY DEFERRED)"
    )

    async def break_it() -> None:
        async with store.transaction() as tx:
            await tx.run("tasks.remember", key="broken", now=0.0)
            await store._writer.hop(
                store._writer._join_group(), lambda raw: raw.execute("INSERT INTO b VALUES (1)")
            )

    results = await asyncio.gather(
        remember(store, "before"), break_it(), remember(store, "after"), return_exceptions=True
    )
    assert [type(result) for result in results] == [ConstraintError] * 3
    await remember(store, "later")
    assert keys(store.path) == {"later"}


async def test_a_full_disk_is_named_and_survived(store: SqliteStore) -> None:
    page = "x" * 4000
    await remember(store, "before")
    used = await pragma(store, "page_count")
    await pragma(store, f"max_page_count = {used}")
    results = await asyncio.gather(
        *(remember(store, f"{number}{page}") for number in range(5)), return_exceptions=True
    )
    assert {type(result) for result in results} == {StoreFullError}
    assert "Free some disk space" in str(results[0])
    await pragma(store, "max_page_count = 100000")
    await remember(store, "after")
    assert keys(store.path) == {"before", "after"}


async def test_a_transaction_lost_inside_a_group_fails_all_of_it(store: SqliteStore) -> None:
    async def lose_it() -> None:
        async with store.transaction() as tx:
            # As a full disk may do: SQLite ends the transaction by itself.
            await store._writer.hop(
                store._writer._join_group(), lambda raw: raw.execute("ROLLBACK")
            )
            await tx.run("tasks.remember", key="lost", now=0.0)

    results = await asyncio.gather(
        remember(store, "before"), lose_it(), remember(store, "after"), return_exceptions=True
    )
    assert all(isinstance(result, StoreError) for result in results)
    await remember(store, "later")
    assert keys(store.path) == {"later"}


async def test_a_locked_database_is_named_and_survived(store: SqliteStore) -> None:
    await execute(store, "PRAGMA busy_timeout = 1")
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreLockedError, match="Close the other program"):
            await remember(store, "a")
        other.execute("ROLLBACK")
    await remember(store, "b")
    assert keys(store.path) == {"b"}


async def test_a_database_that_cannot_be_written_is_named(store: SqliteStore) -> None:
    await execute(store, "PRAGMA query_only = ON")
    with pytest.raises(StoreReadOnlyError, match="right to write"):
        await remember(store, "a")


async def test_readers_cannot_write(store: SqliteStore) -> None:
    with pytest.raises(StoreReadOnlyError):
        await store.all("tasks.cancel_waiting", key="a")


async def test_a_read_only_folder_is_named(tmp_path: Path, clock: ManualClock) -> None:
    folder = tmp_path / "folder"
    put(folder / "file", b"")
    os.chmod(folder, 0o500)  # noqa: PTH101 - Path.chmod is refused in async code
    if os.geteuid() == 0:
        folder = Path("/proc/self")  # the superuser may write everywhere but here
    with pytest.raises(StoreReadOnlyError):
        await SqliteStore.open(folder / "karvon.db", clock=clock)


async def test_a_folder_that_is_none_is_named(tmp_path: Path, clock: ManualClock) -> None:
    put(tmp_path / "file", b"")
    with pytest.raises(StoreReadOnlyError, match="cannot be opened"):
        await SqliteStore.open(tmp_path / "file" / "karvon.db", clock=clock)


async def test_a_file_that_is_no_database_is_named(database: Path, clock: ManualClock) -> None:
    put(database, b"no database at all" * 100)
    with pytest.raises(StoreCorruptError, match="karvon restore"):
        await SqliteStore.open(database, clock=clock)


async def test_a_damaged_page_is_named(database: Path, clock: ManualClock) -> None:
    async with await SqliteStore.open(database, clock=clock) as store:
        for number in range(200):
            await remember(store, f"{number}{'x' * 500}")
    spoil(database)
    with pytest.raises(StoreCorruptError):
        async with await SqliteStore.open(database, clock=clock) as store:
            await remember(store, "a")


async def test_nothing_stays_open_when_opening_fails(database: Path, clock: ManualClock) -> None:
    before = set(threading.enumerate())
    put(database, b"no database at all" * 100)
    with pytest.raises(StoreCorruptError):
        await SqliteStore.open(database, clock=clock)
    assert new_threads(before) == []


async def test_nothing_stays_open_after_close(database: Path, clock: ManualClock) -> None:
    before = set(threading.enumerate())
    store = await SqliteStore.open(database, clock=clock)
    with pytest.raises(KarvonError):
        await store.all("tasks.cancel_waiting", key="a")
    await store.close()
    assert new_threads(before) == []
    assert {file.name for file in database.parent.iterdir()} == {"karvon.db"}


async def test_closing_ends_a_transaction_that_hangs(
    database: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.store.sqlite_writer.CLOSE_SECONDS", 0.01)
    store = await SqliteStore.open(database, clock=clock)
    inside = asyncio.Event()

    async def hang() -> None:
        async with store.transaction() as tx:
            await tx.run("tasks.remember", key="a", now=0.0)
            inside.set()
            await asyncio.Event().wait()

    async with asyncio.TaskGroup() as group:
        hanging = group.create_task(hang())
        await inside.wait()
        await store.close()
        hanging.cancel()
    assert keys(database) == set()


async def test_every_statement_fits_the_schema(store: SqliteStore) -> None:
    def explain(raw: sqlite3.Connection) -> list[str]:
        wrong = []
        for statement in load_statements().values():
            try:
                raw.execute(f"EXPLAIN {statement.sql}", dict.fromkeys(statement.parameters, 0))
            except sqlite3.Error as error:
                wrong.append(f"{statement.name}: {error}")
        return wrong

    assert await store._writer._connection.call(explain) == []


@pytest.mark.parametrize(
    "name",
    [
        "add", "claim", "finish", "release", "unblock", "block", "next_due", "promote_due",
        "renew", "expired", "next_queue", "cancel_waiting", "cancel_running", "state", "forget",
    ],
)  # fmt: skip
async def test_no_frequent_statement_walks_over_all_tasks(store: SqliteStore, name: str) -> None:
    statement = load_statements()[f"tasks.{name}"]

    def plan(raw: sqlite3.Connection) -> list[str]:
        params = dict.fromkeys(statement.parameters, 0)
        return [
            row["detail"] for row in raw.execute(f"EXPLAIN QUERY PLAN {statement.sql}", params)
        ]

    steps = await store._writer._connection.call(plan)
    walks = [step for step in steps if step.startswith("SCAN task") and "USING" not in step]
    assert walks == []
    assert not any("TEMP B-TREE" in step for step in steps)
