"""The store on SQLite: one writing connection, a few reading ones, everything durable."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, Self

from core.store.base import Row, Tx
from core.store.errors import StoreClosedError
from core.store.migrate import Migration, load_migrations, migrate
from core.store.sqlite_connection import Connection, connect, prepare_file
from core.store.sqlite_writer import Writer
from core.store.statements import Statement, load_statements
from utils.clock import Clock

READERS = 3

log = logging.getLogger(__name__)


class SqliteStore:
    """A database file; who opened it calls `close`, or uses it as a context."""

    def __init__(
        self,
        path: Path,
        writer: Writer,
        readers: Sequence[Connection],
        statements: Mapping[str, Statement],
    ) -> None:
        self.path = path
        self._writer = writer
        self._readers = readers
        self._statements = statements
        self._idle: asyncio.LifoQueue[Connection] = asyncio.LifoQueue()
        for reader in readers:
            self._idle.put_nowait(reader)
        self._closed = False

    @classmethod
    async def open(
        cls,
        path: Path,
        *,
        clock: Clock,
        readers: int = READERS,
        migrations: Sequence[Migration] | None = None,
        statements: Mapping[str, Statement] | None = None,
    ) -> Self:
        """Open the file, make it where it is missing and bring its schema up to date.

        Raises:
            StoreError: one of its subclasses says what is wrong and what to do.
        """
        steps = load_migrations() if migrations is None else migrations
        named = load_statements() if statements is None else statements
        prepare_file(path)
        opened: list[Connection] = []
        try:
            opened.append(await connect(path, writer=True))
            now = clock.now().timestamp()
            applied = await opened[0].call(partial(migrate, migrations=steps, now=now))
            if applied:
                log.info("applied %d migrations to %s", applied, path)
            while len(opened) <= readers:
                opened.append(await connect(path, writer=False))
        except BaseException:
            for connection in reversed(opened):
                await connection.close()
            raise
        return cls(path, Writer(opened[0], named), opened[1:], named)

    def transaction(self) -> AbstractAsyncContextManager[Tx]:
        return self._writer.transaction()

    async def all(self, name: str, /, **params: Any) -> list[Row]:
        statement = self._statements[name]
        statement.check(params.keys())
        async with self._reader() as reader:
            return await reader.call(partial(_read, statement, params))

    async def one(self, name: str, /, **params: Any) -> Row | None:
        rows = await self.all(name, **params)
        return rows[0] if rows else None

    async def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        try:
            await self._writer.close()
        finally:
            for reader in self._readers:
                await reader.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.close()

    @asynccontextmanager
    async def _reader(self) -> AsyncIterator[Connection]:
        if self._closed:
            raise StoreClosedError("The database is closed.")
        reader = await self._idle.get()
        try:
            yield reader
        finally:
            self._idle.put_nowait(reader)


def _read(statement: Statement, params: Mapping[str, Any], raw: sqlite3.Connection) -> list[Row]:
    rows: list[Row] = raw.execute(statement.sql, params).fetchall()
    return rows
