"""Answers to one update: queued in the commit that marks the update as seen, so said once."""

from __future__ import annotations

import logging
from datetime import timedelta

from aiogram.exceptions import AiogramError, TelegramRetryAfter
from aiogram.types import CallbackQuery, LinkPreviewOptions, Message, Update

from bot.chat.deps import ChatDeps
from bot.chat.keyboards import Rows, markup, to_stored
from bot.chat.messages import READY
from bot.chat.texts import Markup, plain, say

logger = logging.getLogger(__name__)

POP_UP_LIMIT = 200
"""Source: core.telegram.org/bots/api, answerCallbackQuery, 2026-06-18."""


class Voice:
    """Speaks to where one update came from.

    Nothing here waits for Telegram but what a pressed button needs: messages go through the
    outbox, which keeps the chat's budget and loses nothing.
    """

    def __init__(self, deps: ChatDeps, update: Update) -> None:
        self._deps = deps
        self._query = update.callback_query
        self.update_id = update.update_id
        self.message = message_of(update)
        self.has_spoken = False

    @property
    def is_private(self) -> bool:
        return self.message is None or self.message.chat.type == "private"

    @property
    def is_press(self) -> bool:
        """Whether a button was pressed, whose message can be changed at once."""
        return self._query is not None

    async def say(self, key: str, rows: Rows = (), /, **facts: object) -> None:
        await self.tell(say(key, **facts), rows)

    async def tell(self, html: Markup, rows: Rows = ()) -> None:
        """Queue a message, unless this very update was answered before."""
        if self.message is None:
            return
        posts = self._deps.posts
        async with self._deps.store.transaction() as tx:
            if self.has_spoken or await posts.see_update(tx, self.update_id):
                await posts.say(
                    self.message.chat.id,
                    READY,
                    facts={"html": html},
                    buttons=to_stored(rows),
                    reply_to=0 if self._query else self.message.message_id,
                    tx=tx,
                )
                tx.after_commit(posts.changed)
        self.has_spoken = True

    async def acknowledge(self, text: str = "") -> None:
        """Tell the phone that a press arrived; one that came too late changes nothing."""
        if self._query is None:
            return
        try:
            await self._query.answer(plain(text)[:POP_UP_LIMIT] or None)
        except AiogramError as error:
            logger.info("press_not_acknowledged", extra={"why": type(error).__name__})

    async def show(self, html: Markup, rows: Rows = ()) -> None:
        """Change the message whose button was pressed; queue a new one where that fails."""
        message = self._query.message if self._query else None
        if not isinstance(message, Message):
            await self.tell(html, rows)
            return
        try:
            await message.edit_text(
                html,
                reply_markup=markup(rows),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        except TelegramRetryAfter as error:
            until = self._deps.clock.now() + timedelta(seconds=error.retry_after)
            await self._deps.posts.pause_chat(message.chat.id, until)
            await self.tell(html, rows)
        except AiogramError as error:
            if "message is not modified" in str(error).lower():
                return
            logger.info("message_not_changed", extra={"why": type(error).__name__})
            await self.tell(html, rows)

    async def drop_buttons(self) -> None:
        """Take the buttons from a question that is answered; they are stale if that fails."""
        message = self._query.message if self._query else None
        if not isinstance(message, Message):
            return
        try:
            await message.edit_reply_markup(reply_markup=None)
        except AiogramError as error:
            logger.info("buttons_stay", extra={"why": type(error).__name__})


def message_of(update: Update) -> Message | None:
    """Return the message that an update brings or is about."""
    if update.message is not None:
        return update.message
    query: CallbackQuery | None = update.callback_query
    if query is not None and isinstance(query.message, Message):
        return query.message
    return None
