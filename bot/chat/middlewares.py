"""Who may speak to the bot, what was seen already, and what happens when a handler fails."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from aiogram import BaseMiddleware
from aiogram.enums import ChatType
from aiogram.types import Message, TelegramObject, Update, User

from bot.chat.deps import ChatDeps
from bot.chat.refusals import refusal_text
from bot.chat.studio_text import studio_text
from bot.chat.texts import speaking
from bot.chat.texts.tongues import language_of
from bot.chat.voice import Voice
from core.errors import RefusedError, TransitionError
from core.store.errors import ConstraintError, StoreError
from core.studio.errors import StudioError

logger = logging.getLogger(__name__)

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]
STRANGER_PAUSE = timedelta(days=1)
TROUBLE = (StoreError, sqlite3.OperationalError)
"""The database fails, not the handler: the update is asked for again."""


class Entrance(BaseMiddleware):
    """Gives handlers their ``voice`` and lets in admins and users; outermost of all.

    A stranger gets one polite line a day. What a stranger changes about the bot in a channel is
    let in too, with ``is_known`` false.
    """

    def __init__(self, deps: ChatDeps) -> None:
        self._deps = deps
        self._admins = frozenset(deps.admins)
        self._known = self._admins | frozenset(deps.users)

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:  # noqa: ANN401 - aiogram's seam
        user: User | None = data.get("event_from_user")
        if user is None or not isinstance(event, Update):
            return None
        voice = Voice(self._deps, event)
        is_known = user.id in self._known
        if not is_known and not _is_about_channel(event):
            with speaking(language_of(user.language_code) or self._deps.languages.default):
                await self._turn_away(voice, user)
            return None
        await self._welcome_back(voice, event)
        data.update(
            voice=voice,
            update_id=event.update_id,
            user=user,
            is_known=is_known,
            is_admin=user.id in self._admins,
        )
        with speaking(await self._language(voice, user)):
            return await handler(event, data)

    async def _language(self, voice: Voice, user: User) -> str:
        """Return what is spoken where this update came from: a group has its own language."""
        languages = self._deps.languages
        own = await languages.meet(user.id, language_of(user.language_code))
        if voice.message is None or voice.is_private:
            return own
        return await languages.meet_group(voice.message.chat.id, own)

    async def _welcome_back(self, voice: Voice, event: Update) -> None:
        """Write again to a chat that was gone; asked once for each chat and start."""
        if voice.message is None or event.my_chat_member is not None:
            return
        chat_id = voice.message.chat.id
        if not self._deps.presence.is_known(chat_id):
            await self._deps.posts.chat_back(chat_id)
            self._deps.presence.came(chat_id)

    async def _turn_away(self, voice: Voice, user: User) -> None:
        if voice.message is None or not voice.is_private:
            await voice.acknowledge()
            return
        name = f"stranger:{user.id}"
        told = await self._deps.posts.fact(name)
        now = self._deps.clock.now().timestamp()
        if told is not None and now - float(told) < STRANGER_PAUSE.total_seconds():
            await voice.acknowledge()
            return
        await self._deps.posts.set_fact(name, str(now))
        await voice.say("stranger" if self._known else "nobody_allowed", user_id=user.id)
        await voice.acknowledge()
        logger.info("stranger", extra={"user": user.id})


class Once(BaseMiddleware):
    """Handles every update once; videos are left to the intake, which sees to it itself."""

    def __init__(self, deps: ChatDeps) -> None:
        self._posts = deps.posts

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:  # noqa: ANN401 - aiogram's seam
        voice: Voice = data["voice"]
        if isinstance(event, Update) and brings_media(event.message):
            return await handler(event, data)
        if await self._posts.seen(voice.update_id):
            logger.info("update_repeated", extra={"update": voice.update_id})
            return None
        result = await handler(event, data)
        if not voice.has_spoken:
            await self._posts.mark_seen(voice.update_id)
        return result


class Failures(BaseMiddleware):
    """Turns refusals into sentences and bugs into an id; trouble of the store goes up."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:  # noqa: ANN401 - aiogram's seam
        voice: Voice = data["voice"]
        try:
            return await handler(event, data)
        except RefusedError as refusal:
            await voice.tell(refusal_text(refusal.key, refusal.facts))
        except StudioError as error:
            await voice.tell(studio_text(error.key, error.facts))
        except TransitionError as error:
            logger.info("too_late", extra={"why": str(error)})
            await voice.say("old_button")
        except ConstraintError as error:
            await _broken(voice, error)
        except TROUBLE:
            raise
        except Exception as error:  # noqa: BLE001 - the edge of a handler
            await _broken(voice, error)
        return None


def _is_about_channel(event: Update) -> bool:
    """Return whether somebody changed what the bot may do in a channel, known or not."""
    change = event.my_chat_member
    return change is not None and change.chat.type == ChatType.CHANNEL


async def _broken(voice: Voice, error: Exception) -> None:
    """Log a bug under an id that the person is told."""
    number = uuid4().hex[:8]
    logger.error("handler_broke", exc_info=error, extra={"id": number, "update": voice.update_id})
    await voice.say("internal", id=number)


def brings_media(message: Message | None) -> bool:
    return message is not None and bool(
        message.video or message.document or message.video_note or message.animation
    )
