"""The lists of commands that Telegram shows, per scope; written only when they changed."""

from __future__ import annotations

import logging
from collections.abc import Collection

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
)

from bot.chat.texts import plain, say
from bot.chat.texts.tongues import LANGUAGES
from core.posts.languages import Languages

logger = logging.getLogger(__name__)

EVERYBODY = (
    "start",
    "help",
    "status",
    "queue",
    "post",
    "cancel",
    "retry",
    "failed",
    "waiting",
    "scrape",
    "add",
    "library",
    "mashup",
    "renders",
    "connect",
    "accounts",
    "limits",
    "stats",
    "thumbnail",
    "delete",
    "diagnostics",
    "language",
)
GROUPS = ("help", "status", "queue", "post", "cancel", "retry", "stats", "language")
ADMINS = (*EVERYBODY, "groups", "doctor", "clear")

Scope = (
    BotCommandScopeDefault
    | BotCommandScopeAllPrivateChats
    | BotCommandScopeAllGroupChats
    | BotCommandScopeChat
)


async def register_commands(bot: Bot, admins: Collection[int], languages: Languages) -> None:
    """Make Telegram show what each person may do, in the language of each telephone.

    Who chose a language, every group and every admin has a list of their own.
    """
    for language in LANGUAGES:
        code = "" if language == languages.default else language
        await _register(bot, EVERYBODY, BotCommandScopeAllPrivateChats(), language, code)
        await _register(bot, GROUPS, BotCommandScopeAllGroupChats(), language, code)
    own = {admin: await languages.of_chat(admin) for admin in sorted(admins)}
    for chat_id, language in {**own, **await languages.chosen()}.items():
        try:
            await register_for_chat(bot, chat_id, language, is_admin=chat_id in admins)
        except (TelegramBadRequest, TelegramForbiddenError) as error:
            # An admin who never wrote to the bot has no chat with it yet; others may have left.
            logger.info("no_chat_for_commands", extra={"chat": chat_id, "why": error.message})


async def register_for_chat(bot: Bot, chat_id: int, language: str, *, is_admin: bool) -> None:
    """Make Telegram show the commands of one chat in its own language."""
    names = GROUPS if chat_id < 0 else ADMINS if is_admin else EVERYBODY
    await _register(bot, names, BotCommandScopeChat(chat_id=chat_id), language)


async def _register(
    bot: Bot, names: Collection[str], scope: Scope, language: str, code: str = ""
) -> None:
    """Write a list in ``language`` for telephones of the language ``code``, empty for all."""
    wanted = {name: plain(say(f"cmd_{name}", language)) for name in names}
    there = await bot.get_my_commands(scope=scope, language_code=code or None)
    if [(item.command, item.description) for item in there] != list(wanted.items()):
        commands = [BotCommand(command=name, description=words) for name, words in wanted.items()]
        await bot.set_my_commands(commands, scope=scope, language_code=code or None)
        logger.info("commands_registered", extra={"scope": scope.type, "language": language})
