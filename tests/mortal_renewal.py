"""A renewal that dies: ``python -m tests.mortal_renewal DATABASE ADDRESS MOMENT``.

The process kills itself before the question to the token server (``asked``), between its answer
and the commit of the new pair (``answered``), or right after that commit (``saved``).
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from core.accounts.book import AccountBook
from core.accounts.vault import Vault
from core.store.sqlite import SqliteStore
from tests.factories import KEY
from utils.clock import SystemClock
from utils.http import Request, Response
from utils.transport import HttpTransport


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class MortalBook(AccountBook):
    """A book whose process ends at a moment of a renewal."""

    moment = ""

    async def _save(self, *args: Any) -> None:
        if self.moment == "answered":
            die()
        await super()._save(*args)
        if self.moment == "saved":
            die()


class MortalTransport:
    """Sends, unless the process is to end before that."""

    def __init__(self, send: Callable[[Request], Awaitable[Response]], moment: str) -> None:
        self._send = send
        self._moment = moment

    async def send(self, request: Request, body: object = None) -> Response:
        assert body is None
        if self._moment == "asked":
            die()
        return await self._send(request)


async def renew(database: Path, address: str, moment: str) -> None:
    clock = SystemClock()
    async with (
        HttpTransport() as http,
        await SqliteStore.open(database, clock=clock) as store,
    ):
        transport = MortalTransport(http.send, moment)
        vault = Vault({"k1": KEY}, "k1")
        book = MortalBook(store, vault, transport, clock, {"tiktok": address})
        book.moment = moment
        await book.access(1)


if __name__ == "__main__":
    asyncio.run(renew(Path(sys.argv[1]), sys.argv[2], sys.argv[3]))
