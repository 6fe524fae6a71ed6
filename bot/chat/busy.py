"""What takes a while: the chat shows meanwhile that something is being done."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from typing import TypeVar

from aiogram.exceptions import AiogramError
from aiogram.types import Message

from utils.clock import Clock

logger = logging.getLogger(__name__)

SHOWN_SECONDS = 4.0
"""Telegram shows an action for 5 seconds. Source: Bot API, sendChatAction, 2026-06-18."""

T = TypeVar("T")


async def while_busy(message: Message, action: str, clock: Clock, work: Awaitable[T]) -> T:
    """Wait for some work, and let the chat show an action until it is done."""
    try:
        async with asyncio.TaskGroup() as group:
            showing = group.create_task(_show(message, action, clock))
            result = await work
            showing.cancel()
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return result


async def _show(message: Message, action: str, clock: Clock) -> None:
    if message.bot is None:
        return
    try:
        while True:
            await message.bot.send_chat_action(message.chat.id, action)
            await clock.sleep(SHOWN_SECONDS)
    except AiogramError as error:
        logger.info("action_not_shown", extra={"why": type(error).__name__})
