"""The chat against the stand-ins, for the tests that need it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.live_chat import LiveChat, open_chat


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[LiveChat]:
    async with open_chat(tmp_path) as chat:
        yield chat
