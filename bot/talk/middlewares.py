"""Who may speak to the bot, and what happens when a handler fails."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from aiogram import BaseMiddleware
from aiogram.exceptions import TelegramAPIError
from aiogram.types import CallbackQuery, Message, TelegramObject, Update, User

from bot.talk.refusals import refusal_text
from bot.talk.texts import say
from core.errors import KarvonError, RefusedError
from core.posts.repository import Posts
from core.store.errors import StoreError
from utils.clock import Clock

logger = logging.getLogger(__name__)

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]
STRANGER_PAUSE = timedelta(days=1)


class Access(BaseMiddleware):
    """Lets admins and users in; a stranger gets one polite line a day."""

    def __init__(self, posts: Posts, clock: Clock, *, admins: set[int], users: set[int]) -> None:
        self._posts = posts
        self._clock = clock
        self._admins = admins
        self._users = users | admins

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:  # noqa: ANN401 - aiogram's seam
        user: User | None = data.get("event_from_user")
        if user is None:
            return None
        if user.id not in self._users:
            await self._turn_away(event, user)
            return None
        data["is_admin"] = user.id in self._admins
        return await handler(event, data)

    async def _turn_away(self, event: TelegramObject, user: User) -> None:
        message = event.message if isinstance(event, Update) else None
        if message is None or message.chat.type != "private":
            return
        name = f"stranger:{user.id}"
        told = await self._posts.fact(name)
        now = self._clock.now()
        if told is not None and now.timestamp() - float(told) < STRANGER_PAUSE.total_seconds():
            return
        await self._posts.set_fact(name, str(now.timestamp()))
        await self._posts.say(
            message.chat.id, "stranger", facts={"user_id": user.id}, reply_to=message.message_id
        )
        self._posts.changed()


class Failures(BaseMiddleware):
    """Turns refusals into sentences and bugs into an id; store trouble goes up."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:  # noqa: ANN401 - aiogram's seam
        try:
            return await handler(event, data)
        except RefusedError as refusal:
            await _answer(event, refusal_text(refusal.key, refusal.facts))
        except StoreError:
            raise
        except (KarvonError, TelegramAPIError) as error:
            logger.warning("handler failed", extra={"why": str(error)})
        except Exception:
            number = uuid4().hex[:8]
            logger.exception("handler broke", extra={"id": number})
            await _answer(event, say("internal", id=number))
        return None


async def _answer(event: TelegramObject, text: str) -> None:
    """Answer where the person is; a chat that cannot be written to is only logged."""
    update = event if isinstance(event, Update) else None
    message: Message | None = update.message if update else None
    query: CallbackQuery | None = update.callback_query if update else None
    try:
        if message is not None:
            await message.reply(text)
        elif query is not None and isinstance(query.message, Message):
            await query.message.answer(text)
    except TelegramAPIError as error:
        logger.warning("answer not delivered", extra={"why": str(error)})
