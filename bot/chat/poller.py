"""Long polling that confirms an update only after its handler has committed."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.enums import ChatMemberStatus
from aiogram.exceptions import (
    AiogramError,
    TelegramAPIError,
    TelegramConflictError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods import TelegramMethod
from aiogram.types import ChatMemberAdministrator, Update
from pydantic import ValidationError

from bot.chat.middlewares import TROUBLE
from utils.clock import Clock
from workers.waits import wait_event

logger = logging.getLogger(__name__)

UPDATES = ["message", "callback_query", "my_chat_member"]
"""What we want to hear of; told in every call, since Telegram remembers the latest list."""
POLL_SECONDS = 25
ANSWER_SECONDS = 20
CONFIRM_SECONDS = 2
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
NO_RIGHTS = {
    name: False
    for name, field in ChatMemberAdministrator.model_fields.items()
    if field.is_required() and name.startswith("can_")
}


class GetRawUpdates(TelegramMethod[list[dict[str, Any]]]):
    """``getUpdates``, each update as it came: one that we cannot read must not stop the rest."""

    __returning__ = list[dict[str, Any]]
    __api_method__ = "getUpdates"

    offset: int | None = None
    limit: int | None = None
    timeout: int | None = None
    allowed_updates: list[str] | None = None


class StoreTroubleError(Exception):
    """The database failed under a handler: the batch is asked for again."""


class Poller:
    """Asks for updates and feeds them to the dispatcher, each chat in order.

    The offset moves only when a whole batch is handled. A repeated update is known by its id, so
    asking again after trouble does nothing twice.
    """

    def __init__(self, bot: Bot, dispatcher: Dispatcher, clock: Clock) -> None:
        self._bot = bot
        self._dispatcher = dispatcher
        self._clock = clock
        self._offset: int | None = None
        self._trouble = ""
        self._pause = FIRST_PAUSE
        self._stopping = asyncio.Event()
        self._ended = asyncio.Event()
        self._ended.set()

    async def run(self) -> None:
        """Work until `leave`."""
        self._ended.clear()
        try:
            while not self._stopping.is_set():
                await self.step()
        finally:
            self._ended.set()

    async def leave(self, seconds: float) -> None:
        """Take no more, let handlers finish within that time, and confirm what was handled."""
        self._stopping.set()
        try:
            async with asyncio.timeout(seconds):
                await self._ended.wait()
        except TimeoutError:
            logger.warning("updates_unfinished")
        await self._confirm()

    async def step(self) -> None:
        """Ask once and handle what comes, or rest after trouble."""
        try:
            updates = await self._ask()
            await handle(self._bot, self._dispatcher, updates)
        except TelegramRetryAfter as error:
            await self._rest("telegram_busy", error, error.retry_after)
        except TelegramConflictError as error:
            await self._rest("telegram_conflict", error)
        except (TelegramUnauthorizedError, TelegramNotFound) as error:
            await self._rest("telegram_token_refused", error)
        except AiogramError as error:
            await self._rest("telegram_down", error)
        except StoreTroubleError as error:
            await self._rest("updates_kept_store_down", error)
        else:
            self._fine(updates)

    async def _confirm(self) -> None:
        if self._offset is None:
            return
        call = GetRawUpdates(offset=self._offset, limit=1, timeout=0, allowed_updates=UPDATES)
        try:
            await self._bot(call, request_timeout=CONFIRM_SECONDS)
        except AiogramError as error:
            logger.info("updates_unconfirmed", extra={"why": type(error).__name__})

    async def _ask(self) -> list[dict[str, Any]]:
        call = GetRawUpdates(
            offset=self._offset, limit=100, timeout=POLL_SECONDS, allowed_updates=UPDATES
        )
        async with asyncio.TaskGroup() as group:
            leaving = group.create_task(self._stopping.wait())
            asking = group.create_task(self._call(call))
            await asyncio.wait({asking, leaving}, return_when=asyncio.FIRST_COMPLETED)
            leaving.cancel()
            asking.cancel()
        answer = None if asking.cancelled() else asking.result()
        if isinstance(answer, AiogramError):
            raise answer
        return answer or []

    async def _call(self, call: GetRawUpdates) -> list[dict[str, Any]] | AiogramError:
        """Ask; an error is returned, so that the group of tasks does not wrap it."""
        try:
            return await self._bot(call, request_timeout=POLL_SECONDS + ANSWER_SECONDS)
        except AiogramError as error:
            return error

    async def _rest(self, what: str, error: Exception, seconds: float | None = None) -> None:
        """Say it once, wait longer each time."""
        if self._trouble != what:
            logger.warning(what, extra={"why": _why(error)})
            self._trouble = what
        pause = self._pause if seconds is None else seconds
        await wait_event(self._stopping, self._clock, pause)
        self._pause = min(self._pause * 2, LONGEST_PAUSE)

    def _fine(self, updates: Sequence[dict[str, Any]]) -> None:
        if updates:
            self._offset = max(int(update["update_id"]) for update in updates) + 1
        if self._trouble:
            logger.info("telegram_back", extra={"was": self._trouble})
        self._trouble = ""
        self._pause = FIRST_PAUSE


async def handle(bot: Bot, dispatcher: Dispatcher, raw: Sequence[dict[str, Any]]) -> None:
    """Handle a batch: chats side by side, the updates of one chat one after the other.

    Raises:
        StoreTroubleError: at least one update was not handled for lack of a database.
    """
    chats: defaultdict[int, list[Update]] = defaultdict(list)
    for item in raw:
        if (update := read_update(bot, item)) is not None:
            chats[chat_of(update)].append(update)
    if len(chats) == 1:
        await _feed(bot, dispatcher, *chats.values())
        return
    try:
        async with asyncio.TaskGroup() as group:
            for updates in chats.values():
                group.create_task(_feed(bot, dispatcher, updates))
    except* StoreTroubleError as failures:
        raise StoreTroubleError(str(failures.exceptions[0])) from None


def read_update(bot: Bot, raw: dict[str, Any]) -> Update | None:
    """Return the update, or None for one that nobody can read: it is logged and passed over."""
    try:
        return Update.model_validate(_with_all_rights(raw), context={"bot": bot})
    except ValidationError as error:
        number = raw.get("update_id")
        faults = error.error_count()
        logger.warning("update_unreadable", extra={"update": number, "faults": faults})
        return None


def _with_all_rights(raw: dict[str, Any]) -> dict[str, Any]:
    """Return an update in which admins have every right, as no, that their server does not know.

    Our library wants all rights of the newest Bot API; a server of one's own may be older.
    """
    change = raw.get("my_chat_member")
    if not isinstance(change, dict):
        return raw
    members = {
        name: {**NO_RIGHTS, **member}
        for name, member in change.items()
        if isinstance(member, dict) and member.get("status") == ChatMemberStatus.ADMINISTRATOR
    }
    return {**raw, "my_chat_member": {**change, **members}}


def chat_of(update: Update) -> int:
    """Return what decides the order: updates of one chat never overtake each other."""
    if update.message is not None:
        return update.message.chat.id
    if update.callback_query is not None:
        message = update.callback_query.message
        return message.chat.id if message else update.callback_query.from_user.id
    return update.my_chat_member.chat.id if update.my_chat_member else 0


async def _feed(bot: Bot, dispatcher: Dispatcher, updates: Sequence[Update]) -> None:
    for update in updates:
        await feed_update(bot, dispatcher, update)


async def feed_update(bot: Bot, dispatcher: Dispatcher, update: Update) -> None:
    """Let one update be handled; what fails in it for good counts as handled.

    Raises:
        StoreTroubleError: the database failed; the update has to come again.
    """
    try:
        await dispatcher.feed_update(bot, update)
    except TROUBLE as error:
        raise StoreTroubleError(str(error)) from error
    except Exception:
        logger.exception("update_broke", extra={"update": update.update_id})


def _why(error: Exception) -> str:
    """Return what may stand in the log: never the body of an answer, which holds captions."""
    return error.message if isinstance(error, TelegramAPIError) else type(error).__name__
