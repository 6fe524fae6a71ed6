"""Long polling that confirms an update only after its handler has committed."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict

from aiogram import Bot, Dispatcher
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramConflictError,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.types import Update

from core.store.errors import StoreError
from utils.clock import Clock

logger = logging.getLogger(__name__)

UPDATES = ["message", "callback_query", "my_chat_member"]
POLL_SECONDS = 25
ANSWER_SECONDS = 20
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0


class Poller:
    """Asks for updates and feeds them to the dispatcher, each chat in order."""

    def __init__(self, bot: Bot, dispatcher: Dispatcher, clock: Clock) -> None:
        self._bot = bot
        self._dispatcher = dispatcher
        self._clock = clock
        self._offset: int | None = None
        self._trouble = ""
        self._pause = FIRST_PAUSE

    async def run(self) -> None:
        """Work for ever."""
        while True:
            try:
                updates = await self._ask()
                if updates:
                    await self._handle(updates)
                    self._offset = updates[-1].update_id + 1
                self._fine()
            except TelegramRetryAfter as error:
                await self._clock.sleep(error.retry_after)
            except TelegramConflictError as error:
                await self._rest("another process polls with this token", error)
            except TelegramUnauthorizedError as error:
                await self._rest("telegram does not accept the token", error)
            except TelegramAPIError as error:
                await self._rest("telegram does not answer", error)
            except StoreError as error:
                await self._rest("the database does not answer; updates are kept", error)

    async def confirm(self) -> None:
        """Tell Telegram what was handled, on the way out."""
        if self._offset is None:
            return
        try:
            await self._bot.get_updates(offset=self._offset, limit=1, timeout=0, request_timeout=2)
        except TelegramAPIError as error:
            logger.info("last updates stay unconfirmed", extra={"why": str(error)})

    async def _ask(self) -> list[Update]:
        return await self._bot.get_updates(
            offset=self._offset,
            timeout=POLL_SECONDS,
            allowed_updates=UPDATES,
            request_timeout=POLL_SECONDS + ANSWER_SECONDS,
        )

    async def _handle(self, updates: list[Update]) -> None:
        """Handle a batch side by side, the updates of one chat one after the other."""
        chats: defaultdict[int, list[Update]] = defaultdict(list)
        for update in updates:
            chats[_chat(update)].append(update)
        try:
            async with asyncio.TaskGroup() as group:
                for batch in chats.values():
                    group.create_task(self._feed(batch))
        except* StoreError as failures:
            raise _first(failures) from None

    async def _feed(self, updates: list[Update]) -> None:
        for update in updates:
            await self._dispatcher.feed_update(self._bot, update)

    async def _rest(self, what: str, error: Exception) -> None:
        """Say it once, wait longer each time."""
        if self._trouble != what:
            logger.warning(what, extra={"why": str(error)})
            self._trouble = what
        await self._clock.sleep(self._pause)
        self._pause = min(self._pause * 2, LONGEST_PAUSE)

    def _fine(self) -> None:
        if self._trouble:
            logger.info("telegram answers again")
        self._trouble = ""
        self._pause = FIRST_PAUSE


def _chat(update: Update) -> int:
    if update.message is not None:
        return update.message.chat.id
    if update.callback_query is not None:
        return update.callback_query.from_user.id
    return 0


def _first(failures: BaseExceptionGroup[StoreError]) -> StoreError:
    error = failures.exceptions[0]
    return _first(error) if isinstance(error, BaseExceptionGroup) else error
