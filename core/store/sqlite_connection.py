"""Connections to SQLite, each with its own thread, and what their errors mean."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

from core.store.errors import (
    ConstraintError,
    StoreClosedError,
    StoreCorruptError,
    StoreError,
    StoreFullError,
    StoreLockedError,
    StoreReadOnlyError,
)

Result = TypeVar("Result")

BUSY_SECONDS = 5.0
WRITER_CACHE_KIB = 16 * 1024
READER_CACHE_KIB = 4 * 1024
WAL_LIMIT_BYTES = 64 * 1024 * 1024

# Primary result codes; source: https://www.sqlite.org/rescode.html, read 2025-11-21.
_MEANINGS: dict[int, tuple[type[StoreError], str]] = {
    sqlite3.SQLITE_BUSY: (StoreLockedError, "The database is locked."),
    sqlite3.SQLITE_LOCKED: (StoreLockedError, "The database is locked."),
    sqlite3.SQLITE_FULL: (StoreFullError, "The disk with the database is full."),
    sqlite3.SQLITE_READONLY: (StoreReadOnlyError, "The database cannot be written."),
    sqlite3.SQLITE_PERM: (StoreReadOnlyError, "The database cannot be written."),
    sqlite3.SQLITE_CANTOPEN: (StoreReadOnlyError, "The database cannot be opened."),
    sqlite3.SQLITE_CORRUPT: (StoreCorruptError, "The database is damaged."),
    sqlite3.SQLITE_NOTADB: (StoreCorruptError, "The file is not a database."),
    sqlite3.SQLITE_CONSTRAINT: (ConstraintError, "The rows contradict the schema:"),
}


def explain(error: sqlite3.Error) -> StoreError:
    """Return what the error means to a person."""
    code = getattr(error, "sqlite_errorcode", None)
    meaning = _MEANINGS.get(code & 0xFF) if code is not None else None
    if meaning is None:
        return StoreError(f"The database failed: {error}.")
    kind, message = meaning
    return kind(f"{message} ({error})")


class Connection(aiosqlite.Connection):
    """A connection that runs whole functions on its thread, so several statements cost one hop.

    Functions run in the order of the calls, also when their caller has gone.
    """

    async def call(self, fn: Callable[[sqlite3.Connection], Result]) -> Result:
        """Run ``fn`` with the raw connection on its thread.

        Raises:
            StoreError: SQLite refused.
        """
        raw = self._connection
        if raw is None:
            raise StoreClosedError("The database is closed.")
        try:
            result: Result = await self._execute(fn, raw)  # type: ignore[no-untyped-call]  # aiosqlite publishes no types for it
        except sqlite3.Error as error:
            raise explain(error) from error
        return result


def prepare_file(path: Path) -> None:
    """Make the folder (0700) and the database file (0600), which nobody else may read.

    SQLite gives its side files the mode of the database.

    Raises:
        StoreReadOnlyError: it cannot be made.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        path.chmod(0o600)
    except OSError as error:
        raise StoreReadOnlyError(f"{path} cannot be opened ({error.strerror}).") from error


async def connect(path: Path, *, writer: bool) -> Connection:
    """Open a connection with our settings; the caller closes it."""
    connection = Connection(lambda: _open(path), 64)
    _ = await connection
    try:
        await connection.call(_configure_writer if writer else _configure_reader)
    except BaseException:
        await connection.close()
        raise
    return connection


def _open(path: Path) -> sqlite3.Connection:
    raw = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    raw.row_factory = _as_mapping
    return raw


def _as_mapping(cursor: sqlite3.Cursor, row: tuple[Any, ...]) -> dict[str, Any]:
    return {column[0]: value for column, value in zip(cursor.description, row, strict=True)}


def _configure_writer(raw: sqlite3.Connection) -> None:
    raw.execute("PRAGMA journal_mode = WAL")
    raw.execute("PRAGMA synchronous = FULL")
    raw.execute("PRAGMA foreign_keys = ON")
    raw.execute(f"PRAGMA cache_size = -{WRITER_CACHE_KIB}")
    raw.execute(f"PRAGMA journal_size_limit = {WAL_LIMIT_BYTES}")


def _configure_reader(raw: sqlite3.Connection) -> None:
    raw.execute("PRAGMA query_only = ON")
    raw.execute(f"PRAGMA cache_size = -{READER_CACHE_KIB}")
