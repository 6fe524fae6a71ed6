"""What the doctor looks at: a running Karvon, or what one left on the disk."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from core.settings import Settings
from core.store.backup import back_up
from core.store.base import Store
from core.store.errors import StoreError
from core.store.open import open_store, sqlite_path
from utils.clock import Clock, SystemClock


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """Settings and clock, and the store where there is one that can be read."""

    settings: Settings
    clock: Clock
    store: Store | None
    is_running: bool
    """Whether the store is that of a Karvon at work, not a copy of it."""


@asynccontextmanager
async def at_rest(settings: Settings, *, readable: bool = True) -> AsyncIterator[Patient]:
    """Yield what no process runs on: a copy of the database is looked at, nothing is changed.

    Without ``readable`` the database is left alone: a process that does not answer has it.
    """
    clock = SystemClock()
    database = sqlite_path(settings.database_url)
    bare = Patient(settings=settings, clock=clock, store=None, is_running=False)
    if not readable or not database.exists():
        yield bare
        return
    with tempfile.TemporaryDirectory(prefix="karvon-") as folder:
        copy = Path(folder) / "copy.db"
        try:
            await back_up(database, copy)
            store = await open_store(f"sqlite:///{copy}", clock=clock)
        except StoreError:
            # What is wrong with the database is a finding of its own.
            yield bare
            return
        try:
            yield Patient(settings=settings, clock=clock, store=store, is_running=False)
        finally:
            await store.close()
