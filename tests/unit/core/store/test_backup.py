from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from core.store.backup import back_up, restore, verify
from core.store.errors import StoreCorruptError, StoreNewerError, StoreReadOnlyError
from core.store.migrate import load_migrations
from core.store.sqlite import SqliteStore
from tests.clocks import ManualClock


async def remember(store: SqliteStore, key: str) -> None:
    async with store.transaction() as tx:
        await tx.run("tasks.remember", key=key, now=0.0)


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


def spoil(database: Path, *, from_page: int) -> None:
    with database.open("r+b") as file:
        file.seek(from_page * 4096)
        file.write(os.urandom(database.stat().st_size - from_page * 4096))


def keys(database: Path) -> set[str]:
    with closing(sqlite3.connect(database)) as raw:
        return {row[0] for row in raw.execute("SELECT key FROM task_keys")}


async def test_a_backup_holds_what_was_committed(store: SqliteStore, tmp_path: Path) -> None:
    await remember(store, "a")
    backup = await back_up(store.path, tmp_path / "copy.db")
    assert keys(backup.path) == {"a"}
    assert backup.tables["task_keys"] == 1
    assert backup.schema == len(load_migrations())
    assert backup.size_bytes == backup.path.stat().st_size


async def test_a_backup_is_one_file_that_nobody_else_may_read(
    store: SqliteStore, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    backup = await back_up(store.path, folder / "copy.db")
    assert names(folder) == {"copy.db"}
    assert stat.S_IMODE(backup.path.stat().st_mode) == 0o600


async def test_a_backup_is_whole_while_others_write(store: SqliteStore, tmp_path: Path) -> None:
    async def pair(number: int) -> None:
        async with store.transaction() as tx:
            await tx.run("tasks.remember", key=f"{number}a", now=0.0)
            await tx.run("tasks.remember", key=f"{number}b", now=0.0)

    async with asyncio.TaskGroup() as group:
        for number in range(200):
            group.create_task(pair(number))
        backup = await back_up(store.path, tmp_path / "copy.db")
    copied = keys(backup.path)
    assert {key[:-1] + "b" for key in copied} == {key for key in copied if key.endswith("b")}
    assert len(keys(store.path)) == 400


async def test_a_backup_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreReadOnlyError, match="not there"):
        await back_up(tmp_path / "nothing.db", tmp_path / "copy.db")
    assert names(tmp_path) == set()


async def test_a_damaged_database_does_not_replace_a_backup(
    database: Path, clock: ManualClock, tmp_path: Path
) -> None:
    async with await SqliteStore.open(database, clock=clock) as store:
        for number in range(200):
            await remember(store, f"{number}{'x' * 500}")
    copy = tmp_path / "copy.db"
    await back_up(database, copy)
    spoil(database, from_page=8)
    with pytest.raises(StoreCorruptError):
        await back_up(database, copy)
    assert len(keys(copy)) == 200
    assert names(tmp_path) == {"copy.db", "data"}


async def test_restoring_brings_the_data_back(
    database: Path, clock: ManualClock, tmp_path: Path
) -> None:
    async with await SqliteStore.open(database, clock=clock) as store:
        await remember(store, "old")
        backup = await back_up(database, tmp_path / "copy.db")
        await remember(store, "new")
    await restore(backup.path, database)
    async with await SqliteStore.open(database, clock=clock) as store:
        await remember(store, "newest")
    assert keys(database) == {"old", "newest"}
    assert keys(database.with_name("karvon.db.before-restore")) == {"old", "new"}


async def test_restoring_works_where_nothing_is(store: SqliteStore, tmp_path: Path) -> None:
    await remember(store, "a")
    backup = await back_up(store.path, tmp_path / "copy.db")
    await restore(backup.path, tmp_path / "new" / "karvon.db")
    assert keys(tmp_path / "new" / "karvon.db") == {"a"}


async def test_a_file_that_is_no_backup_is_refused(database: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.db"
    bad.write_bytes(b"not a database" * 1000)
    with pytest.raises(StoreCorruptError):
        await restore(bad, database)
    assert names(tmp_path) == {"bad.db"}


async def test_an_empty_file_is_no_backup(tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    with pytest.raises(StoreCorruptError, match="empty"):
        await verify(tmp_path / "empty.db")


async def test_a_newer_backup_is_refused(store: SqliteStore, tmp_path: Path) -> None:
    backup = await back_up(store.path, tmp_path / "copy.db")
    with closing(sqlite3.connect(backup.path)) as raw, raw:
        raw.execute("INSERT INTO schema_migrations VALUES (9999, 'later', 'x', 0)")
    with pytest.raises(StoreNewerError):
        await verify(backup.path)
