from __future__ import annotations

from pathlib import Path

import pytest

from core.store.sqlite import SqliteStore
from tests.chat_kit import Chat, make_chat_on
from tests.clocks import ManualClock
from tests.factories import Desk, make_desk
from workers.engine.embedded import EmbeddedEngine


@pytest.fixture
async def desk(store: SqliteStore, clock: ManualClock, engine: EmbeddedEngine) -> Desk:
    return await make_desk(store, clock, engine)


@pytest.fixture
def log_folder(tmp_path: Path) -> Path:
    return tmp_path / "logs"


@pytest.fixture
async def chat(desk: Desk, log_folder: Path) -> Chat:
    return make_chat_on(desk, log_folder)
