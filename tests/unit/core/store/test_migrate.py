from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from core.store.errors import StoreChangedError, StoreCorruptError, StoreNewerError
from core.store.migrate import Migration, load_migrations, migrate, schema_version
from core.store.sqlite import SqliteStore
from tests.clocks import ManualClock

ALL = load_migrations()


@pytest.fixture
def raw(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(tmp_path / "raw.db", isolation_level=None)) as connection:
        yield connection


def schema(raw: sqlite3.Connection) -> list[tuple[str, str]]:
    query = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"
    return raw.execute(query).fetchall()


def step(number: int, sql: str) -> Migration:
    return Migration(number=number, name="test", sql=sql)


@pytest.mark.parametrize("version", range(len(ALL)))
def test_each_earlier_version_comes_to_the_same_schema(
    raw: sqlite3.Connection, version: int
) -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
        migrate(fresh, ALL, now=0.0)
        expected = schema(fresh)
    migrate(raw, ALL[:version], now=0.0)
    assert migrate(raw, ALL, now=0.0) == len(ALL) - version
    assert schema(raw) == expected


def test_data_survives_a_migration(raw: sqlite3.Connection) -> None:
    migrate(raw, ALL[:1], now=0.0)
    raw.execute("INSERT INTO facts (name, value) VALUES ('a', '1')")
    migrate(raw, ALL, now=0.0)
    assert raw.execute("SELECT value FROM facts").fetchall() == [("1",)]


def test_migrating_twice_does_nothing(raw: sqlite3.Connection) -> None:
    migrate(raw, ALL, now=0.0)
    assert migrate(raw, ALL, now=1.0) == 0
    assert schema_version(raw) == len(ALL)


def test_a_migration_that_fails_leaves_nothing(raw: sqlite3.Connection) -> None:
    steps = [step(1, "CREATE TABLE a (b TEXT);"), step(2, "CREATE TABLE c (d TEXT); NONSENSE;")]
    with pytest.raises(sqlite3.OperationalError):
        migrate(raw, steps, now=0.0)
    assert schema_version(raw) == 1
    assert {name for name, _ in schema(raw)} == {"a", "schema_migrations"}


def test_a_changed_migration_is_refused(raw: sqlite3.Connection) -> None:
    migrate(raw, [step(1, "CREATE TABLE a (b TEXT);")], now=0.0)
    with pytest.raises(StoreChangedError, match="0001_test"):
        migrate(raw, [step(1, "CREATE TABLE a (c TEXT);")], now=0.0)


async def test_a_newer_database_is_refused(database: Path, clock: ManualClock) -> None:
    async with await SqliteStore.open(database, clock=clock):
        pass
    with pytest.raises(StoreNewerError, match="Install that version"):
        await SqliteStore.open(database, clock=clock, migrations=ALL[:-1])


def test_the_database_of_another_program_is_refused(raw: sqlite3.Connection) -> None:
    raw.execute("CREATE TABLE songs (name TEXT)")
    with pytest.raises(StoreCorruptError, match="another program"):
        migrate(raw, ALL, now=0.0)
    assert {name for name, _ in schema(raw)} == {"songs"}


def test_statements_may_hold_semicolons(raw: sqlite3.Connection) -> None:
    sql = "-- Note; more.\nCREATE TABLE a (b TEXT DEFAULT ';');\nINSERT INTO a VALUES ('x;y');"
    migrate(raw, [step(1, sql)], now=0.0)
    assert raw.execute("SELECT b FROM a").fetchall() == [("x;y",)]


@pytest.mark.parametrize("names", [["0002_a.sql"], ["0001_a.sql", "0003_b.sql"], ["one.sql"]])
def test_files_out_of_order_are_refused(tmp_path: Path, names: list[str]) -> None:
    for name in names:
        (tmp_path / name).write_text("SELECT 1;")
    with pytest.raises(ValueError, match=r"number|named"):
        load_migrations(tmp_path)
