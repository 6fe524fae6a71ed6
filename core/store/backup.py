"""Online backups of a SQLite database, verified before they count, and their way back."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from core.store.errors import StoreCorruptError, StoreNewerError, StoreReadOnlyError
from core.store.migrate import load_migrations, schema_version
from core.store.sqlite_connection import explain, prepare_file


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A verified copy of a database: one file, mode 0600, without side files."""

    path: Path
    size_bytes: int
    schema: int
    """Number of the last migration in it."""
    tables: dict[str, int]
    """Rows by table."""


async def back_up(database: Path, target: Path) -> Backup:
    """Copy the database while it is in use; ``target`` is replaced only by a copy that is sound.

    Raises:
        StoreError: the database cannot be read, the copy not written, or the copy is damaged.
    """
    return await asyncio.to_thread(_back_up, database, target)


async def verify(path: Path) -> Backup:
    """Check a backup.

    Raises:
        StoreCorruptError: it is damaged or not ours.
        StoreNewerError: a newer version of the program made it.
    """
    return await asyncio.to_thread(_verify, path)


async def restore(backup: Path, database: Path) -> Backup:
    """Put a backup in the place of the database, which nobody may have open.

    The database that was there is kept beside it, its name ending in ``.before-restore``.
    The caller holds the lock beside the database.

    Raises:
        StoreError: the backup is not sound, or the new file cannot be written.
    """
    return await asyncio.to_thread(_restore, backup, database)


def _back_up(database: Path, target: Path) -> Backup:
    with _explained():
        partial = _copy(database, target)
        try:
            checked = _verify(partial)
            partial.replace(target)
        finally:
            _remove(partial)
        _sync_folder(target.parent)
    return Backup(
        path=target,
        size_bytes=checked.size_bytes,
        schema=checked.schema,
        tables=checked.tables,
    )


def _restore(backup: Path, database: Path) -> Backup:
    with _explained():
        checked = _verify(backup)
        partial = _copy(backup, database)
        try:
            _verify(partial)
            _set_aside(database)
            partial.replace(database)
        finally:
            _remove(partial)
        _sync_folder(database.parent)
    return checked


def _copy(source: Path, target: Path) -> Path:
    """Copy into a file beside the target and return it; it is on disk and has no side files."""
    if not source.is_file():
        raise StoreReadOnlyError(f"{source} is not there.", remedy="Check the path.")
    partial = target.with_name(f"{target.name}.partial")
    _remove(partial)
    prepare_file(partial)
    try:
        with closing(sqlite3.connect(source)) as origin, closing(_connect(partial)) as copy:
            origin.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
    except BaseException:
        _remove(partial)
        raise
    _sync(partial)
    return partial


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None)


def _verify(path: Path) -> Backup:
    if not path.is_file():
        raise StoreReadOnlyError(f"{path} is not there.", remedy="Check the path.")
    with (
        _explained(),
        closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as raw,
    ):
        problems = [row[0] for row in raw.execute("PRAGMA integrity_check(3)")]
        if problems != ["ok"]:
            raise StoreCorruptError(f"{path} is damaged: {problems[0]}.")
        if raw.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise StoreCorruptError(f"{path} has rows that point nowhere.")
        return Backup(
            path=path,
            size_bytes=path.stat().st_size,
            schema=_checked_version(path, raw),
            tables=_count_rows(raw),
        )


def _checked_version(path: Path, raw: sqlite3.Connection) -> int:
    version, known = schema_version(raw), len(load_migrations())
    if version == 0:
        raise StoreCorruptError(f"{path} is an empty database.", remedy="Choose another file.")
    if version > known:
        raise StoreNewerError(f"{path} has schema {version}, this program knows {known}.")
    return version


def _count_rows(raw: sqlite3.Connection) -> dict[str, int]:
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    names = sorted(row[0] for row in raw.execute(query))
    counts = {}
    for name in names:
        rows = raw.execute(f'SELECT count(*) FROM "{name}"')  # noqa: S608 - a name of our schema
        counts[name] = int(rows.fetchone()[0])
    return counts


def _set_aside(database: Path) -> None:
    """Keep the database that is replaced, with what its write-ahead log still holds."""
    for ending in ("", "-wal", "-shm"):
        old = database.with_name(f"{database.name}{ending}")
        kept = database.with_name(f"{database.name}.before-restore{ending}")
        kept.unlink(missing_ok=True)
        if old.exists():
            old.replace(kept)


def _remove(path: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        path.with_name(f"{path.name}{ending}").unlink(missing_ok=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


_sync_folder = _sync


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise explain(error) from error
    except OSError as error:
        raise StoreReadOnlyError(f"The copy failed ({error.strerror}).") from error
