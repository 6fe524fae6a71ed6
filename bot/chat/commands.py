"""The lists of commands that Telegram shows, per scope; written only when they changed."""

from __future__ import annotations

import logging
from collections.abc import Collection

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
)

from bot.chat.texts import plain, say

logger = logging.getLogger(__name__)

EVERYBODY = (
    "start",
    "help",
    "status",
    "queue",
    "post",
    "cancel",
    "retry",
    "connect",
    "accounts",
    "limits",
    "stats",
    "thumbnail",
    "delete",
    "diagnostics",
)
GROUPS = ("help", "status", "queue", "post", "cancel", "retry", "stats")
ADMINS = (*EVERYBODY, "groups", "doctor", "clear")

Scope = (
    BotCommandScopeDefault
    | BotCommandScopeAllPrivateChats
    | BotCommandScopeAllGroupChats
    | BotCommandScopeChat
)


async def register_commands(bot: Bot, admins: Collection[int]) -> None:
    """Make Telegram show what each person may do."""
    await _register(bot, EVERYBODY, BotCommandScopeAllPrivateChats())
    await _register(bot, GROUPS, BotCommandScopeAllGroupChats())
    for admin in sorted(admins):
        try:
            await _register(bot, ADMINS, BotCommandScopeChat(chat_id=admin))
        except TelegramBadRequest as error:
            # An admin who never wrote to the bot has no chat with it yet.
            logger.info("admin_has_no_chat", extra={"user": admin, "why": error.message})


async def _register(bot: Bot, names: Collection[str], scope: Scope) -> None:
    wanted = {name: plain(say(f"cmd_{name}")) for name in names}
    told = {item.command: item.description for item in await bot.get_my_commands(scope=scope)}
    if list(told.items()) != list(wanted.items()):
        commands = [BotCommand(command=name, description=words) for name, words in wanted.items()]
        await bot.set_my_commands(commands, scope=scope)
        logger.info("commands_registered", extra={"scope": scope.type})
