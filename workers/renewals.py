"""Sign-ins kept alive ahead of their end, whether or not anything is published."""

from __future__ import annotations

import asyncio
import logging

from core.accounts.book import AccountBook
from core.errors import RemoteError

logger = logging.getLogger(__name__)

AT_ONCE = 4
"""So many accounts are renewed at the same time."""


class Renewals:
    """Renews what is due and warns of what nobody can renew; `look` is called again and again.

    A failed renewal is left alone for a while by the `AccountBook` itself.
    """

    def __init__(self, book: AccountBook) -> None:
        self._book = book
        self._room = asyncio.Semaphore(AT_ONCE)

    async def look(self) -> int:
        """Look once; returns how many accounts were renewed."""
        await self._book.warn_ends()
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._renew(each)) for each in await self._book.due()]
        return sum(task.result() for task in tasks)

    async def _renew(self, account_id: int) -> bool:
        async with self._room:
            try:
                return await self._book.renew(account_id)
            except RemoteError as error:
                # The book has noted what follows from it.
                facts = {"account": account_id, "kind": error.kind.value}
                logger.info("renewal put off", extra=facts)
                return False
