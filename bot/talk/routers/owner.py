"""For people who keep Karvon running: /diagnostics and, for admins, /clear."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.talk.deps import ChatDeps
from bot.talk.keyboards import Button, Clear, markup
from bot.talk.messages import diagnostics_text, start_of_day
from bot.talk.texts import Markup, human, say
from core.errors import RefusedError
from utils.log import clear_logs

router = Router(name="owner")


@router.message(Command("diagnostics"))
async def diagnostics(message: Message, deps: ChatDeps) -> None:
    now = deps.clock.now()
    today = await deps.posts.statistics(start_of_day(now, deps.zone))
    week = await deps.posts.statistics(now - timedelta(days=7))
    await message.answer(diagnostics_text(today, week))


@router.message(Command("clear"))
async def clear(message: Message, deps: ChatDeps, is_admin: bool) -> None:
    if not is_admin:
        raise RefusedError("admins_only")
    total = await deps.posts.count_open()
    choices = [
        Button(text=str(say(f"button_clear_{what}")), data=Clear(what=what).pack())
        for what in ("queue", "logs", "both")
    ]
    nothing = Button(text=str(say("button_cancel")), data=Clear(what="nothing").pack())
    await message.answer(
        say("clear_ask", open=human.count(total, "post", "posts")),
        reply_markup=markup([choices, [nothing]]),
    )


@router.callback_query(Clear.filter())
async def clear_chosen(
    query: CallbackQuery, callback_data: Clear, deps: ChatDeps, is_admin: bool
) -> None:
    await query.answer()
    if not is_admin:
        raise RefusedError("admins_only")
    done = []
    if callback_data.what in {"queue", "both"}:
        cleared = await deps.posts.clear_queue()
        done.append(say("cleared_queue", cleared=human.count(cleared, "post", "posts")))
    if callback_data.what in {"logs", "both"}:
        files = await asyncio.to_thread(clear_logs, deps.log_folder)
        done.append(say("cleared_logs", files=human.count(files, "log file", "log files")))
    if isinstance(query.message, Message):
        text = Markup("\n".join(done)) if done else say("draft_cancelled")
        await query.message.edit_text(text, reply_markup=None)
