"""The stores that the contract suite runs over; a new one is one entry here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from core.store.base import Store
from core.store.sqlite import SqliteStore
from core.store.statements import load_statements
from tests.clocks import ManualClock

OpenStore = Callable[[Path], Awaitable[Store]]
"""Opens the store kept in (or named after) that folder; the same data when called again."""


async def _open_sqlite(folder: Path) -> Store:
    statements = load_statements(Path(__file__).parent / "queries")
    return await SqliteStore.open(folder / "karvon.db", clock=ManualClock(), statements=statements)


STORES: dict[str, OpenStore] = {"sqlite": _open_sqlite}
