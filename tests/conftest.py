"""What most tests need: a clock that stands still, a fresh database, an engine on it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.store.sqlite import SqliteStore
from tests import media_kit
from tests.clocks import ManualClock
from tests.factories import Desk, make_desk
from workers.engine.embedded import EmbeddedEngine
from workers.engine.lock import FileLock


def pytest_configure() -> None:
    """Let the workers of a run share what one of them encoded."""
    if media_kit.FOLDER not in os.environ:
        os.environ[media_kit.FOLDER] = str(media_kit.make_folder())


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "data" / "karvon.db"


@pytest.fixture
async def store(database: Path, clock: ManualClock) -> AsyncIterator[SqliteStore]:
    async with await SqliteStore.open(database, clock=clock) as opened:
        yield opened


@pytest.fixture
def engine(store: SqliteStore, clock: ManualClock) -> EmbeddedEngine:
    return EmbeddedEngine(store, clock, lock=FileLock.beside(store.path))


@pytest.fixture
async def desk(store: SqliteStore, clock: ManualClock, engine: EmbeddedEngine) -> Desk:
    return await make_desk(store, clock, engine)
