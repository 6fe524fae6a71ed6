"""The lists of commands that Telegram shows, per scope; written only when they changed."""

from __future__ import annotations

import logging

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import BotCommand, BotCommandScopeChat, BotCommandScopeDefault

from bot.chat.texts import say

logger = logging.getLogger(__name__)

EVERYBODY = ("start", "help", "status", "queue", "post", "cancel", "retry", "diagnostics")
ADMINS = (*EVERYBODY, "clear")


async def register_commands(bot: Bot, admins: set[int]) -> None:
    """Make Telegram show what each person may do; a failure only costs the list."""
    try:
        await _register(bot, EVERYBODY, BotCommandScopeDefault())
        for admin in sorted(admins):
            await _register(bot, ADMINS, BotCommandScopeChat(chat_id=admin))
    except TelegramAPIError as error:
        logger.warning("commands not registered", extra={"why": str(error)})


async def _register(
    bot: Bot, names: tuple[str, ...], scope: BotCommandScopeDefault | BotCommandScopeChat
) -> None:
    wanted = [BotCommand(command=name, description=str(say(f"cmd_{name}"))) for name in names]
    if await bot.get_my_commands(scope=scope) != wanted:
        await bot.set_my_commands(wanted, scope=scope)
