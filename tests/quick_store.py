"""Our statements and schema on SQLite in memory, without threads: for long simulations."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from core.store.base import Row
from core.store.migrate import load_migrations, migrate
from core.store.statements import load_statements

STATEMENTS = load_statements()
MIGRATIONS = load_migrations()


class CrashError(Exception):
    """The process died in the middle of a transaction."""


class QuickStore:
    """A store for one caller at a time.

    ``crash_after`` statements the next transaction dies and is rolled back.
    """

    def __init__(self) -> None:
        self.raw = sqlite3.connect(":memory:", isolation_level=None, cached_statements=512)
        migrate(self.raw, MIGRATIONS, now=0.0)
        self.raw.row_factory = _as_mapping
        self.crash_after: int | None = None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[QuickTx]:
        self.raw.execute("BEGIN")
        try:
            yield QuickTx(self)
            self.count()
        except BaseException:
            self.raw.execute("ROLLBACK")
            raise
        self.raw.execute("COMMIT")

    def count(self) -> None:
        if self.crash_after is None:
            return
        self.crash_after -= 1
        if self.crash_after < 0:
            self.crash_after = None
            raise CrashError

    async def all(self, name: str, /, **params: Any) -> list[Row]:
        rows: list[Row] = self.raw.execute(STATEMENTS[name].sql, params).fetchall()
        return rows

    async def one(self, name: str, /, **params: Any) -> Row | None:
        row: Row | None = self.raw.execute(STATEMENTS[name].sql, params).fetchone()
        return row

    async def close(self) -> None:
        self.raw.close()


class QuickTx:
    """A transaction of a `QuickStore`."""

    def __init__(self, store: QuickStore) -> None:
        self._store = store

    def _execute(self, name: str, params: Row) -> sqlite3.Cursor:
        self._store.count()
        return self._store.raw.execute(STATEMENTS[name].sql, params)

    async def all(self, name: str, /, **params: Any) -> list[Row]:
        return self._execute(name, params).fetchall()

    async def one(self, name: str, /, **params: Any) -> Row | None:
        rows = await self.all(name, **params)
        return rows[0] if rows else None

    async def run(self, name: str, /, **params: Any) -> int:
        return self._execute(name, params).rowcount

    async def many(self, name: str, /, rows: Sequence[Row]) -> int:
        return sum(self._execute(name, row).rowcount for row in rows)

    async def each(self, name: str, /, rows: Sequence[Row]) -> list[list[Row]]:
        return [self._execute(name, row).fetchall() for row in rows]

    def after_commit(self, callback: Callable[[], None]) -> None:
        raise AssertionError(f"{callback} has nobody to tell")


def _as_mapping(cursor: sqlite3.Cursor, row: tuple[Any, ...]) -> dict[str, Any]:
    return {column[0]: value for column, value in zip(cursor.description, row, strict=True)}
