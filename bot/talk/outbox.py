"""Draws due cards and sends due messages, within the chats' budgets; drops nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta, tzinfo
from functools import partial

from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.types import LinkPreviewOptions, ReplyParameters

from bot.talk.budget import Budget
from bot.talk.card import Rendered, Scene, render_card
from bot.talk.keyboards import Button, markup
from bot.talk.messages import outbox_text
from bot.talk.texts import say
from core.posts.notices import Card, OutboxMessage
from core.posts.repository import Posts
from core.progress import Progress
from core.store.errors import StoreError
from utils.clock import Clock

logger = logging.getLogger(__name__)

REFRESH_SECONDS = 3.0
"""How often a card whose upload moves is looked at again."""
NETWORK_PAUSE = timedelta(seconds=5)
STORE_PAUSE_SECONDS = 2.0
LONGEST_SLEEP_SECONDS = 30.0


class OutboxSender:
    """The only writer of cards and queued messages."""

    def __init__(
        self, bot: Bot, posts: Posts, progress: Progress, clock: Clock, zone: tzinfo
    ) -> None:
        self._bot = bot
        self._posts = posts
        self._progress = progress
        self._clock = clock
        self._zone = zone
        self._budget = Budget(clock)
        self._refreshed_at = 0.0
        self._down = False

    async def run(self) -> None:
        """Work for ever."""
        while True:
            changed = self._posts.next_change()
            try:
                worked = await self._round()
            except StoreError as error:
                logger.warning("outbox waits for the database", extra={"why": str(error)})
                await self._clock.sleep(STORE_PAUSE_SECONDS)
                continue
            if not worked:
                await self._wait(changed)

    async def flush(self) -> None:
        """Send what is due now, once; for the way out."""
        while await self._round():
            continue

    async def _round(self) -> bool:
        """Send what may be sent now; returns whether anything was."""
        worked = False
        for message in await self._posts.due_messages(limit=20):
            worked |= await self._guard(message.chat_id, partial(self._say, message))
        for card in await self._posts.due_cards(limit=50):
            worked |= await self._guard(card.chat_id, partial(self._draw, card))
        await self._refresh()
        return worked

    async def _wait(self, changed: asyncio.Event) -> None:
        """Wait for a change, for what is due next, or for the next look at what moves."""
        due = await self._posts.next_due()
        seconds = LONGEST_SLEEP_SECONDS
        if due is not None:
            seconds = (due - self._clock.now()).total_seconds()
        seconds = min(seconds, self._budget.next_seconds(), REFRESH_SECONDS)
        try:
            async with asyncio.timeout(max(seconds, 0.02)):
                await changed.wait()
        except TimeoutError:
            return

    async def _refresh(self) -> None:
        """Want the cards of moving uploads drawn again."""
        now = self._clock.monotonic()
        if now - self._refreshed_at < REFRESH_SECONDS:
            return
        self._refreshed_at = now
        await self._posts.touch_moving(self._progress.keys())

    async def _guard(self, chat_id: int, send: Callable[[], Awaitable[bool]]) -> bool:
        """Send within the budget, and turn each refusal into what follows from it."""
        if not self._budget.take(chat_id):
            return False
        try:
            sent = await send()
        except TelegramRetryAfter as error:
            until = self._clock.now() + timedelta(seconds=error.retry_after)
            await self._posts.pause_chat(chat_id, until)
            return False
        except TelegramMigrateToChat as error:
            await self._posts.move_chat(chat_id, error.migrate_to_chat_id)
            return True
        except TelegramForbiddenError as error:
            logger.info("chat is gone", extra={"chat": chat_id, "why": error.message})
            await self._posts.chat_gone(chat_id, error.message)
            return False
        except (TelegramNetworkError, TelegramServerError, ClientDecodeError) as error:
            await self._lost(chat_id, error)
            return False
        if self._down:
            logger.info("telegram answers again")
            self._down = False
        return sent

    async def _lost(self, chat_id: int, error: Exception) -> None:
        if not self._down:
            logger.warning("telegram does not answer", extra={"why": type(error).__name__})
            self._down = True
        await self._posts.pause_chat(chat_id, self._clock.now() + NETWORK_PAUSE)

    async def _say(self, message: OutboxMessage) -> bool:
        rows = [
            [Button(text=str(say(button["text_key"])), data=button["data"])]
            for button in message.buttons
        ]
        try:
            sent = await self._bot.send_message(
                message.chat_id,
                outbox_text(message),
                reply_markup=markup(rows),
                reply_parameters=_reply(message.reply_to),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        except TelegramBadRequest as error:
            logger.warning("message refused", extra={"outbox": message.id, "why": error.message})
            await self._posts.message_dropped(message.id, error.message)
            return True
        await self._posts.message_sent(message.id, sent.message_id)
        return True

    async def _draw(self, card: Card) -> bool:
        rendered = await self._render(card)
        if card.message_id is not None and rendered.digest == card.digest:
            await self._posts.card_sent(
                card.post_id, card.message_id, card.wanted, card.digest, edited=False
            )
            self._budget.give_back(card.chat_id)
            return True
        if card.message_id is None:
            return await self._send_card(card, rendered)
        return await self._edit_card(card, card.message_id, rendered)

    async def _render(self, card: Card) -> Rendered:
        post = await self._posts.require(card.post_id)
        uploads = await self._posts.uploads(card.post_id)
        now = self._clock.now()
        scene = Scene(
            post=post, uploads=uploads, progress=self._progress, now=now, zone=self._zone
        )
        return render_card(scene)

    async def _send_card(self, card: Card, rendered: Rendered) -> bool:
        sent = await self._bot.send_message(
            card.chat_id,
            rendered.text,
            reply_markup=markup(rendered.rows),
            reply_parameters=_reply(card.reply_to),
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )
        await self._posts.card_sent(
            card.post_id, sent.message_id, card.wanted, rendered.digest, edited=True
        )
        return True

    async def _edit_card(self, card: Card, message_id: int, rendered: Rendered) -> bool:
        try:
            await self._bot.edit_message_text(
                rendered.text,
                chat_id=card.chat_id,
                message_id=message_id,
                reply_markup=markup(rendered.rows),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        except TelegramBadRequest as error:
            reason = error.message.lower()
            if "message is not modified" not in reason:
                logger.info("card is sent anew", extra={"post": card.post_id, "why": reason})
                await self._posts.card_lost(card.post_id)
                return True
        await self._posts.card_sent(
            card.post_id, message_id, card.wanted, rendered.digest, edited=True
        )
        return True


def _reply(message_id: int) -> ReplyParameters | None:
    if not message_id:
        return None
    return ReplyParameters(message_id=message_id, allow_sending_without_reply=True)
