"""Opens the store that a database URL names."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from core.errors import SettingsError
from core.store.base import Store
from core.store.sqlite import SqliteStore
from utils.clock import Clock


def sqlite_path(url: str) -> Path:
    """Return the file of a ``sqlite:`` URL; its path is absolute or starts with ``~``.

    Raises:
        SettingsError: the URL names no file on this machine.
    """
    parts = urlsplit(url)
    if parts.scheme != "sqlite" or parts.netloc or not parts.path.strip("/"):
        raise SettingsError(
            f"database.url: {url!r} names no database file; write sqlite:///path/to/karvon.db"
        )
    path = unquote(parts.path).lstrip("/")
    return Path(path).expanduser() if path.startswith("~") else Path("/", path)


async def open_store(url: str, *, clock: Clock) -> Store:
    """Open the database, make it where it is missing and bring its schema up to date.

    The caller closes it. For SQLite the caller holds the lock beside the file.

    Raises:
        SettingsError: the URL is of no kind we know.
        StoreError: the database cannot be used; says why and what to do.
    """
    if url.startswith("sqlite:"):
        return await SqliteStore.open(sqlite_path(url), clock=clock)
    scheme = url.partition(":")[0]
    raise SettingsError(f"database.url: {scheme!r} is no known database; use sqlite:///…")
