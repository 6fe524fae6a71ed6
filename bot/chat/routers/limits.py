"""What is used, left and expected of every quota: /limits."""

from __future__ import annotations

from aiogram import Router
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, Message

from bot.chat.deps import ChatDeps
from bot.chat.keyboards import Button, Rows, button
from bot.chat.limits_text import LimitsText
from bot.chat.messages import join_whole
from bot.chat.texts import Markup
from bot.chat.voice import Voice
from core.accounts.limits import LimitsReport


class LimitsPage(CallbackData, prefix="lm1"):
    """Turn the pages of the limits."""

    page: int


def build_router() -> Router:
    router = Router(name="limits")
    router.message.register(limits, Command("limits"))
    router.callback_query.register(turn_page, LimitsPage.filter())
    return router


async def limits(message: Message, deps: ChatDeps, voice: Voice) -> None:
    del message
    await voice.tell(*await limits_page(deps, 0))


async def turn_page(
    query: CallbackQuery, callback_data: LimitsPage, deps: ChatDeps, voice: Voice
) -> None:
    del query
    await voice.acknowledge()
    await voice.show(*await limits_page(deps, callback_data.page))


async def limits_page(deps: ChatDeps, page: int) -> tuple[Markup, Rows]:
    """Return one page of accounts; the nearest one that there is."""
    report = await deps.posts.quotas.report(deps.zone, page)
    text, _ = join_whole(LimitsText(deps.clock.now(), deps.zone).report(report))
    return Markup(text), [row] if (row := _turns(report)) else []


def _turns(report: LimitsReport) -> list[Button]:
    turns = []
    if report.page > 0:
        turns.append(button("back", LimitsPage(page=report.page - 1)))
    if report.page < report.pages - 1:
        turns.append(button("next", LimitsPage(page=report.page + 1)))
    return turns
