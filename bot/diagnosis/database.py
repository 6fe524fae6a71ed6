"""The database: sound, not swollen, and copied now and then."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

from bot.chat.texts.human import size, span
from bot.diagnosis.findings import Action, Finding, broken, fine, warning
from bot.diagnosis.patient import Patient
from core.store.backup import verify
from core.store.errors import StoreError
from core.store.open import sqlite_path

BACKED_UP = "backup:at"
"""Fact: when the latest backup was made, in seconds since 1970."""
STALE = timedelta(days=7)
SWOLLEN_BYTES = 256 * 1024 * 1024
"""A write-ahead log of this size was not written back for long: a reader stays open.

Source: sqlite.org/wal.html, section 6 (checkpoint starvation), read 2026-11-21.
"""


async def look_at_database(patient: Patient) -> AsyncIterator[Finding]:
    file = sqlite_path(patient.settings.database_url)
    if not file.exists():
        yield fine("database", "no_database")
        return
    try:
        found = await verify(file)
    except StoreError as error:
        yield broken("database", "bad_database", why=str(error))
        return
    posts, log_bytes = found.tables.get("posts", 0), _wal_bytes(file)
    facts = {"size": size(found.size_bytes), "wal": size(log_bytes), "count": posts}
    if log_bytes > SWOLLEN_BYTES:
        yield warning("database", "swollen_database", **facts)
    else:
        yield fine("database", "database", **facts)
    if posts:
        yield await _backup(patient)


def _wal_bytes(file: Path) -> int:
    log = file.with_name(f"{file.name}-wal")
    return log.stat().st_size if log.exists() else 0


async def _backup(patient: Patient) -> Finding:
    made = await last_backup(patient)
    if made is None:
        return warning("backup", "no_backup", Action.BACKUP)
    age = patient.clock.now() - made
    if age > STALE:
        return warning("backup", "old_backup", Action.BACKUP, age=span(age.total_seconds()))
    return fine("backup", "backup", age=span(age.total_seconds()))


async def last_backup(patient: Patient) -> datetime | None:
    """Return when the latest backup was made that Karvon knows of."""
    row = await patient.store.one("chat.fact", name=BACKED_UP) if patient.store else None
    if row is None:
        return None
    return datetime.fromtimestamp(float(row["value"]), patient.clock.now().tzinfo)
