"""First contact: /start and /help."""

from __future__ import annotations

from aiogram import Router
from aiogram.filters import Command, CommandStart
from aiogram.types import Message

from bot.talk.card import platform_title
from bot.talk.deps import ChatDeps
from bot.talk.texts import say

router = Router(name="people")


@router.message(CommandStart())
async def start(message: Message, deps: ChatDeps) -> None:
    accounts = await deps.posts.accounts()
    if not accounts:
        await message.answer(say("start_no_account"))
        return
    targets = [f"{platform_title(a.platform)} ({a.name})" for a in accounts]
    await message.answer(say("start", targets=targets))


@router.message(Command("help"))
async def show_help(message: Message) -> None:
    await message.answer(say("help"))
