"""First contact and what is no video: /start, /help, pictures, sounds, unknown commands."""

from __future__ import annotations

import logging

from aiogram import F, Router
from aiogram.filters import (
    JOIN_TRANSITION,
    LEAVE_TRANSITION,
    ChatMemberUpdatedFilter,
    Command,
    CommandObject,
)
from aiogram.types import ChatMemberUpdated, Message

from bot.chat.deps import ChatDeps
from bot.chat.option_help import every_capabilities, option_lines
from bot.chat.refusals import platform_title
from bot.chat.texts import Markup, say
from bot.chat.voice import Voice

logger = logging.getLogger(__name__)


def build_router() -> Router:
    router = Router(name="people")
    router.message.register(start, Command("start"))
    router.message.register(show_help, Command("help"))
    router.message.register(photo, F.photo)
    router.message.register(audio, F.audio | F.voice)
    router.message.register(other, F.sticker | F.location | F.contact | F.poll | F.story | F.dice)
    left, joined = (ChatMemberUpdatedFilter(way) for way in (LEAVE_TRANSITION, JOIN_TRANSITION))
    router.my_chat_member.register(chat_left, left)
    router.my_chat_member.register(chat_joined, joined)
    return router


async def start(message: Message, voice: Voice, deps: ChatDeps) -> None:
    del message
    accounts = await deps.posts.accounts()
    if not accounts:
        await voice.say("start_no_account")
        return
    targets = [f"{platform_title(a.platform)} ({a.name})" for a in accounts]
    await voice.say("start", targets=targets)


async def show_help(
    message: Message, voice: Voice, is_admin: bool, command: CommandObject | None = None
) -> None:
    del message
    if command is not None and (command.args or "").strip().casefold() == "options":
        await voice.tell(option_lines(every_capabilities()))
        return
    more = "\n".join(say(f"help_{name}") for name in ("live", "library", "mashup", "language"))
    text = Markup(f"{say('help')}\n\n{more}")
    await voice.tell(Markup(f"{text}\n{say('help_admin')}") if is_admin else text)


async def photo(message: Message, voice: Voice) -> None:
    await _hint(message, voice, "photo_only")


async def audio(message: Message, voice: Voice) -> None:
    await _hint(message, voice, "audio_only")


async def other(message: Message, voice: Voice) -> None:
    await _hint(message, voice, "other_only")


async def _hint(message: Message, voice: Voice, key: str) -> None:
    """Say what is wanted instead; in groups people also talk to each other."""
    del message
    if voice.is_private:
        await voice.say(key)


async def chat_left(event: ChatMemberUpdated, deps: ChatDeps) -> None:
    deps.presence.left(event.chat.id)
    await deps.posts.chat_gone(event.chat.id, "left")
    logger.info("chat_left", extra={"chat": event.chat.id})


async def chat_joined(event: ChatMemberUpdated, deps: ChatDeps) -> None:
    await deps.posts.chat_back(event.chat.id)
    deps.presence.came(event.chat.id)
    deps.posts.changed()
