from __future__ import annotations

from pathlib import Path

import pytest

from tests.chat_kit import Chat, make_chat_on
from tests.factories import Desk


@pytest.fixture
def log_folder(tmp_path: Path) -> Path:
    return tmp_path / "logs"


@pytest.fixture
async def chat(desk: Desk, log_folder: Path) -> Chat:
    return make_chat_on(desk, log_folder)
