"""/language: in which language a person, or a group, is spoken to."""

from __future__ import annotations

import logging

from aiogram import Bot, Router
from aiogram.exceptions import AiogramError
from aiogram.filters import Command, CommandObject
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, Message

from bot.chat.commands import register_for_chat
from bot.chat.deps import ChatDeps
from bot.chat.keyboards import Rows, button
from bot.chat.texts import Markup, say, speaking, spoken
from bot.chat.texts.tongues import LANGUAGES, language_named, name_of
from bot.chat.voice import Voice
from core.errors import RefusedError

logger = logging.getLogger(__name__)


class LanguageChoice(CallbackData, prefix="la1"):
    """A button with a language."""

    language: str


def build_router() -> Router:
    router = Router(name="language")
    router.message.register(language, Command("language", "lang"))
    router.callback_query.register(language_chosen, LanguageChoice.filter())
    return router


async def language(
    message: Message,
    command: CommandObject,
    deps: ChatDeps,
    voice: Voice,
    bot: Bot,
    is_admin: bool,
) -> None:
    given = (command.args or "").strip()
    if not given:
        ask = "language_ask" if voice.is_private else "language_ask_group"
        await voice.tell(say(ask), language_rows())
        return
    wanted = language_named(given)
    if not wanted:
        await voice.tell(say("language_unknown", given=given), language_rows())
        return
    await voice.tell(await _choose(deps, message.chat.id, wanted))
    await _show_commands(bot, message.chat.id, wanted, is_admin=is_admin)


async def language_chosen(
    query: CallbackQuery,
    callback_data: LanguageChoice,
    deps: ChatDeps,
    voice: Voice,
    bot: Bot,
    is_admin: bool,
) -> None:
    wanted = callback_data.language
    if wanted not in LANGUAGES or not isinstance(query.message, Message):
        raise RefusedError("old_button")
    chat_id = query.message.chat.id
    await voice.acknowledge()
    await voice.show(await _choose(deps, chat_id, wanted))
    await _show_commands(bot, chat_id, wanted, is_admin=is_admin)


def language_rows() -> Rows:
    """Return a button for each language, called as it calls itself."""
    return [
        [
            button(
                "language_now" if code == spoken() else "language",
                LanguageChoice(language=code),
                name=name_of(code),
            )
        ]
        for code in LANGUAGES
    ]


async def _choose(deps: ChatDeps, chat_id: int, wanted: str) -> Markup:
    """Keep the choice, have the cards drawn again, and say so in the new language."""
    await deps.languages.choose(chat_id, wanted)
    deps.posts.changed()
    logger.info("language_chosen", extra={"chat": chat_id, "language": wanted})
    with speaking(wanted):
        return say("language_chosen")


async def _show_commands(bot: Bot, chat_id: int, wanted: str, *, is_admin: bool) -> None:
    """Let Telegram show the commands in that language; they are told again at the next start."""
    try:
        await register_for_chat(bot, chat_id, wanted, is_admin=is_admin)
    except AiogramError as error:
        logger.info("commands_not_told", extra={"chat": chat_id, "why": type(error).__name__})
