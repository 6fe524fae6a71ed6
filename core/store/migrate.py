"""Brings a database to the present schema: numbered files, forward only, one transaction each."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.store.errors import StoreChangedError, StoreCorruptError, StoreNewerError

MIGRATIONS = Path(__file__).parent / "migrations"

_FILE = re.compile(r"(\d{4})_([a-z0-9_]+)\.sql")

_TABLE = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL,
    at DOUBLE PRECISION NOT NULL
)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One step of the schema."""

    number: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


def load_migrations(folder: Path = MIGRATIONS) -> Sequence[Migration]:
    """Read ``NNNN_what.sql`` in order.

    Raises:
        ValueError: the numbers do not run from 1 without a gap.
    """
    found = []
    for path in sorted(folder.glob("*.sql")):
        match = _FILE.fullmatch(path.name)
        if match is None:
            raise ValueError(f"{path.name} is not named like 0001_what.sql")
        sql = path.read_text(encoding="utf-8")
        found.append(Migration(number=int(match.group(1)), name=match.group(2), sql=sql))
    if [migration.number for migration in found] != list(range(1, len(found) + 1)):
        raise ValueError(f"the migrations in {folder} are not numbered from 1 without a gap")
    return found


def schema_version(raw: sqlite3.Connection) -> int:
    """Return the number of the last migration, 0 for an empty database.

    Raises:
        StoreCorruptError: the database belongs to another program.
    """
    tables = set(_column(raw, "SELECT name FROM sqlite_master"))
    if not tables:
        return 0
    if "schema_migrations" not in tables:
        raise StoreCorruptError(
            "The database belongs to another program.",
            remedy="Set `database.url` to a file of its own.",
        )
    return max(map(int, _column(raw, "SELECT number FROM schema_migrations")), default=0)


def migrate(raw: sqlite3.Connection, migrations: Sequence[Migration], *, now: float) -> int:
    """Apply what is missing; return how many migrations that were.

    ``raw`` is in autocommit mode and outside of a transaction.

    Raises:
        StoreNewerError: the database knows a migration that we do not.
        StoreChangedError: an applied migration differs from ours.
        StoreCorruptError: the database belongs to another program.
    """
    version = schema_version(raw)
    if version > len(migrations):
        raise StoreNewerError(
            f"The database has schema {version}, this program knows {len(migrations)}."
        )
    if version:
        _compare(raw, migrations)
    for migration in migrations[version:]:
        _apply(raw, migration, now)
    return len(migrations) - version


def _compare(raw: sqlite3.Connection, migrations: Sequence[Migration]) -> None:
    applied = _column(raw, "SELECT checksum FROM schema_migrations ORDER BY number")
    for migration, checksum in zip(migrations, applied, strict=False):
        if migration.checksum != checksum:
            raise StoreChangedError(
                f"Migration {migration.number:04}_{migration.name} is not the one applied."
            )


def _apply(raw: sqlite3.Connection, migration: Migration, now: float) -> None:
    raw.execute("BEGIN IMMEDIATE")
    try:
        raw.execute(_TABLE)
        for statement in split_statements(migration.sql):
            raw.execute(statement)
        raw.execute(
            "INSERT INTO schema_migrations (number, name, checksum, at) VALUES (?, ?, ?, ?)",
            (migration.number, migration.name, migration.checksum, now),
        )
        raw.execute("COMMIT")
    except BaseException:
        if raw.in_transaction:
            raw.execute("ROLLBACK")
        raise


def split_statements(sql: str) -> Iterator[str]:
    """Yield the statements of a script one by one."""
    statement = ""
    for piece in re.split("(?<=;)", sql):
        statement += piece
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        yield statement


def _column(raw: sqlite3.Connection, query: str) -> list[str]:
    """Return the first column as text, whatever the connection makes of its rows."""
    cursor = raw.cursor()
    cursor.row_factory = None
    return [str(row[0]) for row in cursor.execute(query)]
